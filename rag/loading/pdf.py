"""PDF files and pictures of pages, read in a child process with a limit on time and memory.

Pages follow each other in the raw text, parted by a form feed; where each stands is kept, with the box of
every character, so that a quote can be drawn on the page. Scanned pages are recognised where that is
installed, else said so.
"""

from __future__ import annotations

import importlib.util
import json
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.errors import LoadError, MissingExtraError
from rag.loading import ocr
from rag.loading.pdf_worker import UNITS
from rag.loading.text import find_date, find_page
from rag.records import Page, RawDocument

SECONDS = 300
SECONDS_OF_SCANS = 3600  # where text recognition is installed: seconds a page
MEBIBYTES = 3072


def load_pdf(path: Path, data: bytes) -> RawDocument:
    """Read a PDF's text in reading order.

    Raises:
        LoadError: encrypted, damaged, over the limits, or without any text.
        MissingExtraError: pypdfium2 is not installed.
    """
    if importlib.util.find_spec("pypdfium2") is None:
        raise MissingExtraError(f"{path}: reading PDF", "pdf")
    return _document(path, data)


def load_image(path: Path, data: bytes) -> RawDocument:
    """Read the text on a picture of a page.

    Raises:
        LoadError: damaged, over the limits, or without any text.
        MissingExtraError: text recognition is not installed.
    """
    if not ocr.installed():
        raise MissingExtraError(f"{path}: reading text from pictures", "ocr")
    return _document(path, data)


def seconds() -> int:
    """How long one file may take."""
    return SECONDS_OF_SCANS if ocr.installed() else SECONDS


def _document(path: Path, data: bytes) -> RawDocument:
    text: list[str] = []
    boxes = bytearray()
    pages: list[Page] = []
    position = 0
    for number, page in enumerate(_parse(path, data), start=1):
        if number > 1:
            text.append("\f")
            boxes += bytes(8)
            position += 1
        text.append(page["text"])
        for side in page["boxes"]:
            boxes += int(side).to_bytes(2, "little")
        pages.append(Page(number, position, position + len(page["text"])))
        position += len(page["text"])
    whole = "".join(text)
    if not whole.strip():
        hint = "and none was recognised" if ocr.installed() else "(a scan?). To read scans: pip install 'yinju[ocr]'"
        raise LoadError(f"{path}: its {len(pages)} pages hold no text {hint}.")
    named = find_page(path.stem) if len(pages) == 1 else None  # a newspaper page saved as a file of its own
    if named:
        pages = [replace(pages[0], number=named)]
    return RawDocument(str(path), whole, path.stem, find_date(path.stem), tuple(pages), bytes(boxes))


def page_picture(path: Path, raw: RawDocument, start: int, end: int, scale: float = 2.0) -> bytes:
    """Return the page on which ``[start, end)`` begins as PNG, the characters of the span boxed.

    Args:
        path: the PDF as it was added; it must still be there.
        raw: the document read from it, with its pages and boxes.
        start: where a span of the raw text begins.
        end: where it ends.
        scale: pixels per point.

    Raises:
        LoadError: the file is gone, cannot be drawn, or was not a PDF.
    """
    import io

    page = next((i for i, page in enumerate(raw.pages) if page.start <= start < page.end), None)
    if raw.boxes is None or page is None:
        raise LoadError(f"{path}: has no page pictures.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LoadError(f"{path}: the file is no longer there, so its page cannot be shown.") from error
    done = _run(path, data, [str(page), str(scale)])
    if done.returncode or not done.stdout:
        raise LoadError(f"{path}: page {page + 1} cannot be drawn.")
    from PIL import Image, ImageDraw

    image = Image.open(io.BytesIO(done.stdout)).convert("RGB")
    marks = Image.new("RGBA", image.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(marks)
    for left, top, right, bottom in rectangles(raw.boxes, start, min(end, raw.pages[page].end)):
        pen.rectangle([left * scale, top * scale, right * scale, bottom * scale], fill=(255, 200, 0, 90))
    out = io.BytesIO()
    Image.alpha_composite(image.convert("RGBA"), marks).convert("RGB").save(out, format="PNG")
    return out.getvalue()


def rectangles(boxes: bytes, start: int, end: int) -> list[tuple[float, float, float, float]]:
    """Return one rectangle (left, top, right, bottom; points) per line that the span ``[start, end)`` covers."""
    sides = struct.iter_unpack("<4H", boxes[8 * start : 8 * end])
    lines: list[list[float]] = []
    for left, top, right, bottom in ([side / UNITS for side in four] for four in sides):
        if right <= left:
            continue  # white space
        last = lines[-1] if lines else None
        if last and abs(last[1] - top) < (bottom - top) / 2 and left >= last[2] - (right - left):
            last[2], last[1], last[3] = max(last[2], right), min(last[1], top), max(last[3], bottom)
        else:
            lines.append([left, top, right, bottom])
    return [(line[0], line[1], line[2], line[3]) for line in lines]


def _parse(path: Path, data: bytes) -> list[dict[str, Any]]:
    done = _run(path, data, [])
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise LoadError(f"{path}: the file is damaged or needs more than {MEBIBYTES} MiB to read.") from error
    if "error" in answer:
        raise LoadError(f"{path}: the file cannot be opened: {answer['error']}.")
    return list(answer["pages"])


def _run(path: Path, data: bytes, arguments: list[str]) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "rag.loading.pdf_worker", str(seconds()), str(MEBIBYTES), *arguments]
    root = Path(__file__).resolve().parent.parent.parent
    try:
        return subprocess.run(command, input=data, capture_output=True, timeout=seconds() + 10, check=False, cwd=root)
    except subprocess.TimeoutExpired as error:
        raise LoadError(f"{path}: took longer than {seconds()} seconds to read; split the file.") from error
