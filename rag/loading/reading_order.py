"""Characters with boxes on a page → lines in reading order, by recursive XY-cut.

Ha, Haralick & Phillips 1995, "Recursive X-Y cut using bounding boxes of connected components": a region is
parted at its widest empty strip, columns left to right, rows top to bottom, until nothing parts it. Knows
nothing of PDF or of articles. Coordinates are in points, y growing downwards.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_GUTTER = 0.8  # an empty vertical strip this many times the type size parts columns
_ROW_GAP = 1.1  # and a horizontal one this many times the type size parts blocks
_SAME_LINE = 1.35  # characters farther apart than this many type sizes are not one line
_WORD_GAP = 0.22  # a gap this wide between Latin letters is a space
_INDENT = 1.4  # a line that begins this far in is a paragraph's first
_MAX_DEPTH = 40
_DISPLAY = 1.2  # type this many times the size of the text is a headline's


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character and its box. ``apart``: a space was typed before it."""

    char: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    apart: bool = False


@dataclass(frozen=True, slots=True)
class TextLine:
    """Characters that follow each other on one line; ``glyphs`` has one entry per character of ``text``.

    A character that was not printed (a space put between two words) has no glyph.
    """

    text: str
    glyphs: tuple[Glyph | None, ...]
    left: float
    top: float
    right: float
    bottom: float
    size: float


def lines_of(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """Join characters, in the order in which they were written, into lines."""
    lines: list[list[Glyph]] = []
    for glyph in glyphs:
        last = lines[-1][-1] if lines else None
        if last is not None and _continues(last, glyph):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return [_line(line) for line in _joined(lines)]


def blocks(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Return the blocks of a page in reading order, the lines of each from top to bottom."""
    found: list[list[TextLine]] = []
    if lines:
        size = statistics.median(line.size for line in lines)
        _cut(list(lines), size, found, 0)
    return found


def laid_out(page: Sequence[Sequence[TextLine]]) -> list[tuple[str, Glyph | None]]:
    """Return the page's text character by character with its glyphs.

    Lines end with a line feed. An empty line stands before a headline, which large type shows, and between
    blocks with empty space between them, but not where a text goes on in the next column. A line that begins
    further in than its block gets two full-width spaces, as it would have been typed.
    """
    out: list[tuple[str, Glyph | None]] = []
    limit = _DISPLAY * _body_size(page)
    before: Sequence[TextLine] = ()
    for block in page:
        if before and _parted(before, block, limit):
            out.append(("\n", None))
        edge = statistics.quantiles([line.left for line in block], n=4)[0] if len(block) > 1 else block[0].left
        for line in block:
            if line.left - edge > _INDENT * line.size:
                out.extend([("\u3000", None), ("\u3000", None)])
            out.extend(zip(line.text, line.glyphs, strict=True))
            out.append(("\n", None))
        before = block
    return out


def _body_size(page: Sequence[Sequence[TextLine]]) -> float:
    """The type size that most characters of the page have."""
    counts: dict[float, int] = {}
    for block in page:
        for line in block:
            counts[round(line.size, 1)] = counts.get(round(line.size, 1), 0) + len(line.text)
    return max(counts, key=lambda size: counts[size], default=0.0)


def _parted(before: Sequence[TextLine], block: Sequence[TextLine], limit: float) -> bool:
    """True when an article or a paragraph begins with ``block``; false when it goes on or has its headline before."""
    if block[0].size >= limit:
        return before[-1].size < limit
    if any(line.size >= limit for line in before):
        return False
    beside = block[0].left >= max(line.right for line in before) or block[0].bottom < before[-1].top
    return not beside


def _continues(last: Glyph, glyph: Glyph) -> bool:
    size = max(last.size, glyph.size, 1.0)
    level = abs((last.top + last.bottom) - (glyph.top + glyph.bottom)) / 2 < 0.5 * size
    alike = min(last.size, glyph.size) > 0.6 * size
    return level and alike and -0.5 * size < glyph.left - last.right < _SAME_LINE * size


def _joined(lines: list[list[Glyph]]) -> list[list[Glyph]]:
    """Join pieces of one line that were written at different times."""
    ordered = sorted(lines, key=lambda line: (round(line[0].bottom), line[0].left))
    merged: list[list[Glyph]] = []
    for line in ordered:
        last = merged[-1] if merged else None
        if last is not None and _continues(last[-1], line[0]) and line[0].left - last[-1].right < 0.6 * line[0].size:
            last.extend(line)
        else:
            merged.append(line)
    return merged


def _line(glyphs: Sequence[Glyph]) -> TextLine:
    text: list[str] = []
    marks: list[Glyph | None] = []
    for i, glyph in enumerate(glyphs):
        if i and (glyph.apart or glyph.left - glyphs[i - 1].right > _WORD_GAP * glyph.size) and text[-1] != " ":
            text.append(" ")
            marks.append(None)
        text.append(glyph.char)
        marks.append(glyph)
    return TextLine(
        "".join(text),
        tuple(marks),
        min(g.left for g in glyphs),
        min(g.top for g in glyphs),
        max(g.right for g in glyphs),
        max(g.bottom for g in glyphs),
        statistics.median(g.size for g in glyphs),
    )


def _cut(lines: list[TextLine], size: float, found: list[list[TextLine]], depth: int) -> None:
    if len(lines) > 1 and depth < _MAX_DEPTH:
        across = _widest_gap([(line.left, line.right) for line in lines])
        down = _widest_gap([(line.top, line.bottom) for line in lines])
        gutter = across[0] / size if across[0] > _GUTTER * size else 0.0
        row = down[0] / (size * _ROW_GAP) if down[0] > _ROW_GAP * size else 0.0
        if gutter or row:
            # Columns of one text share their rows: a gutter is taken before a row of the same width.
            if gutter * 1.5 >= row:
                first = [line for line in lines if line.right <= across[1]]
            else:
                first = [line for line in lines if line.bottom <= down[1]]
            chosen = {id(line) for line in first}
            _cut(first, size, found, depth + 1)
            _cut([line for line in lines if id(line) not in chosen], size, found, depth + 1)
            return
    found.append(_rows(lines))


def _rows(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines from top to bottom, those that stand side by side from left to right."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: line.top + line.bottom):
        first = rows[-1][0] if rows else None
        if first is not None and abs((line.top + line.bottom) - (first.top + first.bottom)) < first.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.left)]


def _widest_gap(spans: list[tuple[float, float]]) -> tuple[float, float]:
    """Return (width, position of its beginning) of the widest strip that no span covers."""
    best, edge, reach = 0.0, 0.0, None
    for low, high in sorted(spans):
        if reach is not None and low - reach > best:
            best, edge = low - reach, reach
        reach = high if reach is None else max(reach, high)
    return best, edge
