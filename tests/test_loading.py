import codecs
from pathlib import Path

import pytest

from rag.errors import InputError, LoadError
from rag.loading import discover, load, read_bytes
from rag.loading.text import find_date

CHINESE = "第二届峰会的会议在这里举行，代表们来到我国的西北部。各方同意加强合作，发展经济。\n" * 3
TRADITIONAL = "這是中國大陸與臺灣的貿易會議，代表們來到這裡，發展經濟，對於人民是好的。\n" * 3


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", CHINESE),
        ("utf-8-sig", CHINESE),
        ("utf-16", CHINESE),
        ("utf-16-le", CHINESE),
        ("gb18030", CHINESE),
        ("gbk", CHINESE),
        ("big5", TRADITIONAL),
        ("utf-8", "Қазақстан мен Қытай арасындағы сауда"),
    ],
)
def test_the_encodings_of_chinese_text_are_told_apart(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "page.txt"
    assert load(path, text.encode(encoding)).text == text


def test_utf_16_with_a_byte_order_mark_of_either_kind(tmp_path: Path) -> None:
    data = codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be")
    assert load(tmp_path / "a.txt", data).text == CHINESE


def test_line_ends_become_line_feeds(tmp_path: Path) -> None:
    assert load(tmp_path / "a.md", "一\r\n二\r三".encode()).text == "一\n二\n三"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t", "no text"),
        ("a.txt", bytes(range(256)) * 40, "binary"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(2000), "binary"),
        ("a.xyz", b"text", "cannot be read. Supported:"),
    ],
)
def test_what_is_no_document_gets_one_clear_line(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    with pytest.raises(LoadError, match=words) as caught:
        load(tmp_path / name, data)
    assert "\n" not in str(caught.value) and name in str(caught.value)


def test_folders_are_walked_in_order_without_hidden_files_and_links(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", ".hidden.txt", "picture.xyz", "sub/c.txt", ".git/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "link.txt").symlink_to(tmp_path / "b.txt")
    assert [str(p.relative_to(tmp_path)) for p in discover([tmp_path])] == ["a.md", "b.txt", "sub/c.txt"]


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing-here.*no such file"):
        list(discover([tmp_path / "nothing-here"]))


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"gone\.txt: cannot be read"):
        read_bytes(tmp_path / "gone.txt")


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("人民日报_20250619_04", "2025-06-19"),
        ("2025年6月19日第四版", "2025-06-19"),
        ("2025-6-9", "2025-06-09"),
        ("000_d2bd0dfb69a8a6ed", None),
        ("2025-13-40", None),
    ],
)
def test_dates_in_file_names(name: str, date: str | None) -> None:
    assert find_date(name) == date
