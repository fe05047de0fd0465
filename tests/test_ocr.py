"""Scans: recognised where the extra is installed, and a clear line where it is not."""

import io
from pathlib import Path
from typing import Any

import pytest

from rag.errors import LoadError, MissingExtraError
from rag.library import Library
from rag.loading import discover, load, ocr, pdf
from rag.loading.ocr import _line, _parts
from rag.loading.reading_order import blocks, laid_out
from rag.spans import squeeze
from tests.test_pdf import LEFT, RIGHT, column, made, two_columns

needs_ocr = pytest.mark.skipif(not ocr.installed(), reason="the extra yinju[ocr] is not installed")


def picture(data: bytes, page: int = 0, form: str = "PNG") -> bytes:
    """A page of a PDF as a scanner would give it."""
    import pypdfium2 as pdfium

    out = io.BytesIO()
    pdfium.PdfDocument(data)[page].render(scale=ocr.DPI / 72).to_pil().save(out, format=form)
    return out.getvalue()


def scanned(data: bytes) -> bytes:
    """A PDF whose only page is a picture."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=(600, 800))
    sheet.drawImage(ImageReader(io.BytesIO(picture(data))), 0, 0, 600, 800)
    sheet.save()
    return out.getvalue()


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "installed", lambda: False)


@pytest.mark.usefixtures("without")
def test_without_the_extra_a_picture_says_what_to_install(fake_library: Library, tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(MissingExtraError, match=r"pip install 'yinju\[ocr\]'"):
        load(path, path.read_bytes())
    report = fake_library.add(path, processes=0)
    assert "yinju[ocr]" in report.failed[0].reason and str(path) in report.failed[0].reason
    assert list(discover([tmp_path])) == []  # pictures in a folder are mostly no pages


@pytest.mark.usefixtures("without")
def test_without_the_extra_a_scanned_pdf_says_what_to_install() -> None:
    with pytest.raises(LoadError, match=r"hold no text .*yinju\[ocr\]"):
        load(Path("scan.pdf"), made(lambda sheet: sheet.rect(0, 0, 100, 100)))


def test_a_damaged_picture_gets_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "installed", lambda: True)
    with pytest.raises(LoadError, match=r"cannot be opened|damaged") as caught:
        load(Path("scan.png"), b"\x89PNG\r\n\x1a\n" + bytes(200))
    assert "\n" not in str(caught.value)


def box(left: float, top: float, right: float, bottom: float) -> list[tuple[float, float]]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def test_a_recognised_line_has_a_box_for_every_character_and_none_for_a_space() -> None:
    words = [(char, 0.9, box(100 + 30 * i, 10, 130 + 30 * i, 50)) for i, char in enumerate("小麦AB")]
    line = _line("小麦 AB", box(96, 10, 224, 50), words, 0.36)
    assert line.text == "小麦 AB" and [glyph and glyph.char for glyph in line.glyphs] == ["小", "麦", None, "A", "B"]
    assert line.glyphs[0] is not None and line.glyphs[0].left == pytest.approx(100.8 * 0.36)
    assert line.size == pytest.approx(40 * 0.76 * 0.36)


def test_a_line_whose_character_boxes_are_missing_shares_its_box_out() -> None:
    line = _line("国家元首", box(0, 0, 400, 100), (), 1.0)
    assert [glyph and round(glyph.left) for glyph in line.glyphs] == [12, 106, 200, 294]


def test_two_columns_recognised_as_one_line_are_parted_and_letter_spacing_is_not() -> None:
    words = [(char, 0.9, box(30 * i, 0, 30 * i + 30, 40)) for i, char in enumerate("左栏一行")]
    words += [(char, 0.9, box(170 + 30 * i, 0, 200 + 30 * i, 40)) for i, char in enumerate("右栏")]
    parts = _parts(_line("左栏一行 右栏", box(0, 0, 230, 40), words, 1.0))
    assert [part.text for part in parts] == ["左栏一行", "右栏"]
    spaced = [(char, 0.9, box(90 * i, 0, 90 * i + 30, 40)) for i, char in enumerate("要闻简报")]
    assert [part.text for part in _parts(_line("要闻简报", box(0, 0, 300, 40), spaced, 1.0))] == ["要闻简报"]


def test_recognised_columns_are_read_one_after_the_other() -> None:
    def at(text: str, left: float, top: float) -> Any:
        return _line(text, box(left, top, left + 30 * len(text), top + 40), (), 0.36)

    lines = [at("右栏一行", 500, 100), at("左栏一行", 100, 100), at("左栏二行", 100, 150), at("右栏二行", 500, 150)]
    text = "".join(char for char, _ in laid_out(blocks(lines)))
    assert text.split() == ["左栏一行", "左栏二行", "右栏一行", "右栏二行"]


@needs_ocr
@pytest.mark.parametrize("name", ["scan.png", "scan.jpg", "scan.pdf"])
def test_a_scan_is_read_like_the_page_it_was_made_from(name: str) -> None:
    source = made(two_columns)
    data = scanned(source) if name.endswith("pdf") else picture(source, form="PNG" if name.endswith("png") else "JPEG")
    raw = load(Path(name), data)
    wanted = squeeze("".join(["港口今日开通", *LEFT, *RIGHT]))
    read = squeeze(raw.text)
    assert len(read) == len(wanted)
    assert sum(a != b for a, b in zip(read, wanted, strict=True)) <= 2  # 门 and 内 are hard to tell apart
    assert raw.boxes is not None and len(raw.boxes) == 8 * len(raw.text)
    at = raw.text.index("清")
    [(left, _, right, _)] = pdf.rectangles(raw.boxes, at, at + 1)
    assert left == pytest.approx(80, abs=4) and right == pytest.approx(90, abs=4)


@needs_ocr
def test_a_quote_is_boxed_on_the_picture_it_was_read_from(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(picture(made(lambda sheet: column(sheet, LEFT, 60))))
    raw = load(path, path.read_bytes())
    at = raw.text.index("今天要卸下")
    assert pdf.page_picture(path, raw, at, at + 5, scale=1.0).startswith(b"\x89PNG")
