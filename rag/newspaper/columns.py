"""Which printed line begins a paragraph, from the widths of justified columns.

A justified column has one width W. Middle lines fill it; a paragraph's first line is two em narrower,
because its indent vanished on extraction; its last line may be anything up to W. Columns change width
inside an article. The most likely reading of all lines together is found by dynamic programming over
(role of the line, column width): the Viterbi algorithm (Viterbi 1967), on overlapping segments side by
side so that time is linear and numpy does the work. Knows nothing of articles or of what headings mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from rag.newspaper.costs import SWITCHES, Role, Signature, emissions, transitions
from rag.newspaper.lines import NO_START, Line, closing, framed
from rag.newspaper.marks import is_byline, jump_from, jump_to

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SEGMENT, _LONG_SEGMENT, _LONG = 48, 128, 2000
"""Lines to a segment: short ones mean fewer steps for a page, long ones less overlap in a long text."""
_OVERLAP = 24
_BATCH = 64
_BULLETS = "●■◆▲○◎★☆"
_HEADING = re.compile(r"[一二三四五六七八九十]{1,2}、[^，。；！？]*$|“[^”，。]*”$")
_VERSE = re.compile(r"([\u4e00-\u9fff]{5}，[\u4e00-\u9fff]{5}|[\u4e00-\u9fff]{7}，[\u4e00-\u9fff]{7})[。！？；]$")
_GAP = re.compile(r"[\u4e00-\u9fff”》）！？][ \u3000][\u4e00-\u9fff“《]")
_OPENER = re.compile(
    r"[（(]?[一二三四五六七八九十0-9０-９]{1,3}[）)、．]|[0-9]{1,2}\.(?![0-9])|——[\u4e00-\u9fff]|(?:记者|答|问)[：:]"
    r"|(?:本报|新华社|中新社|人民网|中新网|据)[^，。；]{0,20}(?:电|讯)(?:[ 　（(]|$)"
    r"|[（(](?:参与|执笔|采写|本报记者|记者|编辑|据新华社|新华社)[^）)]{0,12}[：: ]?"
)


def read_columns(lines: Sequence[Line]) -> tuple[list[Role], list[float]]:
    """The role of every line and the width in em of the column it stands in.

    Lines are read as one stream in print order.
    """
    import numpy as np

    if not lines:
        return [], []
    mark = mark_width(lines)
    signatures, kinds = _describe(lines, mark)
    top = sorted(s.width for s in signatures)[-1 - len(signatures) // 200] / 2
    columns = _candidates(signatures, top)
    known: dict[Signature, int] = {}
    codes = np.array([known.setdefault(signature, len(known)) for signature in signatures])
    costs = emissions(list(known), columns).astype(np.float32)
    steps = np.stack([transitions(kind)[[Role.FIRST, Role.LAST, Role.HEAD]] for kind in range(4)]).astype(np.float32)
    found = np.empty(len(lines), dtype=np.int8)
    places = np.empty(len(lines), dtype=np.int16)
    step = _LONG_SEGMENT if len(lines) > _LONG else _SEGMENT
    starts = list(range(0, len(lines), step))
    for at in range(0, len(starts), _BATCH):
        _decode(starts[at : at + _BATCH], step, codes, np.array(kinds), costs, steps, found, places)
    return [Role(role) for role in found.tolist()], columns[places].tolist()


def mark_width(lines: Sequence[Line]) -> float:
    """0.5 or 1.0: the width of punctuation under which neighbouring lines of text agree best."""

    def disagreement(mark: float) -> float:
        widths = [line.width(mark) for line in lines if not line.spaced]
        steps = [abs(a - b) for a, b in pairwise(widths)]
        near = [step for step in steps if step <= 1.5]
        return sum(near) + 1.5 * (len(steps) - len(near))

    return 0.5 if disagreement(0.5) <= disagreement(1.0) else 1.0


def _describe(lines: Sequence[Line], mark: float) -> tuple[list[Signature], list[int]]:
    airy = sum(line.blank > 0 for line in lines) > 0.6 * len(lines)
    indented = [line.indent >= 1.0 for line in lines]
    kept = 0.04 * len(lines) < sum(indented) < 0.7 * len(lines)
    set_off = framed(lines)
    signatures: list[Signature] = []
    kinds: list[int] = []
    jumped = False
    for number, line in enumerate(lines):
        after = lines[number + 1] if number + 1 < len(lines) else None
        tight = airy and number > 0 and line.blank == 0 and not set_off[number]
        opens = airy and after is not None and after.blank == 0 and not set_off[number + 1]
        back = line.text[0] in "（(【[" and jump_from(line.text) is not None
        kinds.append(3 if back else 1 if set_off[number] or jumped else 2 if tight else 0)
        jumped = line.text[-1] in "）)】]" and jump_to(line.text) is not None
        latin = line.em != int(line.em)
        form = _form(line)
        following = after.head_em + after.head_marks * mark if after else 1.0
        signatures.append(
            Signature(
                width=round(2 * line.width(mark)),
                next_width=min(12, round(2 * following)),
                slack=int(latin) + (0 if line.text[-1] not in NO_START else 1 if mark == 0.5 else 3),
                stops=min(2, line.stops),
                closing=4 if jumped or (line.text[0] in "（(" and line.text[-1] in "）)") else closing(line.text[-4:]),
                spaced=line.spaced,
                latin=latin,
                display=tight or opens,
                byline=len(line.text) < 40 and line.stops < 4 and line.spaced is False and is_byline(line.text),
                opener=2 if line.text[0] in _BULLETS else int(form < 1 and _OPENER.match(line.text) is not None),
                titled=form,
                indented=0 if not kept else 1 if indented[number] else -1,
                back=back or line.text[0] in "（(",
                comma=line.text[-1] in "，、",
            )
        )
    return signatures, kinds


def _candidates(signatures: Sequence[Signature], top: float) -> NDArray[np.float64]:
    """Column widths in em that at least two lines could fill."""
    import numpy as np

    columns = np.arange(6.0, min(70.0, max(8.0, top + 2.5)), 0.5)
    widths = np.sort(np.array([signature.width for signature in signatures]) / 2)
    fill = np.searchsorted(widths, columns + 0.5, side="right") - np.searchsorted(widths, columns - 2.0)
    kept = columns[fill >= max(2, len(signatures) // 1000)]
    return kept if len(kept) else columns[-1:]


def _form(line: Line) -> int:
    """1 when the line has the form of a heading, -1 of a verse, 0 otherwise."""
    text = line.text
    if len(text) in (12, 16) and _VERSE.match(text):
        return -1
    if text[0] in "一二三四五六七八九十“" and _HEADING.match(text):
        return 1
    gaps = text.count(" ") + text.count("\u3000")
    return int(0 < gaps <= 3 and not line.spaced and _GAP.search(text) is not None)


def _decode(
    starts: list[int],
    step: int,
    codes: NDArray[np.int64],
    kinds: NDArray[np.int64],
    costs: NDArray[np.float32],
    steps: NDArray[np.float32],
    found: NDArray[np.int8],
    places: NDArray[np.int16],
) -> None:
    """Fill ``found`` (roles) and ``places`` (columns) for the segments of ``step`` lines at ``starts``.

    Roles with the same way onward are taken together as a group: open (first, middle), closed (last,
    single), head. ``steps`` has shape (kind, 3 groups, 5 roles).
    """
    import numpy as np

    count, begin = len(codes), np.array(starts)
    low = np.maximum(0, begin - _OVERLAP)
    high = np.minimum(count, begin + step + _OVERLAP)
    length = int((high - low).max())
    size, width = len(starts), costs.shape[2]
    best = np.zeros((5, size, width), dtype=np.float32)
    best[:, low == 0] = 60.0
    best[Role.SINGLE, low == 0] = 0.0
    origins = np.zeros((length, 5, size, width), dtype=np.int8)
    members = np.zeros((length, 2, size, width), dtype=bool)
    switched = np.zeros((length, 3, size, width), dtype=bool)
    jumps = np.zeros((length, 3, size), dtype=np.int16)
    switches = np.array(SWITCHES, dtype=np.float32)
    for t in range(length):
        at = np.minimum(low + t, count - 1)
        kind = kinds[at]
        members[t] = best[1:4:2] < best[0:3:2]
        groups = np.stack((np.minimum(best[0], best[1]), np.minimum(best[2], best[3]), best[4]))
        jumps[t] = lowest = groups.argmin(axis=2)
        there = np.take_along_axis(groups, lowest[:, :, None], axis=2) + switches[kind][None, :, None]
        switched[t] = there < groups
        groups = np.minimum(groups, there)
        emitted = costs[codes[at]]
        onward = steps[kind]
        fresh = np.empty_like(best)
        for place in range(5):
            a, b, c = (groups[group] + onward[:, group, place, None] for group in range(3))
            nearer = np.minimum(a, b)
            origins[t, place] = np.where(c < nearer, 2, b < a)
            fresh[place] = np.minimum(nearer, c) + emitted[:, place]
        live = low + t < high
        best = fresh if live.all() else np.where(live[None, :, None], fresh, best)
    closing_costs = best.copy()
    closing_costs[Role.FIRST : Role.MIDDLE + 1, high == count] += 4.0
    state = closing_costs.transpose(1, 0, 2).reshape(size, -1).argmin(axis=1)
    role, column = state // width, state % width
    index = np.arange(size)
    for t in range(length - 1, -1, -1):
        line = low + t
        live = line < high
        keep = live & (line >= begin) & (line < begin + step)
        found[line[keep]] = role[keep]
        places[line[keep]] = column[keep]
        group = origins[t, role, index, column].astype(np.int64)
        came = np.where(switched[t, group, index, column], jumps[t, group, index], column)
        member = members[t, np.minimum(group, 1), index, came]
        source = np.where(group == 2, int(Role.HEAD), 2 * group + member)
        role = np.where(live, source, role)
        column = np.where(live, came, column)
