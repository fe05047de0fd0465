"""What a line costs in each role, in nats: the model behind ``columns``, as tables.

A full line of a justified column leaves no room for the next line's first word; a paragraph's first line
does so after its indent of two em; a last line leaves room or happens to fill the column. All tables are
over the gap between the line and a column's width W, in half em. Knows nothing of dynamic programming.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Role(IntEnum):
    """What a line is to its paragraph. ``HEAD`` is any display line: title, subhead, byline."""

    FIRST = 0
    MIDDLE = 1
    LAST = 2
    SINGLE = 3
    HEAD = 4


FAR = 16.0
INDENT = 2.0

SWITCHES = (7.0, 3.0, 9.0, 3.0)
"""Cost of another column width, by kind of line (see ``transitions``)."""

_FITS = 0.4
"""A word that would fit exactly, to half an em, would have been set: that much room is counted besides."""
_STOPS_PER_EM = 0.09
_OPEN_END = (0.04, 2.5, 3.6, 3.2, 8.0)
_CLOSED_END = (6.0, 2.0, 1.5, 0.1, 0.0)
_HEAD_END = (0.0, 0.4, 1.5, 6.0, 7.0)
_HEAD_STOPS = (0.3, 1.6, 3.0)


class Signature(NamedTuple):
    """All that the model sees of one line. Widths are in half em."""

    width: int
    next_width: int
    slack: int
    stops: int
    """Commas, full stops and the like inside the line: 0, 1 or 2 (two or more)."""
    closing: int
    """How surely it ends a paragraph, 0 to 3 (``lines.closing``); 4: it is bracketed or a jump."""
    spaced: bool
    latin: bool
    display: bool
    byline: bool
    opener: int
    """1: a list number, a credit or a dateline, which begins a paragraph; 2: a bullet;
    -1: one character and a comma or full stop, the end of what stands on the line before."""
    titled: int
    """1: it has the form of a heading (一、…, “…”, a gap between two halves); -1: of a line of verse."""
    indented: int
    """1: the line's indent was kept; -1: indents are kept on this page and this line has none; 0: unknown."""
    back: bool
    """It begins with （上接…） or another bracket, as no heading does."""
    unfinished: int
    """1: it breaks off in mid-clause, as no heading does; 2: it is surely part of a text."""


def emissions(lines: Sequence[Signature], columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Costs of every line in every role and column: shape (len(lines), 5, len(columns)); ``columns`` in em."""
    import numpy as np

    table = np.array(lines, dtype=np.float64)
    cells = (table[:, n, None] for n in range(table.shape[1]))
    width, following, slack, stops, closing, spaced, latin, display, byline, opener, titled, *others = cells
    indented, back, unfinished = others
    width, following, slack = width / 2, following / 2, slack / 2
    grade, count = closing[:, 0].astype(int), stops[:, 0].astype(int)
    open_end = np.array(_OPEN_END)[grade][:, None]
    closed_end = np.array(_CLOSED_END)[grade][:, None] + 5.0 * spaced
    rate = _STOPS_PER_EM * np.maximum(1.0, width)
    text = np.where(stops == 0, rate, -np.log(1.0 - np.exp(-rate))) + 3.0 * np.maximum(byline, display)
    verse = titled < 0
    text = text + np.where(titled > 0, 3.0, 0.0)
    begins = np.where(indented < 0, 5.0, 0.0) - np.where(opener < 0, -4.0, opener)
    goes_on = np.where(indented > 0, 9.0, 0.0) + 3.0 * np.maximum(opener, 0.0) + 4.0 * verse
    sharp = np.where(spaced > 0, 2.0, np.where(latin > 0, 3.0, 5.0))
    slope = np.where(spaced > 0, 0.0, 0.35)

    def full(set_width: NDArray[np.float64]) -> NDArray[np.float64]:
        """Cost of a line that should fill its column: not over-full, no room left for what follows."""
        gap = columns - set_width
        over, room, free = np.maximum(0.0, -gap - slack), np.maximum(0.0, gap - following + _FITS), np.maximum(0.0, gap)
        filled = np.where((spaced > 0) & (gap < 0.5), 2.0, 0.0)  # letter-spacing shows room to share out
        squeezed = 0.7 * np.clip(-gap, 0.0, slack)
        cost: NDArray[np.float64] = np.minimum(FAR, 4.0 * over + squeezed + sharp * room + slope * free + filled)
        return cost

    def within(set_width: NDArray[np.float64]) -> NDArray[np.float64]:
        """Cost of a line that may be shorter than its column."""
        cost: NDArray[np.float64] = np.minimum(FAR, 4.0 * np.maximum(0.0, set_width - columns - slack))
        return cost

    rows = np.empty((len(lines), 5, len(columns)))
    rows[:, Role.FIRST] = full(width + INDENT) + open_end + begins + text
    rows[:, Role.MIDDLE] = full(width) + open_end + goes_on + text + 0.2
    rows[:, Role.LAST] = within(width) + closed_end + goes_on + text + 3.6
    rows[:, Role.SINGLE] = within(width + INDENT) + closed_end + begins + text + np.where(verse, -2.0, 2.6)
    head = np.where(np.maximum(byline, display) > 0, 0.0, 2.6) + np.array(_HEAD_END)[grade][:, None] + 3.0 * unfinished
    head += 6.0 * back + 2.0 * spaced * (stops > 0) + 5.0 * (opener < 0)
    full_width = (columns >= width - 0.5) & (columns <= width + 2.5)  # a subhead is set narrower
    rows[:, Role.HEAD] = (
        1.2 * full_width + head + np.array(_HEAD_STOPS)[count][:, None] + np.where(indented > 0, 4.0, 0.0)
    )
    return rows


def transitions(kind: int) -> NDArray[np.float64]:
    """Costs from role (row) to role (column) into a line of ``kind``.

    Kinds: 0 ordinary; 1 set off as a frame start, or after （下转…）; 2 tight, no blank line before it
    where nearly all lines have one; 3 begins with （上接…）.
    """
    import numpy as np

    first, middle, last, single, head = Role
    costs = np.full((5, 5), 60.0)
    opened = (first, middle)
    closed = (last, single, head)
    for source in opened:
        costs[source, middle] = costs[source, last] = (0.0, 5.5, 0.0, 9.0)[kind]
        costs[source, first] = (9.0, 4.5, 9.0, 4.0)[kind]
        costs[source, head] = (7.5, 4.5, 9.0, 4.0)[kind]
        costs[source, single] = costs[source, first] + 2.5
    for source in closed:
        costs[source, first] = (0.2, 1.0, 4.0, 1.0)[kind]
        costs[source, single] = (3.0, 3.0, 7.0, 3.0)[kind]
        costs[source, head] = (2.2, 0.5, 4.0, 1.0)[kind]
        costs[source, middle] = (7.5, 5.0, 13.0, 0.5)[kind]
        costs[source, last] = (12.0, 8.0, 16.0, 0.5)[kind]
    costs[head, head] = (-0.4, 2.0, -0.5, 3.0)[kind]
    if kind == 2:
        costs[first : middle + 1] += 4.0
    return costs
