"""Text on pictures of pages, by RapidOCR (PP-OCR models, which come inside its package).

Runs in the child process of ``pdf_worker``. Every recognised line keeps the box of each character, so that a
quote from a scan is drawn on the page like any other. Optional: ``pip install 'yinju[ocr]'``.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from rag.loading.reading_order import Glyph, TextLine

DPI = 200  # at which a page is drawn for recognition
_MAX_SIDE = 6000  # pixels; larger pictures are made smaller
_INSET = 0.3  # of its height that a line is taken narrower by on either side, so that columns stay apart
_GAP = 1.25  # an empty space this many times its height parts a line, unless all of it is letter-spaced
_SURE = 0.5  # a line recognised with less confidence is left out
_MARGIN = 0.12  # of its height that a recognised box reaches beyond the type on every side


def installed() -> bool:
    """Whether text can be recognised here."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def recognised(image: Any, points: float) -> list[TextLine]:
    """Return the lines of text on a picture (PIL), with boxes in points; ``points`` is a pixel's size in points."""
    import numpy as np

    pixels = np.asarray(image.convert("RGB"))
    if pixels.min() > 200:
        return []  # an empty page
    found = _engine()(pixels[:, :, ::-1], return_word_box=True, return_single_char_box=True)
    if found.txts is None:
        return []
    lines = []
    for text, score, box, words in zip(found.txts, found.scores, found.boxes, found.word_results, strict=True):
        if score >= _SURE and text.strip():
            lines += _parts(_line(text.strip(), box, words or (), points))
    return lines


def _line(text: str, box: Any, words: Any, points: float) -> TextLine:
    left, right = float(min(p[0] for p in box)), float(max(p[0] for p in box))
    top, bottom = float(min(p[1] for p in box)), float(max(p[1] for p in box))
    margin = min(_MARGIN * (bottom - top), (right - left) / 4)
    left, right = left + margin, right - margin
    top, bottom = (top + margin) * points, (bottom - margin) * points
    printed = [character for character in text if not character.isspace()]
    sides = [(min(p[0] for p in b), max(p[0] for p in b)) for character, _, b in words if not str(character).isspace()]
    if len(sides) != len(printed):  # boxes of another reading: share the line out evenly
        step = (right - left) / len(printed)
        sides = [(left + n * step, left + (n + 1) * step) for n in range(len(printed))]
    rest = iter(sides)
    glyphs: list[Glyph | None] = []
    for character in text:
        if character.isspace():
            glyphs.append(None)
        else:
            a, b = next(rest)
            a, b = max(left, float(a)), min(right, float(b))
            glyphs.append(Glyph(character, a * points, top, max(a, b) * points, bottom, bottom - top))
    shown = "".join(" " if character.isspace() else character for character in text)
    return _inset(shown, glyphs)


def _inset(text: str, glyphs: Sequence[Glyph | None]) -> TextLine:
    boxes = [glyph for glyph in glyphs if glyph is not None]
    left, right, size = boxes[0].left, boxes[-1].right, boxes[0].size
    inset = min(_INSET * size, (right - left) / 4)
    return TextLine(text, tuple(glyphs), left + inset, boxes[0].top, right - inset, boxes[0].bottom, size)


def _parts(line: TextLine) -> list[TextLine]:
    """The line, or what stands on either side of a gap in it: two columns that were recognised as one line."""
    places = [n for n, glyph in enumerate(line.glyphs) if glyph is not None]
    glyphs = [glyph for glyph in line.glyphs if glyph is not None]
    gaps = [b.left - a.right for a, b in pairwise(glyphs)]
    if not gaps:
        return [line]
    wide = max(_GAP * line.size, 3 * statistics.median(gaps))
    cuts = [0, *(places[n + 1] for n, gap in enumerate(gaps) if gap > wide), len(line.glyphs)]
    found = []
    for start, end in pairwise(cuts):
        while line.glyphs[end - 1] is None:
            end -= 1
        found.append(_inset(line.text[start:end], line.glyphs[start:end]))
    return found


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr import RapidOCR

    threads = min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": _MAX_SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        }
    )
