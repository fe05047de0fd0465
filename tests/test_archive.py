import io
import zipfile
from pathlib import Path

import pytest

from rag.errors import LoadError
from rag.library import Library
from rag.loading import archive, documents_in


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def test_each_member_is_a_document_that_can_be_asked(fake_library: Library, tmp_path: Path) -> None:
    path = tmp_path / "papers.zip"
    files = {
        "b/wheat.txt": "今年小麦每亩收成 620 公斤。".encode(),
        "a.txt": "港口 948 亿吨。".encode(),
        "x.png": b"png",
    }
    path.write_bytes(packed(files))
    report = fake_library.add(path)
    assert [Path(p).relative_to(tmp_path).as_posix() for p in report.added] == [
        "papers.zip/a.txt",
        "papers.zip/b/wheat.txt",
    ]
    assert fake_library.answer("小麦每亩收成多少？").citations[0].path.endswith("papers.zip/b/wheat.txt")
    assert len(fake_library.add(path).skipped) == 2


def test_a_bad_member_does_not_lose_the_others(fake_library: Library, tmp_path: Path) -> None:
    path = tmp_path / "papers.zip"
    path.write_bytes(
        packed({"bad.txt": bytes(range(256)) * 20, "empty.txt": b"", "good.txt": "港口 948 亿吨。".encode()})
    )
    report = fake_library.add(path)
    assert len(report.added) == 1 and len(report.failed) == 2


@pytest.mark.parametrize("name", ["../../evil.txt", "/etc/evil.txt", "..\\evil.txt", "a/../../evil.txt"])
def test_a_name_that_leads_out_stays_inside_and_writes_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / "in" / "papers.zip"
    path.parent.mkdir()
    path.write_bytes(packed({name: b"text"}))
    [(place, data)] = list(documents_in(path))
    assert path in place.parents and ".." not in place.parts and data == b"text"
    assert [p.name for p in tmp_path.rglob("*")] == ["in", "papers.zip"]


def test_an_archive_made_for_harm_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(packed({"a.txt": bytes(8 << 20)}))
    [(place, reason)] = list(documents_in(path))
    assert isinstance(reason, LoadError) and "200 times its size" in str(reason) and "a.txt" in str(place)
    monkeypatch.setattr(archive, "MAX_RATIO", 10**9)
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 4 << 20)
    with pytest.raises(LoadError, match="unpacks to 8 MiB, over the limit of 4 MiB"):
        list(documents_in(path))
    monkeypatch.setattr(archive, "MAX_MEMBERS", 0)
    with pytest.raises(LoadError, match="1 files, over the limit"):
        list(documents_in(path))


@pytest.mark.parametrize("data", [b"", b"no zip", packed({"a.txt": b"x" * 500})[:60]])
def test_a_damaged_archive_gets_one_clear_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.zip"
    path.write_bytes(data)
    with pytest.raises(LoadError, match=r"broken\.zip: damaged, or not a zip"):
        list(documents_in(path))


def test_a_member_with_a_wrong_checksum_is_named(tmp_path: Path) -> None:
    path = tmp_path / "papers.zip"
    data = bytearray(packed({"a.txt": b"x"}))
    data[data.index(b"a.txt") + 5] ^= 0xFF
    path.write_bytes(bytes(data))
    [(_, reason)] = list(documents_in(path))
    assert isinstance(reason, LoadError) and "a.txt" in str(reason)
