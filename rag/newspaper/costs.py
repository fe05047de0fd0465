"""What a line costs in each role, in nats: the model behind ``columns``, as tables.

A full line of a justified column leaves no room for the next line's first word; a paragraph's first line
does so after its indent of two em; a last line leaves room or happens to fill the column. All tables are
over the gap between the line and a column's width W, in half em. Knows nothing of dynamic programming.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
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
SWITCH = 7.0
INDENT = 2.0


@dataclass(frozen=True, slots=True)
class Signature:
    """All that the model sees of one line. Widths are in half em."""

    width: int
    next_width: int
    slack: int
    ends: bool
    spaced: bool
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

    width, following, slack = line.width / 2, line.next_width / 2, line.slack / 2
    open_end = 3.2 if line.ends else 0.04
    closed_end = 0.05 if line.ends else 6.0
    display = (0.5 if line.byline else 0.8 if line.display else 5.0) + (5.0 if line.ends else 0.0)
    display += 3.0 if line.comma else 0.0
    text = 3.0 if line.byline or line.display else 0.0
    begins = (0.0, 0.0, 5.0)[line.indented] - (1.5 if line.opener else 0.0)
    goes_on = (0.0, 9.0, 0.0)[line.indented] + (2.5 if line.opener else 0.0)
    rows = np.empty((5, len(columns)))
    rows[Role.FIRST] = _full(width + INDENT, following, slack, line.spaced, columns) + open_end + 1.9 + begins + text
    rows[Role.MIDDLE] = _full(width, following, slack, line.spaced, columns) + open_end + 0.2 + goes_on + text
    over = np.minimum(FAR, 4.0 * np.maximum(0.0, width - columns - slack))
    spaced = 5.0 if line.spaced else 0.0
    rows[Role.LAST] = over + 3.0 + closed_end + spaced + goes_on + text
    over = np.minimum(FAR, 4.0 * np.maximum(0.0, width + INDENT - columns - slack))
    rows[Role.SINGLE] = over + 5.0 + closed_end + spaced + begins + text
    near = np.abs(columns - width) < 1.0
    rows[Role.HEAD] = display + np.where(near, 1.5, 0.0) + (4.0 if line.indented > 0 else 0.0)
    return rows


def _full(
    width: float, following: float, slack: float, spaced: bool, columns: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Cost of a line that should fill its column: not over-full, and no room left for what follows."""
    import numpy as np

    over = np.maximum(0.0, width - columns - slack)
    room = np.maximum(0.0, columns - width - following)
    free = np.maximum(0.0, columns - width)
    cost = 4.0 * over + (2.0 if spaced else 3.0) * room + (0.0 if spaced else 0.35) * free
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
        costs[source, middle] = costs[source, last] = 0.0
        costs[source, first] = costs[source, single] = costs[source, head] = (9.0, 5.0, 9.0, 1.0)[kind]
    for source in closed:
        costs[source, first] = costs[source, single] = costs[source, head] = 0.0
        costs[source, middle] = (9.0, 6.0, 9.0, 0.5)[kind]
        costs[source, last] = (12.0, 8.0, 12.0, 0.5)[kind]
    if kind == 1 or kind == 3:
        for source in opened:
            costs[source, middle] = (0.0, 3.0, 0.0, 6.0)[kind]
            costs[source, last] = (0.0, 3.0, 0.0, 6.0)[kind]
    if kind == 2:
        costs += 4.0
        costs[head, head] = -0.5
    elif kind == 0:
        costs[head, head] = 0.7
    return costs
