"""Files made to do harm, or damaged: none crashes, hangs, writes outside the library or loses another file."""

import io
import os
import random
import struct
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.library import Library
from rag.spans import holds
from tests.conftest import open_fake

GOOD = "港口去年的货物吞吐量达到 948 亿吨，比前年增长三成五。港务局负责人说，今后两年还要新建码头。\n"
PAGE = "今年小麦每亩收成 620 公斤，农民十分高兴。第 {} 号文件讲的是别的事情。\n"


def zipped(files: dict[str, bytes], **options: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", options.get("method", zipfile.ZIP_DEFLATED)) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def docx(text: str) -> bytes:
    import docx as package

    document = package.Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def epub(text: str, package: str | None = None, chapter: str = "c.xhtml") -> bytes:
    opf = package or (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata/><manifest>'
        f'<item id="c" href="{chapter}"/></manifest><spine><itemref idref="c"/></spine></package>'
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="b.opf"/></rootfiles></container>'
    )
    return zipped(
        {
            "META-INF/container.xml": container.encode(),
            "b.opf": opf.encode(),
            "c.xhtml": f"<html><body><p>{text}</p></body></html>".encode(),
        }
    )


def pdf(text: str, pages: int = 1, encrypt: str | None = None) -> bytes:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    sheet = canvas.Canvas(out, encrypt=encrypt)
    for number in range(pages):
        sheet.setFont("STSong-Light", 12)
        for at in range(0, len(text), 30):
            sheet.drawString(60, 760 - at // 2, text[at : at + 30])
        sheet.drawString(60, 40, str(number + 1))
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def html(text: str) -> bytes:
    return f'<html><head><meta charset="utf-8"><title>页</title></head><body><article><p>{text}</p></article>'.encode()


def fuzzed(name: str, data: bytes, rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """The same file with a broken head, cut short, with some wrong bytes, and with rubbish before and behind."""
    stem, suffix = name.rsplit(".", 1)
    yield f"{stem}-head.{suffix}", rng.randbytes(32) + data[32:]
    yield f"{stem}-cut.{suffix}", data[: len(data) // 3]
    wrong = bytearray(data)
    for _ in range(12):
        wrong[rng.randrange(len(wrong))] ^= rng.randrange(1, 256)
    yield f"{stem}-wrong.{suffix}", bytes(wrong)
    yield f"{stem}-around.{suffix}", rng.randbytes(64) + data + bytes(512)


def pdf_of(body: str) -> bytes:
    return f"%PDF-1.4\n{body}\ntrailer<</Root 1 0 R/Size 9>>\n%%EOF".encode()


def hostile(rng: random.Random) -> dict[str, bytes]:
    """File name to bytes, all kinds of harm."""
    whole = {
        "f.txt": (PAGE.format(1) * 40).encode("gb18030"),
        "f.md": f"# 标题\n\n{PAGE.format(2)}\n".encode() * 9,
        "f.html": html(PAGE.format(3) * 9),
        "f.docx": docx(PAGE.format(4)),
        "f.epub": epub(PAGE.format(5)),
        "f.pdf": pdf(PAGE.format(6)),
        "f.zip": zipped({"a.txt": PAGE.format(7).encode(), "b.txt": PAGE.format(8).encode()}),
    }
    files = {bad: data for name, good in whole.items() for bad, data in fuzzed(name, good, rng)}
    lolz = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(9))
    bomb = f"<!DOCTYPE x [{lolz}]><package xmlns='http://www.idpf.org/2007/opf'><metadata>&l8;</metadata></package>"
    locked = bytearray(zipped({"locked.txt": b"secret text", "open.txt": PAGE.format(30).encode()}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    lying = bytearray(zipped({"lies.txt": b"x" * 5000, "true.txt": PAGE.format(31).encode()}))
    place = lying.index(b"PK\x01\x02") + 24
    lying[place : place + 4] = struct.pack("<I", 50)
    files |= {
        "empty.txt": b"",
        "bom.txt": b"\xef\xbb\xbf",
        "nul.txt": b"\x00" * 5000,
        "nuls-inside.txt": PAGE.format(10).encode() + b"\x00\x00" + PAGE.format(11).encode(),
        "surrogates-16.txt": b"\xff\xfe" + ("国\ud800家\udfff元首" * 50).encode("utf-16-le", "surrogatepass"),
        "surrogates-8.txt": ("国\ud800家元首。" * 50).encode("utf-8", "surrogatepass"),
        "utf32-cut.txt": ("国家元首" * 50).encode("utf-32")[:-3],
        "rtl.txt": ("\u202e" + PAGE.format(12) + "\u2066\u200f").encode() * 20,
        "marks.txt": ("e" + "\u0301" * 20_000).encode(),
        "one-line.txt": ("国家元首，" * 60_000).encode(),
        "lines.txt": b"\n" * 300_000 + PAGE.format(13).encode(),
        "jumps.txt": ("（上接第一版）\n（下转第四版）\n" * 3000).encode(),
        "breaks.txt": "第一版\f".encode() * 3000,
        "random.txt": rng.randbytes(50_000),
        "nested.md": (">" * 50_000 + " x\n" + "- " * 20_000 + "x\n").encode(),
        "hashes.md": ("# " * 30_000).encode(),
        "deep.html": b"<div>" * 40_000 + PAGE.format(14).encode(),
        "open.html": b"<a" * 100_000,
        "codec.html": b'<meta charset="punycode">' + b"a" * 300_000 + b"-",
        "entities.html": f"<!DOCTYPE x [{lolz}]><p>&l8;</p>".encode(),
        "surrogate.html": b"<html><body><p>&#xD800;&#55296;</p><p>" + PAGE.format(15).encode(),
        "bomb.docx": zipped({"[Content_Types].xml": b" " * (40 << 20)}),
        "no-word.docx": zipped({"a": b"b"}),
        "laughs.epub": epub("x", bomb),
        "outside.epub": epub(PAGE.format(16), chapter="../../../../etc/passwd"),
        "loop.pdf": pdf_of(
            "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9>>endobj"
        ),
        "count.pdf": pdf_of(
            "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 999999999>>endobj"
        ),
        "deep.pdf": pdf_of("1 0 obj" + "[" * 100_000 + "]" * 100_000 + "endobj"),
        "locked.pdf": pdf(PAGE.format(17), encrypt="secret"),
        "blank.pdf": pdf(""),
        "bomb.zip": zipped({"big.txt": bytes(9 << 20), "kept.txt": PAGE.format(32).encode()}),
        "paths.zip": zipped(
            {
                "../../../evil-1.txt": PAGE.format(18).encode(),
                "/etc/evil-2.txt": PAGE.format(19).encode(),
                "..\\..\\evil-3.txt": PAGE.format(20).encode(),
                "C:\\evil-4.txt": PAGE.format(21).encode(),
                "a/../../evil-5.txt": PAGE.format(22).encode(),
                "n" * 30_000 + ".txt": PAGE.format(23).encode(),
                "new\nline.txt": PAGE.format(24).encode(),
            }
        ),
        "inside.zip": zipped({"again.zip": zipped({"a.txt": b"x"})}),
        "locked.zip": bytes(locked),
        "lying.zip": bytes(lying),
        "comment.zip": zipped({"a.txt": PAGE.format(25).encode()}) + b"PK\x05\x06" * 50,
        "x" * 250 + ".txt": PAGE.format(26).encode(),
        "new\nline.txt": PAGE.format(27).encode(),
        "\u202etxt.exe.txt": PAGE.format(28).encode(),
        "-rf.txt": PAGE.format(29).encode(),
        "'; DROP TABLE documents; --.txt": PAGE.format(33).encode(),
        "%s%n${HOME}.txt": PAGE.format(34).encode(),
        "😀.txt": PAGE.format(35).encode(),
    }
    return files


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def check(library: Library) -> None:
    for document in library.documents():
        raw = library.document(document.id).text
        for article in library.articles(document.id):
            assert all(holds(raw, p.start, p.end, p.text) for p in article.paragraphs)


def test_hostile_files_harm_nothing_and_no_one(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    files = hostile(random.Random(7))
    assert len(files) >= 60
    for name, data in files.items():
        (papers / name).write_bytes(data)
    (papers / os.fsdecode(b"\xff\xfe.txt")).write_text(PAGE.format(36), "utf-8")
    (papers / "folder.txt").mkdir()
    (papers / "link.txt").symlink_to("/etc/passwd")
    (papers / "loop").symlink_to(papers)
    os.mkfifo(papers / "pipe.txt")
    good = [papers / f"{name}.txt" for name in ("000", "mmm", "zzz")]
    for number, path in enumerate(good):
        path.write_text(GOOD + PAGE.format(100 + number), "utf-8")
    before = everything(tmp_path)
    began = time.process_time()
    with open_fake(tmp_path / "library") as library:
        report = library.add(papers, processes=2)
        assert {str(path) for path in good} <= set(report.added)
        done = [*report.added, *report.replaced, *report.skipped, *(failure.path for failure in report.failed)]
        taken = [
            p
            for p in before
            if p.startswith("papers/") and Path(p).name not in ("folder.txt", "link.txt", "pipe.txt", "loop")
        ]
        names = {Path(p).name for p in done} | {Path(p).parent.name for p in done}
        for path in taken:
            name = Path(path).name.encode("utf-8", "backslashreplace").decode().replace("\n", "\\n")
            assert name in names or name == "inside.zip" or any(f"{name}/" in p for p in done), name
        for failure in report.failed:
            assert "\n" not in failure.reason and len(failure.reason) < 70_000
            assert "our fault" not in failure.reason, failure.reason
        added = {Path(path).name for path in report.added}
        assert {"evil-1.txt", "evil-5.txt", "open.txt", "true.txt", "kept.txt", "😀.txt", "nuls-inside.txt"} <= added
        failed = {Path(failure.path).name: failure.reason for failure in report.failed}
        assert "200 times" in failed["big.txt"] and "encrypted" in failed["locked.txt"]
        assert "encrypted" in failed["locked.pdf"] and "empty" in failed["empty.txt"]
        check(library)
        assert library.answer("港口货物吞吐量达到多少？").short == "948亿"
    assert time.process_time() - began < 60
    assert {path for path in everything(tmp_path) - before if not path.startswith("library")} == set()
    with open_fake(tmp_path / "library") as library:
        again = library.add(papers, processes=2)
        assert again.added == again.replaced == () and len(again.failed) == len(report.failed)


def test_a_pipe_or_device_named_directly_is_no_file(fake_library: Library, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    report = fake_library.add([tmp_path / "pipe.txt", "/dev/zero"], processes=0)
    assert [failure.reason.partition(": ")[2] for failure in report.failed] == [
        "not an ordinary file; nothing to add."
    ] * 2


@pytest.mark.slow
def test_one_line_of_fifty_megabytes_is_added_whole(fake_library: Library, tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    path.write_text("国家元首举行会谈，" * (50_000_000 // 27), "utf-8")
    assert path.stat().st_size > 49_000_000
    report = fake_library.add(path, processes=1)
    assert (len(report.added), report.failed) == (1, ())


@pytest.mark.slow
def test_two_thousand_pages_of_pdf_are_one_document(fake_library: Library, tmp_path: Path) -> None:
    path = tmp_path / "book.pdf"
    path.write_bytes(pdf(GOOD * 8, pages=2000))
    report = fake_library.add(path, processes=1)
    assert (len(report.added), report.failed) == (1, ())
    [document] = fake_library.documents()
    assert len(fake_library.pages(document.id)) == 2000
