"""The child process that opens a PDF or a picture: bytes on standard input, one JSON object on standard output.

A file that makes the parser loop or eat memory ends this process and no other. Run as
``python -m rag.loading.pdf_worker SECONDS MEBIBYTES`` for the text, with ``PAGE SCALE`` behind for a picture of
one page. Pages without text are recognised (``ocr``) where that is installed.
"""

from __future__ import annotations

import ctypes
import io
import json
import math
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from rag.loading import ocr
from rag.loading.reading_order import Glyph, TextLine, blocks, laid_out, lines_of

_PR_SET_PDEATHSIG = 1
UNITS = 10  # boxes are kept in tenths of a point


def main(seconds: int, mebibytes: int) -> None:
    """Read a PDF from standard input and print ``{"pages": [{"text", "boxes", "width", "height"}]}``.

    ``boxes`` is a flat list, four numbers per character of ``text`` (left, top, right, bottom in tenths of a
    point), zeros where nothing was printed. Printed instead on failure: ``{"error": WHY}``.
    """
    _limit(seconds, mebibytes)
    data = sys.stdin.buffer.read()
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not get into the answer
    json.dump(_extract(data), out, ensure_ascii=True)
    out.close()


def picture(seconds: int, mebibytes: int, page: int, scale: float) -> None:
    """Read a PDF from standard input and write page ``page`` (from 0) as PNG, ``scale`` pixels per point."""
    _limit(seconds, mebibytes)
    data = sys.stdin.buffer.read()
    if is_pdf(data):
        import pypdfium2 as pdfium

        drawn = pdfium.PdfDocument(data)[page].render(scale=scale).to_pil()
    else:
        image = list(_images(data))[page]
        factor = scale * 72 / ocr.DPI
        drawn = image.resize((max(1, round(image.width * factor)), max(1, round(image.height * factor))))
    drawn.save(sys.stdout.buffer, format="PNG")


def is_pdf(data: bytes) -> bool:
    """Tell a PDF from a picture; readers look for the mark in the first kilobyte."""
    return b"%PDF-" in data[:1024]


def _extract(data: bytes) -> dict[str, Any]:
    if not is_pdf(data) and _is_image(data):
        return {"pages": [_recognised(image, 72 / ocr.DPI) for image in _images(data)]}
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        reason = str(error).rstrip(".")
        if "password" in reason.lower():
            reason = "it is encrypted; save it without a password"
        elif "data format" in reason.lower():
            reason = "it is damaged, cut off or no PDF"
        return {"error": reason}
    return {"pages": [_page(document[i]) for i in range(len(document))]}


def _page(page: Any) -> dict[str, Any]:
    width, height = page.get_size()
    lines = lines_of(_glyphs(page.get_textpage(), height))
    if not lines and ocr.installed():
        return _recognised(page.render(scale=ocr.DPI / 72).to_pil(), 72 / ocr.DPI)
    return _laid_out(lines, width, height)


def _recognised(image: Any, points: float) -> dict[str, Any]:
    return _laid_out(ocr.recognised(image, points), image.width * points, image.height * points)


def _is_image(data: bytes) -> bool:
    from PIL import Image, UnidentifiedImageError

    try:
        Image.open(io.BytesIO(data)).close()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True


def _images(data: bytes) -> Iterator[Any]:
    """The pictures of a file; a TIFF may hold several."""
    from PIL import Image, ImageSequence

    for frame in ImageSequence.Iterator(Image.open(io.BytesIO(data))):
        yield frame.convert("RGB")


def _laid_out(lines: Sequence[TextLine], width: float, height: float) -> dict[str, Any]:
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
    apart = False
    for i in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, i)
        if raw.FPDFText_IsGenerated(textpage, i) == 1 or code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000:
            continue
        char = chr(code)
        if char.isspace():
            apart = True
            continue
        if not raw.FPDFText_GetLooseCharBox(textpage, i, ctypes.byref(box)):
            continue
        if abs(math.sin(raw.FPDFText_GetCharAngle(textpage, i))) > 0.1:
            continue  # set upright or slanted: decoration and watermarks
        size = float(raw.FPDFText_GetFontSize(textpage, i)) or abs(box.top - box.bottom)
        yield Glyph(char, box.left, height - box.top, box.right, height - box.bottom, max(size, 1.0), apart)
        apart = False


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
