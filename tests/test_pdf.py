import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import LoadError
from rag.loading import load, pdf
from rag.loading.reading_order import Glyph, blocks, laid_out, lines_of
from rag.spans import squeeze

LEFT = ["　　清晨的港口十分忙碌，第一艘货", "轮缓缓靠岸。", "　　码头工人说，今天要卸下五百只", "集装箱。"]
RIGHT = ["　　另一边的仓库也开了门，货车排", "成长队。"]


def made(draw: Callable[..., None], encrypt: str | None = None) -> bytes:
    """Return a PDF drawn with the CID font that every reader knows."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=(600, 800), encrypt=encrypt)
    draw(sheet)
    sheet.save()
    return out.getvalue()


def column(sheet: object, lines: list[str], left: float, top: float = 700, size: float = 10) -> None:
    sheet.setFont("STSong-Light", size)  # type: ignore[attr-defined]
    for i, line in enumerate(lines):
        indent = len(line) - len(line.lstrip("　"))
        sheet.drawString(left + indent * size, top - i * size * 1.6, line.lstrip("　"))  # type: ignore[attr-defined]


def two_columns(sheet: object) -> None:
    column(sheet, ["港口今日开通"], 60, 740, 20)
    column(sheet, RIGHT, 260)  # written first, read second
    column(sheet, LEFT, 60)
    sheet.showPage()  # type: ignore[attr-defined]
    column(sheet, ["第二页的文字。"], 60)


@pytest.fixture(scope="module")
def page() -> bytes:
    return made(two_columns)


def test_columns_are_read_one_after_the_other_headline_first(page: bytes) -> None:
    text = load(Path("a.pdf"), page).text
    assert text.split("\f")[0].split() == [line.strip("　") for line in ["港口今日开通", *LEFT, *RIGHT]]


def test_the_first_line_of_a_paragraph_keeps_its_indent(page: bytes) -> None:
    assert "　　清晨的港口" in load(Path("a.pdf"), page).text


def test_each_page_says_where_it_stands(page: bytes) -> None:
    raw = load(Path("a.pdf"), page)
    assert [p.number for p in raw.pages] == [1, 2]
    assert raw.text[raw.pages[1].start : raw.pages[1].end].strip() == "第二页的文字。"


def test_a_page_saved_as_a_file_of_its_own_has_the_number_in_its_name(page: bytes) -> None:
    single = made(lambda sheet: column(sheet, RIGHT, 260))
    assert [p.number for p in load(Path("日报-2024-05-12-04.pdf"), single).pages] == [4]
    assert [p.number for p in load(Path("日报-2024-05-12.pdf"), single).pages] == [1]
    assert [p.number for p in load(Path("日报-2024-05-12-04.pdf"), page).pages] == [1, 2]


def test_every_printed_character_has_its_box_on_the_page(page: bytes) -> None:
    raw = load(Path("a.pdf"), page)
    assert raw.boxes is not None and len(raw.boxes) == 8 * len(raw.text)
    at = raw.text.index("清")
    left, top, right, bottom = (
        int.from_bytes(raw.boxes[8 * at + i : 8 * at + i + 2], "little") / 10 for i in (0, 2, 4, 6)
    )
    assert left == pytest.approx(80, abs=1) and right == pytest.approx(90, abs=1)
    assert top < 800 - 700 < bottom
    spaces = [i for i, char in enumerate(raw.text) if char.isspace()]
    assert all(raw.boxes[8 * i : 8 * i + 8] == bytes(8) for i in spaces)


def test_a_quote_is_boxed_on_the_picture_of_its_page(tmp_path: Path, page: bytes) -> None:
    from PIL import Image

    path = tmp_path / "a.pdf"
    path.write_bytes(page)
    raw = load(path, page)
    start = raw.text.index("今天要卸下")
    end = raw.text.index("箱。") + 2
    assert raw.boxes is not None and len(pdf.rectangles(raw.boxes, start, end)) == 2  # the quote covers two lines
    picture = Image.open(io.BytesIO(pdf.page_picture(path, raw, start, end, scale=1.0)))
    assert picture.size == (600, 800)
    left, top, right, bottom = pdf.rectangles(raw.boxes, start, end)[0]
    marked = [picture.getpixel((x, int(bottom) - 1)) for x in range(int(left) + 1, int(right) - 1)]
    assert sum(blue < 200 for _, _, blue in marked) > len(marked) * 0.9
    assert picture.getpixel((int(right) + 5, int(top) + 3)) == (255, 255, 255)


def test_a_picture_of_a_file_that_is_gone_says_so(tmp_path: Path, page: bytes) -> None:
    raw = load(tmp_path / "a.pdf", page)
    with pytest.raises(LoadError, match="no longer there"):
        pdf.page_picture(tmp_path / "a.pdf", raw, 0, 2)


def test_slanted_marks_are_left_out() -> None:
    def draw(sheet: object) -> None:
        column(sheet, LEFT, 60)
        sheet.rotate(30)  # type: ignore[attr-defined]
        column(sheet, ["水印水印"], 300, 300)

    assert "水印" not in load(Path("a.pdf"), made(draw)).text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n" + bytes(500), "cannot be opened|damaged"),
        (b"not a pdf at all", "cannot be opened|damaged"),
        (made(two_columns)[:900], "cannot be opened|damaged|hold no text"),
        (made(two_columns, encrypt="secret"), "encrypted"),
        (made(lambda sheet: sheet.rect(0, 0, 100, 100)), "hold no text"),
    ],
    ids=["nulls", "text", "truncated", "encrypted", "scan"],
)
def test_what_cannot_be_read_gets_one_clear_line(data: bytes, words: str) -> None:
    with pytest.raises(LoadError, match=words) as caught:
        load(Path("bad.pdf"), data)
    assert "\n" not in str(caught.value) and "bad.pdf" in str(caught.value)


def test_a_parser_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*arguments: object, **options: object) -> None:
        raise subprocess.TimeoutExpired("pdf", 1)

    monkeypatch.setattr(pdf.subprocess, "run", slow)
    with pytest.raises(LoadError, match="took longer than"):
        load(Path("a.pdf"), b"%PDF-")


def test_a_parser_that_eats_memory_ends_alone(monkeypatch: pytest.MonkeyPatch, page: bytes) -> None:
    monkeypatch.setattr(pdf, "MEBIBYTES", 40)
    with pytest.raises(LoadError, match="damaged or needs more than 40 MiB"):
        load(Path("a.pdf"), page)


def glyphs(text: str, left: float, top: float, step: float = 10) -> list[Glyph]:
    return [Glyph(c, left + i * step, top, left + i * step + 10, top + 10, 10) for i, c in enumerate(text)]


def test_letter_spaced_lines_stay_one_line_and_words_keep_their_space() -> None:
    [spaced] = lines_of(glyphs("国家元首", 0, 0, step=20))
    assert squeeze(spaced.text) == "国家元首"
    [words] = lines_of([*glyphs("AB", 0, 0), *glyphs("CD", 26, 0)])
    assert words.text == "AB CD" and words.glyphs[2] is None


def test_a_page_without_characters_has_no_blocks() -> None:
    assert blocks(lines_of([])) == [] and laid_out([]) == []


def test_nothing_of_the_pdf_library_is_loaded_here() -> None:
    code = "import sys, rag.loading; print('pypdfium2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_lines_of_different_sizes_stay_in_order_from_top_to_bottom() -> None:
    page = [
        *glyphs("大字标题", 0, 100),
        *glyphs("正文一行", 0, 116),
        *glyphs("小题", 0, 132),
        *glyphs("又一行", 0, 148),
    ]
    sized = [replace(glyph, size=11.0) if glyph.char in "小题" else glyph for glyph in page]
    [block] = blocks(lines_of(sized))
    assert [line.text for line in block] == ["大字标题", "正文一行", "小题", "又一行"]


def test_a_headline_is_set_apart_and_a_column_goes_on_without_an_empty_line() -> None:
    def draw(sheet: object) -> None:
        column(sheet, LEFT, 60)
        column(sheet, RIGHT, 260)
        column(sheet, ["另一篇的标题横跨两栏之上"], 60, 600, 20)
        column(sheet, LEFT, 60, 560)

    text = load(Path("a.pdf"), made(draw)).text
    assert "集装箱。\n　　另一边" in text
    assert "成长队。\n\n另一篇的标题横跨两栏之上\n　　清晨" in text
