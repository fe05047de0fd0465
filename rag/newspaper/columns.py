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
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.newspaper.costs import SWITCHES, Role, Signature, emissions, transitions
from rag.newspaper.lines import MAY_CLOSE, NO_START, Line, closing
from rag.newspaper.marks import is_byline, jump_from, jump_to, may_be_byline

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SEGMENT, _LONG_SEGMENT, _LONG = 48, 128, 2000
"""Lines to a segment: short ones mean fewer steps for a page, long ones less overlap in a long text."""
_OVERLAP = 16
_BATCH = 64
_SAMPLE = 4000
_ROLES = tuple(Role)
_BRACKETS = frozenset("（(【[")
_CLINGING = frozenset(NO_START)
_NUMERALS = frozenset("一二三四五六七八九十“")
_PAUSES = ("，", "、", "；")
_AFTER_ONE = ("。", "，", "；")
_SPEAKERS = ("记者：", "记者:", "问：", "问:", "答：", "答:")
_BULLETS = "●■◆▲○◎★☆"
_HEADING = re.compile(r"[一二三四五六七八九十]{1,2}、[^，。；！？]*$|“[^”，。]*”$")
_VERSE = re.compile(r"([\u4e00-\u9fff]{5}，[\u4e00-\u9fff]{5}|[\u4e00-\u9fff]{7}，[\u4e00-\u9fff]{7})[。！？；]$")
_GAP = re.compile(r"[\u4e00-\u9fff”》）！？][ \u3000][\u4e00-\u9fff“《]")
_OPENER = re.compile(
    r"[（(]?[一二三四五六七八九十0-9０-９]{1,3}[）)、．]|[0-9]{1,2}\.(?![0-9])|——[\u4e00-\u9fff]|(?:记者|答|问)[：:]"
    r"|(?:本报|新华社|中新社|人民网|中新网|据)[^，。；]{0,20}(?:电|讯)(?:[ 　（(]|$)"
    r"|[（(](?:参与|执笔|采写|本报记者|记者|编辑|据新华社|新华社)[^）)]{0,12}[：: ]?"
)

_OPENER_FIRST = frozenset("（(一二三四五六七八九十0123456789０１２３４５６７８９—记答问本新中人据")


def read_columns(lines: Sequence[Line], set_off: Sequence[bool]) -> tuple[list[Role], list[float]]:
    """The role of every line and the width in em of the column it stands in.

    Lines are read as one stream in print order; ``set_off`` says which begin a text frame (see ``framed``).
    """
    import numpy as np

    if not lines:
        return [], []
    mark, gap = set_widths(lines)
    signatures, kinds = _describe(lines, set_off, mark, gap)
    top = sorted(s.width for s in signatures)[-1 - len(signatures) // 200] / 2
    columns = _candidates(signatures, top)
    known: dict[Signature, int] = {}
    codes = np.array([known.setdefault(signature, len(known)) for signature in signatures])
    costs = emissions(list(known), columns).astype(np.float32)
    steps = _steps()
    found = np.empty(len(lines), dtype=np.int8)
    places = np.empty(len(lines), dtype=np.int16)
    step = _LONG_SEGMENT if len(lines) > _LONG else _SEGMENT
    starts = list(range(0, len(lines), step))
    for at in range(0, len(starts), _BATCH):
        _decode(starts[at : at + _BATCH], step, codes, np.array(kinds), costs, steps, found, places)
    return [_ROLES[role] for role in found.tolist()], columns[places].tolist()


@lru_cache(maxsize=1)
def _steps() -> NDArray[np.float32]:
    """Costs of the ways onward, shape (kind, 3 groups, 5 roles)."""
    import numpy as np

    groups = [Role.FIRST, Role.LAST, Role.HEAD]
    return np.stack([transitions(kind)[groups] for kind in range(4)]).astype(np.float32)


def set_widths(lines: Sequence[Line]) -> tuple[float, float]:
    """Widths in em of a punctuation mark, 0.5 or 1.0, and of a gap between Han and Latin, 0.0 or 0.25.

    Those under which neighbouring lines of text agree best. An extractor puts spaces beside digits that were
    never set; where they were set, lines with many of them hold less.
    """
    import numpy as np

    sample = [(line.em, line.marks, line.gaps) for line in lines[:_SAMPLE] if not line.spaced]
    steps = np.diff(np.array(sample or [(0.0, 0, 0)]), axis=0)

    def disagreement(mark: float, gap: float) -> float:
        return float(np.minimum(np.abs(steps @ (1.0, mark, gap)), 1.5).sum())

    mark = 0.5 if disagreement(0.5, 0.0) <= disagreement(1.0, 0.0) else 1.0
    return mark, 0.0 if disagreement(mark, 0.0) <= disagreement(mark, 0.25) else 0.25


def _describe(
    lines: Sequence[Line], set_off: Sequence[bool], mark: float, gap: float
) -> tuple[list[Signature], list[int]]:
    """What the model sees of every line, and the lines' kinds (see ``transitions``); by fields, for speed."""
    import numpy as np

    airy = sum(line.blank > 0 for line in lines) > 0.6 * len(lines)
    indented = [line.indent >= 1.0 for line in lines]
    kept = 0.04 * len(lines) < sum(indented) < 0.7 * len(lines)
    texts = [line.text for line in lines]
    firsts, finals = [text[0] for text in texts], [text[-1] for text in texts]
    back = [first in _BRACKETS and jump_from(text) is not None for first, text in zip(firsts, texts, strict=True)]
    jumps = [final in "）)】]" and jump_to(text) is not None for final, text in zip(finals, texts, strict=True)]
    joined = [airy and not line.blank and not off for line, off in zip(lines, set_off, strict=True)]
    joined[0] = False
    kinds = [
        3 if came else 1 if off or jumped else 2 if tight else 0
        for came, off, jumped, tight in zip(back, set_off, [False, *jumps], joined, strict=False)
    ]
    sizes = np.array([(line.em, line.marks, line.gaps, line.head_em, line.head_marks) for line in lines])
    em = sizes[:, 0]
    following = np.minimum(12, np.rint(2 * (sizes[:, 3] + sizes[:, 4] * mark))).astype(int).tolist()
    latin = (em != np.trunc(em)).tolist()
    forms = [_form(line, first) for line, first in zip(lines, firsts, strict=True)]
    clinging = 1 if mark == 0.5 else 3
    signatures = map(
        Signature,
        np.rint(2 * (sizes[:, :3] @ (1.0, mark, gap))).astype(int).tolist(),
        [*following[1:], 2],
        [odd + (clinging if final in _CLINGING else 0) for odd, final in zip(latin, finals, strict=True)],
        [min(2, line.stops) for line in lines],
        [
            4 if jumped or (first in "（(" and final in "）)") else closing(text[-4:]) if final in MAY_CLOSE else 0
            for jumped, first, final, text in zip(jumps, firsts, finals, texts, strict=True)
        ],
        [line.spaced for line in lines],
        latin,
        [tight or opens for tight, opens in zip(joined, [*joined[1:], False], strict=True)],
        [
            len(text) < 40 and line.stops < 4 and not line.spaced and may_be_byline(text) and is_byline(text)
            for line, text in zip(lines, texts, strict=True)
        ],
        map(_opener, texts, firsts, forms),
        forms,
        [1 if has else -1 for has in indented] if kept else [0] * len(lines),
        [came or first in "（(" for came, first in zip(back, firsts, strict=True)],
        map(goes_on, texts),
    )
    return list(signatures), kinds


def _opener(text: str, first: str, form: int) -> int:
    """``Signature.opener`` of a line that begins with ``first`` and has ``form``."""
    if first in _BULLETS:
        return 2
    if text[1:2] in _AFTER_ONE:
        return -1
    return int(form < 1 and first in _OPENER_FIRST and _OPENER.match(text) is not None)


def _candidates(signatures: Sequence[Signature], top: float) -> NDArray[np.float64]:
    """Column widths in em that at least two lines could fill."""
    import numpy as np

    columns = np.arange(6.0, min(70.0, max(8.0, top + 2.5)), 0.5)
    widths = np.sort(np.array([signature.width for signature in signatures]) / 2)
    fill = np.searchsorted(widths, columns + 0.5, side="right") - np.searchsorted(widths, columns - 2.0)
    kept = columns[fill >= max(2, len(signatures) // 1000)]
    return kept if len(kept) else columns[-1:]


def _form(line: Line, first: str) -> int:
    """1 when the line has the form of a heading, -1 of a verse, 0 otherwise."""
    text = line.text
    if len(text) in (12, 16) and _VERSE.match(text):
        return -1
    if first in _NUMERALS and _HEADING.match(text):
        return 1
    gaps = text.count(" ") + text.count("\u3000")
    return int(0 < gaps <= 3 and not line.spaced and _GAP.search(text) is not None)


def goes_on(text: str) -> int:
    """2 when the line is no heading for a full stop in its middle or a speaker at its head, 1 when it breaks off.

    A heading does not end in mid-clause: ``goes_on("主跨520米，双") == 1``; ``goes_on("记者：为什么？") == 2``.
    """
    if "。" in text[:-1] or text.startswith(_SPEAKERS):
        return 2
    return int(text[-1] in _PAUSES or text[-2:-1] in _PAUSES)


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
    single), head. ``steps`` has shape (kind, 3 groups, 5 roles). Arrays below are over (role or group,
    segment, column); what is needed to walk back is kept for every step.
    """
    import numpy as np

    count, begin = len(codes), np.array(starts)
    low = np.maximum(0, begin - _OVERLAP)
    high = np.minimum(count, begin + step + _OVERLAP)
    length = int((high - low).max())
    size, width = len(starts), costs.shape[2]
    lines = np.minimum(low + np.arange(length)[:, None], count - 1)
    live = low + np.arange(length)[:, None] < high
    whole = live.all(axis=1).tolist()
    emitted = costs[codes[lines]].transpose(0, 2, 1, 3)
    kind = kinds[lines]
    onward = steps[kind].transpose(0, 2, 3, 1)[..., None]
    switches = np.array(SWITCHES, dtype=np.float32)[kind]
    best = np.zeros((5, size, width), dtype=np.float32)
    best[:, low == 0] = 60.0
    best[Role.SINGLE, low == 0] = 0.0
    groups = np.empty((3, size, width), dtype=np.float32)
    later = np.zeros((length, 2, size, width), dtype=bool)  # of an open or closed group, its second role
    switched = np.zeros((length, 3, size, width), dtype=bool)
    grouped = np.empty((length, 3, size, width), dtype=np.float32)
    ended = ~live[:, None, :, None]
    closed = np.zeros((length, 5, size, width), dtype=bool)
    heads = np.zeros((length, 5, size, width), dtype=bool)
    for t in range(length):
        np.less(best[1:4:2], best[0:3:2], out=later[t])
        staying = grouped[t]
        np.minimum(best[0:3:2], best[1:4:2], out=staying[:2])
        staying[2] = best[4]
        there = (np.minimum.reduce(staying, axis=2) + switches[t])[:, :, None]
        np.less(there, staying, out=switched[t])
        np.minimum(staying, there, out=groups)
        ways = groups[:, None] + onward[t]
        np.less(ways[1], ways[0], out=closed[t])
        fresh = np.minimum(ways[0], ways[1])
        np.less(ways[2], fresh, out=heads[t])
        np.minimum(fresh, ways[2], out=fresh)
        fresh += emitted[t]
        if not whole[t]:
            np.copyto(fresh, best, where=ended[t])
        best = fresh
    best[Role.FIRST : Role.MIDDLE + 1, high == count] += 4.0
    ends = best.transpose(1, 0, 2).reshape(size, -1).argmin(axis=1).tolist()
    for segment, end in enumerate(ends):
        role, column = divmod(end, width)
        start, stop = int(low[segment]), int(high[segment])
        kept = range(starts[segment], min(starts[segment] + step, stop))
        for t in range(stop - start - 1, -1, -1):
            if start + t in kept:
                found[start + t] = role
                places[start + t] = column
            group = 2 if heads[t, role, segment, column] else int(closed[t, role, segment, column])
            if switched[t, group, segment, column]:
                column = int(grouped[t, group, segment].argmin())
            role = int(Role.HEAD) if group == 2 else 2 * group + int(later[t, group, segment, column])
