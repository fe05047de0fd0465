"""What a line costs in each role, in nats: the model behind ``columns``, as tables.

A full line of a justified column leaves no room for the next line's first word; a paragraph's first line
does so after its indent of two em; a last line leaves room or happens to fill the column. All tables are
over the gap between the line and a column's width W, in half em. Costs are rounded to 1/256, so that sums of
many are exact and may be compared again. Knows nothing of dynamic programming.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Role(IntEnum):
    """What a line is to its paragraph. ``HEAD`` is any display line: title, subhead, byline.

    A role and the one that stands as far from the end (``HEAD`` and itself) have the same ways onward.
    """

    FIRST = 0
    LAST = 1
    HEAD = 2
    SINGLE = 3
    MIDDLE = 4


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
_WIDEST_WORD, _MOST_SLACK = 12, 4
_NARROWEST, _WIDEST = -24, 48
"""Gaps in half em beyond which no cost changes any more."""


class Features(NamedTuple):
    """All that the model sees of some lines, an array over lines for each feature. Widths are in half em."""

    width: NDArray[np.int64]
    next_width: NDArray[np.int64]
    """Width of the first word of the line that follows, at most 12."""
    slack: NDArray[np.int64]
    """By how much it may be over-full, at most 4."""
    stops: NDArray[np.int64]
    """Commas, full stops and the like inside the line: 0, 1 or 2 (two or more)."""
    closing: NDArray[np.int64]
    """How surely it ends a paragraph, 0 to 3 (``lines.closing``); 4: it is bracketed or a jump."""
    spaced: NDArray[np.bool_]
    latin: NDArray[np.bool_]
    display: NDArray[np.bool_]
    byline: NDArray[np.bool_]
    opener: NDArray[np.int64]
    """1: a list number, a credit or a dateline, which begins a paragraph; 2: a bullet;
    -1: one character and a comma or full stop, the end of what stands on the line before."""
    titled: NDArray[np.int64]
    """1: it has the form of a heading (一、…, “…”, a gap between two halves); -1: of a line of verse."""
    indented: NDArray[np.int64]
    """1: the line's indent was kept; -1: indents are kept on this page and this line has none; 0: unknown."""
    back: NDArray[np.bool_]
    """It begins with （上接…） or another bracket, as no heading does."""
    unfinished: NDArray[np.int64]
    """1: it breaks off in mid-clause, as no heading does; 2: it is surely part of a text."""


def rounded(costs: NDArray[np.float64]) -> NDArray[np.float32]:
    """Costs in steps of 1/256: sums up to 65,536 are exact."""
    import numpy as np

    return (np.rint(costs * 256.0) / 256.0).astype(np.float32)


def emissions(lines: Features, columns: NDArray[np.int64]) -> NDArray[np.float32]:
    """Costs of every line in every role and column: shape (5, lines, columns); ``columns`` in half em."""
    import numpy as np

    table = _fitting()
    shape = ((lines.next_width * (_MOST_SLACK + 1) + lines.slack) * 2 + lines.spaced) * 2 + lines.latin
    gap = np.clip(columns - lines.width[:, None], _NARROWEST, _WIDEST) - _NARROWEST
    cells = gap + shape[:, None] * table.shape[2]
    found = np.empty((len(Role), *gap.shape), dtype=np.float32)
    for role, costs in zip(Role, _whatever_column(lines), strict=True):
        np.take(table[role], cells, out=found[role], mode="clip")
        found[role] += costs[:, None]
    return found


@lru_cache(maxsize=1)
def _fitting() -> NDArray[np.float32]:
    """Costs of how a line fills its column: shape (5 roles, shapes of a line, gaps from the narrowest on).

    The shapes are all of (next_width, slack, spaced, latin), counted in this order.
    """
    import numpy as np

    counts = (_WIDEST_WORD + 1, _MOST_SLACK + 1, 2, 2)
    following, slack, spaced, latin = (axis.reshape(-1, 1) for axis in np.indices(counts))
    following, slack = following / 2, slack / 2
    gaps = np.arange(_NARROWEST, _WIDEST + 1) / 2
    sharp = np.where(spaced > 0, 2.0, np.where(latin > 0, 3.0, 5.0))
    slope = np.where(spaced > 0, 0.0, 0.35)

    def full(gap: NDArray[np.float64]) -> NDArray[np.float64]:
        """Cost of a line that should fill its column: not over-full, no room left for what follows."""
        over, room, free = np.maximum(0.0, -gap - slack), np.maximum(0.0, gap - following + _FITS), np.maximum(0.0, gap)
        filled = np.where((spaced > 0) & (gap < 0.5), 2.0, 0.0)  # letter-spacing shows room to share out
        squeezed = 0.7 * np.clip(-gap, 0.0, slack)
        cost: NDArray[np.float64] = np.minimum(FAR, 4.0 * over + squeezed + sharp * room + slope * free + filled)
        return cost

    def within(gap: NDArray[np.float64]) -> NDArray[np.float64]:
        """Cost of a line that may be shorter than its column."""
        cost: NDArray[np.float64] = np.minimum(FAR, 4.0 * np.maximum(0.0, -gap - slack))
        return cost

    costs = np.empty((len(Role), len(following), len(gaps)))
    costs[Role.FIRST], costs[Role.MIDDLE] = full(gaps - INDENT), full(gaps)
    costs[Role.SINGLE], costs[Role.LAST] = within(gaps - INDENT), within(gaps)
    costs[Role.HEAD] = np.where((gaps >= -0.5) & (gaps <= 2.5), 1.2, 0.0)  # a subhead is set narrower
    return rounded(costs)


def _whatever_column(lines: Features) -> NDArray[np.float32]:
    """Costs of the lines in every role that do not depend on the column: shape (5, lines)."""
    import numpy as np

    rate = _STOPS_PER_EM * np.maximum(1.0, lines.width / 2)
    text = np.where(lines.stops == 0, rate, -np.log(1.0 - np.exp(-rate))) + 3.0 * (lines.byline | lines.display)
    text += 3.0 * (lines.titled > 0)
    verse = lines.titled < 0
    open_end = np.array(_OPEN_END)[lines.closing] + text
    closed_end = np.array(_CLOSED_END)[lines.closing] + 5.0 * lines.spaced + text
    begins = 5.0 * (lines.indented < 0) - np.where(lines.opener < 0, -4.0, lines.opener)
    goes_on = 9.0 * (lines.indented > 0) + 3.0 * np.maximum(lines.opener, 0) + 4.0 * verse
    costs = np.empty((len(Role), len(rate)))
    costs[Role.FIRST] = open_end + begins
    costs[Role.MIDDLE] = open_end + goes_on + 0.2
    costs[Role.LAST] = closed_end + goes_on + 3.6
    costs[Role.SINGLE] = closed_end + begins + np.where(verse, -2.0, 2.6)
    head = np.where(lines.byline | lines.display, 0.0, 2.6) + np.array(_HEAD_END)[lines.closing]
    head += 3.0 * lines.unfinished + 6.0 * lines.back + 2.0 * (lines.spaced & (lines.stops > 0))
    head += 5.0 * (lines.opener < 0) + 4.0 * (lines.indented > 0)
    costs[Role.HEAD] = head + np.array(_HEAD_STOPS)[lines.stops]
    return rounded(costs)


@lru_cache(maxsize=1)
def transitions() -> NDArray[np.float32]:
    """Costs of the ways onward into a line: shape (groups of roles before it, its role, kind of line).

    Three groups of roles have the same ways onward: open (FIRST, MIDDLE), closed (LAST, SINGLE), HEAD. Kinds: 0
    ordinary; 1 set off as a frame start, or after （下转…）; 2 tight, no blank line before it where nearly all lines
    have one; 3 begins with （上接…）.
    """
    import numpy as np

    going_on, anew, display = (0.0, 5.5, 0.0, 9.0), (9.0, 4.5, 9.0, 4.0), (7.5, 4.5, 9.0, 4.0)
    costs = np.empty((3, len(Role), 4))
    costs[0, Role.MIDDLE] = costs[0, Role.LAST] = going_on
    costs[0, Role.FIRST], costs[0, Role.HEAD] = anew, display
    costs[0, Role.SINGLE] = np.add(anew, 2.5)
    for closed in (1, 2):
        costs[closed, Role.FIRST] = (0.2, 1.0, 4.0, 1.0)
        costs[closed, Role.SINGLE] = (3.0, 3.0, 7.0, 3.0)
        costs[closed, Role.HEAD] = (2.2, 0.5, 4.0, 1.0)
        costs[closed, Role.MIDDLE] = (7.5, 5.0, 13.0, 0.5)
        costs[closed, Role.LAST] = (12.0, 8.0, 16.0, 0.5)
    costs[2, Role.HEAD] = (-0.4, 2.0, -0.5, 3.0)
    costs[0, :, 2] += 4.0
    return rounded(costs)
