"""Where no frame is marked: an article that another interrupts, and where among the other's paragraphs it goes on.

The page was read A, B, A: the rest of A stands at the end of B where headlines come first, at the beginning of
what follows B where they come last. The evidence is what a reader has: a sentence left open, the column, and
which of the two the paragraphs are about. Knows nothing of roles or of headlines.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from operator import mul

from rag.newspaper.lines import closing
from rag.newspaper.parting import DATELINE, GOES_ON, NEWS, likeness
from rag.newspaper.topics import Topics
from rag.newspaper.units import Unit

_NEAR = 600
_WEIGHTS = (
    -6.21,  # a constant
    0.46,  # about what the other is
    -0.42,  # about what its neighbour is
    -0.04,  # the first, of some length
    -0.17,  # the second, of some length
    0.65,  # the other was left open
    -1.01,  # begins in mid-sentence
    -1.01,  # both
    1.72,  # left open, and the line is full
    0.40,  # the other's column
    2.36,  # the column changes
    -2.64,  # its neighbour is left open
    0.46,  # goes on
    -0.69,  # begins as news does
    0.29,  # what follows the seam begins as news does
    -0.91,  # what follows the seam goes on
    0.26,  # length
    0.73,  # length of the rest
    -2.02,  # next to nothing is left
    0.89,  # little of the other
    2.56,  # a credit at the seam
)
"""Log-odds for each piece of ``evidence``: a logistic regression fitted on 700 generated pages without frames, half of
them with an interrupted article, seeds 220 to 226. That program was not kept; ``training.layout.fitting_resuming`` does
the like."""


def resumes(other: Sequence[Unit], piece: Sequence[Unit], rest: Sequence[Unit], topics: Topics, after: bool) -> float:
    """How surely ``piece`` goes on with the interrupted ``other`` rather than with ``rest``; above 0 it does.

    ``after``: headlines stand after their articles, and ``piece`` before ``rest``.
    """
    seam = (piece[-1], rest[0]) if after else (rest[-1], piece[0])
    if not promising(other, piece[0], seam):
        return -1.0
    score: float = sum(map(mul, evidence(other, piece, rest, topics, after), _WEIGHTS))
    return score


def unfinished(units: Sequence[Unit]) -> bool:
    """True when the last of ``units`` ends in the middle of a sentence and no jump line says where it goes on."""
    last = units[-1]
    return last.on is None and not last.heading and not last.byline and closing(last.lines[-1].text[-4:]) == 0


def words(units: Sequence[Unit], backwards: bool = False) -> tuple[set[str], int]:
    """Character pairs and length of the body text of ``units``, from one end on until there is enough."""
    found: set[str] = set()
    length = 0
    for unit in reversed(units) if backwards else units:
        if not unit.heading and not unit.byline:
            found |= unit.words
            length += unit.length
            if length >= _NEAR:
                break
    return found, length


def promising(other: Sequence[Unit], first: Unit, seam: tuple[Unit, Unit]) -> bool:
    """True when it is worth looking closer: a sentence was left open, or a column changes to that of ``other``."""
    if first.back is not None or first.framed or first.heading:
        return False
    return unfinished(other) or (seam[0].column != seam[1].column and first.column == other[-1].column)


def evidence(
    other: Sequence[Unit], piece: Sequence[Unit], rest: Sequence[Unit], topics: Topics, after: bool
) -> tuple[float, ...]:
    """What tells whether ``piece`` goes on with ``other`` rather than with ``rest``, its neighbour."""
    first, seam = piece[0], (piece[-1], rest[0]) if after else (rest[-1], piece[0])
    ended, length = words(other, backwards=True)
    beginning, size = words(piece)
    near, around = words(piece, backwards=True)[0] if after else beginning, words(rest, backwards=not after)
    mine = likeness(topics.alike(ended | words(other)[0], beginning))
    theirs = likeness(topics.alike(near, around[0])) if around[1] else 0.0
    long = float(size > 150)
    broken = float(unfinished(other))
    missing = first.lines[0].width(0.5) - first.column
    return (
        1.0,
        mine,
        theirs,
        mine * long,
        theirs * long,
        broken,
        float(first.opens),
        broken * first.opens,
        broken * (missing > -1.2),
        float(other[-1].column == first.column),
        float(seam[0].column != seam[1].column),
        float(closing(seam[0].lines[-1].text[-4:]) == 0),
        float(GOES_ON.match(first.text) is not None),
        float(NEWS.match(first.text) is not None or DATELINE.match(first.text) is not None),
        float(NEWS.match(seam[1].text) is not None or DATELINE.match(seam[1].text) is not None),
        float(GOES_ON.match(seam[1].text) is not None),
        log(1.0 + size / 100.0),
        log(1.0 + around[1] / 100.0),
        float(around[1] < 80),
        float(length < 150),
        float(bool(seam[0].paragraphs) and seam[0].paragraphs[-1].kind == "note"),
    )
