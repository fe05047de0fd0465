"""The child process that opens a PDF: bytes on standard input, one JSON object on standard output.

A file that makes the parser loop or eat memory ends this process and no other. Run as
``python -m rag.loading.pdf_worker SECONDS MEBIBYTES`` for the text, with ``PAGE SCALE`` behind for a picture of
one page.
"""

from __future__ import annotations

import ctypes
import json
import math
import signal
import sys
from collections.abc import Iterator
from typing import Any

from rag.loading.reading_order import Glyph, blocks, laid_out, lines_of

_PR_SET_PDEATHSIG = 1
UNITS = 10  # boxes are kept in tenths of a point


def main(seconds: int, mebibytes: int) -> None:
    """Read a PDF from standard input and print ``{"pages": [{"text", "boxes", "width", "height"}]}``.

    ``boxes`` is a flat list, four numbers per character of ``text`` (left, top, right, bottom in tenths of a
    point), zeros where nothing was printed. Printed instead on failure: ``{"error": WHY}``.
    """
    _limit(seconds, mebibytes)
    data = sys.stdin.buffer.read()
    print(json.dumps(_extract(data), ensure_ascii=True))


def picture(seconds: int, mebibytes: int, page: int, scale: float) -> None:
    """Read a PDF from standard input and write page ``page`` (from 0) as PNG, ``scale`` pixels per point."""
    _limit(seconds, mebibytes)
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(sys.stdin.buffer.read())
    document[page].render(scale=scale).to_pil().save(sys.stdout.buffer, format="PNG")


def _extract(data: bytes) -> dict[str, Any]:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        reason = "it is encrypted; save it without a password" if "password" in str(error).lower() else str(error)
        return {"error": reason}
    return {"pages": [_page(document[i]) for i in range(len(document))]}


def _page(page: Any) -> dict[str, Any]:
    width, height = page.get_size()
    lines = lines_of(_glyphs(page.get_textpage(), height))
    text: list[str] = []
    boxes: list[int] = []
    for char, glyph in laid_out(blocks(lines)):
        text.append(char)
        sides = (glyph.left, glyph.top, glyph.right, glyph.bottom) if glyph else (0.0, 0.0, 0.0, 0.0)
        boxes.extend(max(0, min(65535, round(side * UNITS))) for side in sides)
    return {"text": "".join(text), "boxes": boxes, "width": width, "height": height}


def _glyphs(textpage: Any, height: float) -> Iterator[Glyph]:
    import pypdfium2.raw as raw

    box = raw.FS_RECTF()
    for i in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, i)
        if raw.FPDFText_IsGenerated(textpage, i) == 1 or code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000:
            continue
        char = chr(code)
        if char.isspace() or not raw.FPDFText_GetLooseCharBox(textpage, i, ctypes.byref(box)):
            continue
        if abs(math.sin(raw.FPDFText_GetCharAngle(textpage, i))) > 0.1:
            continue  # set upright or slanted: decoration and watermarks
        size = float(raw.FPDFText_GetFontSize(textpage, i)) or abs(box.top - box.bottom)
        yield Glyph(char, box.left, height - box.top, box.right, height - box.bottom, max(size, 1.0))


def _limit(seconds: int, mebibytes: int) -> None:
    if sys.platform == "linux":  # end with the parent, however it ends
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        import resource
    except ImportError:  # not on Windows: the parent's time limit still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (mebibytes << 20, mebibytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))


if __name__ == "__main__":
    if len(sys.argv) > 3:
        picture(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
    else:
        main(int(sys.argv[1]), int(sys.argv[2]))
