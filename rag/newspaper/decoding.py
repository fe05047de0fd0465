"""The most likely roles and columns of all lines together, by dynamic programming.

The Viterbi algorithm (Viterbi 1967) over (role of the line, column), on overlapping segments side by side, so
that time is linear and numpy does the work. Costs come from ``costs``; knows nothing of what a line looks like.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.newspaper.costs import SWITCHES, Features, Role, emissions, transitions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SEGMENT, _LONG_SEGMENT, _LONG = 16, 128, 2000
"""Lines to a segment: short ones mean fewer steps for a page, long ones less overlap in a long text."""
_BEFORE, _AFTER = 12, 16
"""Lines of the segments around it that a segment looks at: those before tell its column, those after how it ends."""
_BATCH = 64
_UNLIKELY = 60.0
_LEFT_OPEN = 4.0
_ROLES = tuple(Role)


def decode(lines: Features, kinds: Sequence[int], columns: NDArray[np.int64]) -> tuple[list[Role], list[int]]:
    """The role of every line, and the number among ``columns``, in half em, of the column it stands in.

    ``kinds``: see ``costs.transitions``.
    """
    count = len(kinds)
    roles, places = [Role.HEAD] * count, [0] * count
    step = _LONG_SEGMENT if count > _LONG else _SEGMENT
    for at in range(0, count, step * _BATCH):
        segments = min(_BATCH, -(-(count - at) // step))
        states, away = _forward(lines, kinds, columns, at, step, segments)
        for segment in range(segments):
            begin = at + segment * step
            _walk_back(states[:, :, segment], away[:, :, segment], kinds, begin, step, roles, places)
    return roles, places


def _forward(
    lines: Features, kinds: Sequence[int], columns: NDArray[np.int64], at: int, step: int, segments: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Costs of the best ways to every state of ``segments`` segments of ``step`` lines from line ``at`` on.

    Of shape (steps + 1, 5 roles, segments, columns), before every step; and those of the best ways that come from
    another column, shape (steps, 3 groups, segments). It begins ``_BEFORE`` lines early, ends ``_AFTER`` late.
    """
    import numpy as np

    first, end = at - _BEFORE, at + segments * step + _AFTER
    low, high = max(0, first), min(len(kinds), end)
    real = slice(low - first, high - first)  # the others stand for lines before and after the text
    kind = np.zeros(end - first, dtype=np.int64)
    kind[real] = kinds[low:high]
    emitted = np.zeros((len(Role), end - first, len(columns)), dtype=np.float32)
    emitted[:, real] = emissions(Features._make(feature[low:high] for feature in lines), columns)
    onward = transitions()[:, :, kind]
    switches = np.array(SWITCHES, dtype=np.float32)[kind]
    steps = step + _BEFORE + _AFTER
    states = np.zeros((steps + 1, len(Role), segments, len(columns)), dtype=np.float32)
    away = np.empty((steps, 3, segments, 1), dtype=np.float32)
    groups = np.empty((3, segments, len(columns)), dtype=np.float32)
    ways = np.empty((3, len(Role), segments, len(columns)), dtype=np.float32)
    ordinary, unusual = transitions()[:, :, :1, None], [kind[t::step].any() for t in range(steps)]
    for t in range(steps):
        if t == -first:
            states[t, :, 0] = _UNLIKELY
            states[t, Role.SINGLE, 0] = 0.0
        each = slice(t, t + segments * step, step)
        best, leaving, following = states[t], away[t], states[t + 1]
        np.minimum(best[:3], best[:1:-1], out=groups)
        np.minimum.reduce(groups, axis=2, keepdims=True, out=leaving)
        np.add(leaving, switches[each, None], out=leaving)
        np.minimum(groups, leaving, out=groups)
        np.add(groups[:, None], onward[:, :, each, None] if unusual[t] else ordinary, out=ways)
        np.minimum.reduce(ways, axis=0, out=following)
        np.add(following, emitted[:, each], out=following)
    return states, away[..., 0]


def _walk_back(
    states: NDArray[np.float32],
    away: NDArray[np.float32],
    kinds: Sequence[int],
    begin: int,
    step: int,
    roles: list[Role],
    places: list[int],
) -> None:
    """Fill in ``roles`` and ``places`` of the lines from ``begin`` on, of one segment; see ``_forward``."""
    import numpy as np

    stop = min(begin + step + _AFTER, len(kinds))
    final = states[stop - begin + _BEFORE].copy()
    if stop == len(kinds):
        final[[Role.FIRST, Role.MIDDLE]] += _LEFT_OPEN
    role, column = divmod(int(final.argmin()), states.shape[2])
    leaving, into = away.tolist(), _into()
    for line in range(stop - 1, begin - 1, -1):
        if line < begin + step:
            roles[line], places[line] = _ROLES[role], column
        t = line - begin + _BEFORE
        before, leave, ways = states[t, :, column].tolist(), leaving[t], into[kinds[line]][role]
        first, last, head, single, middle = before
        open_, closed = min(first, middle, leave[0]) + ways[0], min(last, single, leave[1]) + ways[1]
        displayed = min(head, leave[2]) + ways[2]
        group = 0 if open_ <= closed and open_ <= displayed else 1 if closed <= displayed else 2
        if leave[group] < before[group] and leave[group] < before[4 - group]:
            column = int(np.minimum(states[t, group], states[t, 4 - group]).argmin())
            before = states[t, :, column].tolist()
        role = group if before[group] <= before[4 - group] else 4 - group


@lru_cache(maxsize=1)
def _into() -> list[list[list[float]]]:
    """Costs of the ways into a line by its kind, its role and the group before it."""
    found: list[list[list[float]]] = transitions().transpose(2, 1, 0).tolist()
    return found
