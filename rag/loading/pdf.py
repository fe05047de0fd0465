"""PDF files, parsed in a child process with a limit on time and memory.

Pages follow each other in the raw text, parted by a form feed; where each stands is kept, with the box of
every character, so that a quote can be drawn on the page. Scanned pages have no text and are said so.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

from rag.errors import LoadError, MissingExtraError
from rag.loading.text import find_date
from rag.records import Page, RawDocument

SECONDS = 300
MEBIBYTES = 3072


def load_pdf(path: Path, data: bytes) -> RawDocument:
    """Read a PDF's text in reading order.

    Raises:
        LoadError: encrypted, damaged, over the limits, or without any text.
        MissingExtraError: pypdfium2 is not installed.
    """
    if importlib.util.find_spec("pypdfium2") is None:
        raise MissingExtraError(f"{path}: reading PDF", "pdf")
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
        raise LoadError(f"{path}: its {len(pages)} pages hold no text (a scan?). Run text recognition on it first.")
    return RawDocument(str(path), whole, path.stem, find_date(path.stem), tuple(pages), bytes(boxes))


def _parse(path: Path, data: bytes) -> list[dict[str, object]]:
    command = [sys.executable, "-m", "rag.loading.pdf_worker", str(SECONDS), str(MEBIBYTES)]
    root = Path(__file__).resolve().parent.parent.parent
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS + 10, check=False, cwd=root)
    except subprocess.TimeoutExpired as error:
        raise LoadError(
            f"{path}: took longer than {SECONDS} seconds to read; split the PDF and add the parts."
        ) from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise LoadError(f"{path}: the PDF is damaged or needs more than {MEBIBYTES} MiB to read.") from error
    if "error" in answer:
        raise LoadError(f"{path}: the PDF cannot be opened: {answer['error']}.")
    return list(answer["pages"])
