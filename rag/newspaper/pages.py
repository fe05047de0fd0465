"""Where the pages of a text begin: at its form feeds, and at the mastheads inside it.

A text that holds several printed pages names each of them, at its head or at its foot. Knows nothing of files
or articles; a number that is not printed is not guessed here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.newspaper.furniture import Furniture
from rag.newspaper.lines import Line
from rag.records import Page

_STRAYS = 3
"""Lines of text that may stand between a masthead and the edge of the page that it belongs to."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A printed page number: its line, and the run of furniture lines around it with the date on them."""

    number: int
    date: str | None
    start: int
    end: int
    run: tuple[int, int]


def read_pages(
    text: str, lines: Sequence[Line], body: Sequence[Line], furniture: Sequence[Furniture]
) -> tuple[tuple[Page, ...], list[int]]:
    """The pages of ``text`` with what is printed on them, and where those begin that a masthead parts from the last.

    ``lines`` are all of its lines, ``body`` those that are not ``furniture``. Without a form feed and without
    furniture there are no pages.
    """
    breaks = [line.start for line in lines if line.after_break]
    if not breaks[breaks[:1] == [lines[0].start] :] and not furniture:
        return (), []
    edges = sorted({breaks[0] if breaks[:1] == [lines[0].start] else 0, *breaks, len(text)})
    starts = [line.start for line in body]
    places = [piece.start for piece in furniture]
    cuts: list[int] = []
    for start, end in pairwise(edges):
        here = furniture[bisect_left(places, start) : bisect_left(places, end)]
        cuts += _mastheads(text, starts[bisect_left(starts, start) : bisect_left(starts, end)], here)
    pages = []
    for start, end in pairwise(sorted({*edges, *cuts})):
        here = furniture[bisect_left(places, start) : bisect_left(places, end)]
        number = next((piece.number for piece in here if piece.number), None)
        paper = next((piece.paper for piece in here if piece.paper), None)
        date = next((piece.date for piece in here if piece.date), None)
        pages.append(Page(number, start, end, paper, date))
    return tuple(pages), cuts


def _mastheads(text: str, starts: Sequence[int], furniture: Sequence[Furniture]) -> list[int]:
    """Where, between two form feeds, a masthead shows that another page begins.

    ``starts`` are where the lines of text begin. Page numbers stand at the foot when the last one ends the text
    and the first one does not begin it, else at the head. Text before the first masthead is then of a page
    whose number is not known. A single page number in the middle is the page's own, met late by the extractor,
    unless it has a date and so has other furniture at the head.
    """
    marks = list(_marks(text, furniture))
    if not marks:
        return []
    first, last = marks[0], marks[-1]
    heads = bisect_left(starts, first.start) <= _STRAYS
    foots = len(starts) - bisect_left(starts, last.start) <= _STRAYS
    parted = [(before, after) for before, after in pairwise(marks) if not _same(before, after)]
    if foots and not heads:
        return [before.run[1] if before.run != after.run else before.end for before, after in parted]
    cuts = [after.run[0] if before.run != after.run else after.start for before, after in parted]
    top = next((piece for piece in furniture if piece.date), None)
    dated = top is not None and top.end <= first.run[0] and bisect_left(starts, top.start) <= _STRAYS
    if heads or not (cuts or (first.date and dated)):
        return cuts
    return [first.run[0], *cuts]


def _marks(text: str, furniture: Sequence[Furniture]) -> Iterator[_Mark]:
    """The page numbers in print order."""
    run: list[Furniture] = []
    for piece, after in pairwise([*furniture, None]):
        if piece is None:
            continue
        run.append(piece)
        if after is None or text[piece.end : after.start].strip():
            date = next((one.date for one in run if one.date), None)
            span = run[0].start, run[-1].end
            yield from (_Mark(one.number, one.date or date, one.start, one.end, span) for one in run if one.number)
            run = []


def _same(one: _Mark, other: _Mark) -> bool:
    """True when two page numbers are of one page: the same number, and no other date."""
    return one.number == other.number and (one.date is None or other.date is None or one.date == other.date)
