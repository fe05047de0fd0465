"""Which printed line begins a paragraph, from the widths of justified columns alone.

A justified column has one width W. Middle lines fill it; a paragraph's first line is two em
narrower, because its indent vanished on extraction; its last line may be anything up to W. Columns
change width inside an article. The most likely reading of all lines together is found by dynamic
programming over (column width, role of the line), the Viterbi algorithm (Viterbi 1967). This module
knows nothing of articles or of what headings mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import IntEnum

from rag.newspaper.lines import Line, ends_sentence


class Role(IntEnum):
    """What a line is to its paragraph. ``HEAD`` is any display line: title, subhead, byline."""

    FIRST = 0
    MIDDLE = 1
    LAST = 2
    SINGLE = 3
    HEAD = 4


_STEP = 0.5
_FAR = 14.0
_SWITCH = 10.0
_INDENT = 2.0


def _fill_cost(gap: float) -> float:
    """Cost (nats) of a full line that misses its column's width by ``gap`` em (negative: too short)."""
    if gap > 0.5:
        return min(_FAR, 0.4 + 2.5 * (gap - 0.5))
    if gap >= -1.0:
        return 0.4
    return min(_FAR, 0.4 + 3.5 * (-1.0 - gap))


def _spaced_cost(gap: float) -> float:
    """The same for a letter-spaced line, which holds fewer characters than its column would."""
    if -2.5 <= gap <= 0.5:
        return 0.7 + 0.3 * abs(gap + 1.0)
    return min(_FAR, 1.2 + 3.0 * (gap - 0.5 if gap > 0 else -2.5 - gap))


def roles(lines: Sequence[Line]) -> list[Role]:
    """The role of every line. Lines are read as one stream in print order."""
    if not lines:
        return []
    mark = mark_width(lines)
    widths = [line.width(mark) for line in lines]
    columns = column_widths(lines, widths)
    return _viterbi(lines, widths, columns)


def mark_width(lines: Sequence[Line]) -> float:
    """0.5 or 1.0: the width of punctuation under which neighbouring lines of text agree best."""

    def disagreement(mark: float) -> float:
        widths = [line.width(mark) for line in lines if not line.spaced]
        steps = [abs(a - b) for a, b in zip(widths, widths[1:], strict=False)]
        near = [step for step in steps if step <= 1.5]
        return sum(near) + 1.5 * (len(steps) - len(near))

    return 0.5 if disagreement(0.5) <= disagreement(1.0) else 1.0


def column_widths(lines: Sequence[Line], widths: Sequence[float]) -> list[float]:
    """Column widths that explain at least three lines each, best explained first (at most eight)."""
    counts = Counter(
        round(width / _STEP) for line, width in zip(lines, widths, strict=True) if width >= 6 and not line.spaced
    )
    found: list[float] = []
    while counts and len(found) < 8:
        support = {key: sum(counts.get(key + d, 0) for d in (-2, -1, 0, 1)) for key in counts}
        key = max(support, key=lambda k: (support[k], k))
        if support[key] < 3 and found:
            break
        found.append(key * _STEP)
        for d in (-2, -1, 0, 1):
            counts.pop(key + d, None)
    return found or [max(widths)]


def _viterbi(lines: Sequence[Line], widths: Sequence[float], columns: Sequence[float]) -> list[Role]:
    kinds = range(5)
    airy = sum(line.blank > 0 for line in lines) > 0.6 * len(lines)  # a blank line after nearly every line
    size = len(columns) * 5
    # before the first line the page stands as if a paragraph had just ended, in any column
    previous = [0.0 if kind == Role.SINGLE else 99.0 for _ in columns for kind in kinds]
    back: list[list[int]] = []
    for number, (line, width) in enumerate(zip(lines, widths, strict=True)):
        tight = airy and number > 0 and line.blank == 0 and line.indent == 0
        follows = airy and number + 1 < len(lines) and lines[number + 1].blank == 0 and lines[number + 1].indent == 0
        emitted = [cost for column in columns for cost in _emission(line, width - column, tight or follows)]
        best_any = {kind: min(range(len(columns)), key=lambda c: previous[c * 5 + kind]) for kind in kinds}
        row = [99.0] * size
        origin = [0] * size
        for c in range(len(columns)):
            for kind in kinds:
                best, where = 1e9, 0
                for source in _SOURCES[kind]:
                    step = _step(source, kind, line, tight)
                    here = previous[c * 5 + source] + step
                    if here < best:
                        best, where = here, c * 5 + source
                    other = best_any[source]
                    there = previous[other * 5 + source] + step + _SWITCH
                    if there < best:
                        best, where = there, other * 5 + source
                row[c * 5 + kind] = best + emitted[c * 5 + kind]
                origin[c * 5 + kind] = where
        back.append(origin)
        previous = row
    closing = [cost + (4.0 if state % 5 in (Role.FIRST, Role.MIDDLE) else 0.0) for state, cost in enumerate(previous)]
    state = min(range(size), key=closing.__getitem__)
    result: list[Role] = []
    for origin in reversed(back):
        result.append(Role(state % 5))
        state = origin[state]
    result.reverse()
    return result


_OPEN = (Role.FIRST, Role.MIDDLE)
_CLOSED = (Role.LAST, Role.SINGLE, Role.HEAD)
_SOURCES: dict[int, tuple[Role, ...]] = {
    Role.FIRST: (*_CLOSED, *_OPEN),
    Role.MIDDLE: (*_OPEN, *_CLOSED),
    Role.LAST: _OPEN,
    Role.SINGLE: (*_CLOSED, *_OPEN),
    Role.HEAD: (*_CLOSED, *_OPEN),
}


def _step(source: int, target: int, line: Line, tight: bool) -> float:
    begins = target in (Role.FIRST, Role.SINGLE, Role.HEAD)
    cost = 0.0
    if source in _OPEN and begins:
        cost += 9.0 if line.indent == 0 else 3.0  # the paragraph goes on on another page
    if source in _CLOSED and target == Role.MIDDLE:
        cost += 8.0 if not line.text.startswith(("（上接", "(上接", "（紧接")) else 1.0
    if tight and not (source == Role.HEAD and target == Role.HEAD):
        cost += 4.0
    if source == Role.HEAD and target == Role.HEAD and not tight:
        cost += 1.0
    if line.indent > 0 and not begins and target != Role.MIDDLE:
        cost += 6.0
    return cost


def _emission(line: Line, gap: float, display: bool) -> tuple[float, float, float, float, float]:
    ends = ends_sentence(line.text[-4:])
    fill = _spaced_cost if line.spaced else _fill_cost
    short = min(0.0, gap)
    open_end = 3.0 if ends else 0.05
    closed_end = 0.05 if ends else 6.0
    over = 3.0 * max(0.0, gap - 0.5)
    spaced = 4.0 if line.spaced else 0.0
    first = fill(gap + _INDENT) + open_end + 1.9
    middle = fill(gap) + open_end + 0.2
    last = min(_FAR, over) + 2.7 + closed_end + spaced
    single = min(_FAR, 3.0 * max(0.0, gap + _INDENT - 0.5)) + 4.5 + closed_end + spaced
    head = (
        (1.0 if display else 5.0)
        + (5.0 if ends else 0.0)
        + (2.0 if short > -2.0 and not display else 0.0)
        + (3.0 if line.text[-1] in "，、" else 0.0)
    )
    return first, middle, last, single, head
