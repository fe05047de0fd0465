"""What a line costs in each role, in nats: the model behind ``columns``, as tables.

A full line of a justified column leaves no room for the next line's first word; a paragraph's first line
does so after its indent of two em; a last line leaves room or happens to fill the column. All tables are
over the gap between the line and a column's width W, in half em. Knows nothing of dynamic programming.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from math import exp, log
from typing import TYPE_CHECKING

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

_STOPS_PER_EM = 0.09
_OPEN_END = (0.04, 2.5, 3.6, 3.2)
_CLOSED_END = (6.0, 2.0, 1.5, 0.1)
_HEAD_END = (0.0, 1.0, 1.5, 6.0)
_NO_STOP, _ONE_STOP, _MORE_STOPS = 0.3, 1.6, 3.0


@dataclass(frozen=True, slots=True)
class Signature:
    """All that the model sees of one line. Widths are in half em."""

    width: int
    next_width: int
    slack: int
    stops: int
    """Commas, full stops and the like inside the line: 0, 1 or 2 (two or more)."""
    closing: int
    """How surely it ends a paragraph, 0 to 3 (``lines.closing``)."""
    spaced: bool
    latin: bool
    display: bool
    byline: bool
    opener: bool
    """A list number, a credit or the like: it begins a paragraph."""
    indented: int
    """1: the line's indent was kept; -1: indents are kept on this page and this line has none; 0: unknown."""
    comma: bool


def emission(line: Signature, columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Costs of ``line`` in every role and column: shape (5, len(columns)); ``columns`` in em."""
    import numpy as np

    width, slack = line.width / 2, line.slack / 2
    open_end = _OPEN_END[line.closing]
    closed_end = _CLOSED_END[line.closing]
    stopped = _STOPS_PER_EM * width if not line.stops else -log(1.0 - exp(-_STOPS_PER_EM * max(1.0, width)))
    text = stopped + (3.0 if line.byline or line.display else 0.0)
    begins = (0.0, 0.0, 5.0)[line.indented] - (1.0 if line.opener else 0.0)
    goes_on = (0.0, 9.0, 0.0)[line.indented] + (3.0 if line.opener else 0.0)
    spaced = 5.0 if line.spaced else 0.0
    rows = np.empty((5, len(columns)))
    rows[Role.FIRST] = _full(line, width + INDENT, columns) + open_end + begins + text
    rows[Role.MIDDLE] = _full(line, width, columns) + open_end + goes_on + text + 0.2
    over = np.minimum(FAR, 4.0 * np.maximum(0.0, width - columns - slack))
    rows[Role.LAST] = over + closed_end + goes_on + spaced + text + 3.6
    over = np.minimum(FAR, 4.0 * np.maximum(0.0, width + INDENT - columns - slack))
    rows[Role.SINGLE] = over + closed_end + begins + spaced + text + 2.6
    head = (0.0 if line.byline or line.display else 2.6) + _HEAD_END[line.closing] + (3.0 if line.comma else 0.0)
    head += (_NO_STOP, _ONE_STOP, _MORE_STOPS)[line.stops] + (4.0 if line.indented > 0 else 0.0)
    rows[Role.HEAD] = head
    return rows


def _full(line: Signature, width: float, columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cost of a line that should fill its column: not over-full, and no room left for what follows."""
    import numpy as np

    over = np.maximum(0.0, width - columns - line.slack / 2)
    room = np.maximum(0.0, columns - width - line.next_width / 2)
    free = np.maximum(0.0, columns - width)
    sharp = 2.0 if line.spaced else 3.0 if line.latin else 5.0
    cost = 4.0 * over + sharp * room + (0.0 if line.spaced else 0.35) * free
    return np.minimum(FAR, cost)


def transitions(kind: int) -> NDArray[np.float64]:
    """Costs from role (row) to role (column) into a line of ``kind``.

    Kinds: 0 ordinary; 1 set off as a frame start; 2 tight, no blank line before it where nearly all lines
    have one; 3 begins with （上接…） or follows （下转…）.
    """
    import numpy as np

    first, middle, last, single, head = Role
    costs = np.full((5, 5), 60.0)
    opened = (first, middle)
    closed = (last, single, head)
    for source in opened:
        costs[source, middle] = costs[source, last] = (0.0, 4.0, 0.0, 6.0)[kind]
        costs[source, first] = costs[source, head] = (9.0, 3.0, 9.0, 1.0)[kind]
        costs[source, single] = costs[source, first] + 2.5
    for source in closed:
        costs[source, first] = (0.2, 1.0, 4.0, 1.0)[kind]
        costs[source, single] = (3.0, 3.0, 7.0, 3.0)[kind]
        costs[source, head] = (2.2, 0.5, 4.0, 1.0)[kind]
        costs[source, middle] = (9.0, 6.0, 13.0, 0.5)[kind]
        costs[source, last] = (12.0, 8.0, 16.0, 0.5)[kind]
    costs[head, head] = (0.7, 2.5, -0.5, 3.0)[kind]
    if kind == 2:
        costs[first : middle + 1] += 4.0
    return costs
