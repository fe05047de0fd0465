"""Which printed line begins a paragraph, from the widths of justified columns.

A justified column has one width W. Middle lines fill it; a paragraph's first line is two em narrower,
because its indent vanished on extraction; its last line may be anything up to W. Columns change width
inside an article. The most likely reading of all lines together is found by dynamic programming over
(role of the line, column width), see ``decoding``. Knows nothing of articles or of what headings mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.newspaper.costs import Features, Role
from rag.newspaper.decoding import decode
from rag.newspaper.lines import MAY_CLOSE, NO_START, Line, closing
from rag.newspaper.marks import is_byline, jump_from, jump_to

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SAMPLE = 4000
_BRACKETS = frozenset("（(【[")
_CLINGING = frozenset(NO_START)
_NUMERALS = frozenset("一二三四五六七八九十“")
_PAUSES = ("，", "、", "；")
_AFTER_ONE = ("。", "，", "；")
_SPEAKERS = ("记者：", "记者:", "问：", "问:", "答：", "答:")
_BULLETS = "●■◆▲○◎★☆"
_HEADING = re.compile(r"[一二三四五六七八九十]{1,2}、[^，。；！？]*$|“[^”，。]*”$")
_VERSES = (12, 16)
_VERSE = re.compile(r"([\u4e00-\u9fff]{5}，[\u4e00-\u9fff]{5}|[\u4e00-\u9fff]{7}，[\u4e00-\u9fff]{7})[。！？；]$")
_GAP = re.compile(r"[\u4e00-\u9fff”》）！？][ \u3000][\u4e00-\u9fff“《]")
_OPENER = re.compile(
    r"[（(]?[一二三四五六七八九十0-9０-９]{1,3}[）)、．]|[0-9]{1,2}\.(?![0-9])|——[\u4e00-\u9fff]|(?:记者|答|问)[：:]"
    r"|(?:本报|新华社|中新社|人民网|中新网|据)[^，。；]{0,20}(?:电|讯)(?:[ 　（(]|$)"
    r"|[（(](?:参与|执笔|采写|本报记者|记者|编辑|据新华社|新华社)[^）)]{0,12}[：: ]?"
)

_OPENERS = frozenset(_BULLETS + "（(一二三四五六七八九十0123456789０１２３４５６７８９—记答问本新中人据")


def read_columns(lines: Sequence[Line], set_off: Sequence[bool]) -> tuple[list[Role], list[float]]:
    """The role of every line and the width in em of the column it stands in.

    Lines are read as one stream in print order; ``set_off`` says which begin a text frame (see ``framed``).
    """
    if not lines:
        return [], []
    mark, gap = set_widths(lines)
    features, kinds = _describe(lines, set_off, mark, gap)
    columns = _candidates(features.width)
    roles, places = decode(features, kinds, columns)
    widths = (columns / 2).tolist()
    return roles, [widths[place] for place in places]


def set_widths(lines: Sequence[Line]) -> tuple[float, float]:
    """Widths in em of a punctuation mark, 0.5 or 1.0, and of a gap between Han and Latin, 0.0 or 0.25.

    Those under which neighbouring lines of text agree best. An extractor puts spaces beside digits that were
    never set; where they were set, lines with many of them hold less.
    """
    import numpy as np

    sample = [(line.em, line.marks, line.gaps) for line in lines[:_SAMPLE] if not line.spaced]
    em, marks, gaps = (np.diff(np.array(column)) for column in zip(*(sample or [(0.0, 0, 0)]), strict=True))

    def disagreement(mark: float, gap: float) -> float:
        return float(np.minimum(np.abs(em + mark * marks + gap * gaps), 1.5).sum())

    mark = 0.5 if disagreement(0.5, 0.0) <= disagreement(1.0, 0.0) else 1.0
    return mark, 0.0 if disagreement(mark, 0.0) <= disagreement(mark, 0.25) else 0.25


def _describe(lines: Sequence[Line], set_off: Sequence[bool], mark: float, gap: float) -> tuple[Features, list[int]]:
    """What the model sees of every line, and the lines' kinds (see ``transitions``); by features, for speed."""
    import numpy as np

    fields = dict(zip(Line._fields, zip(*lines, strict=True), strict=True))
    texts, blanks, spaced = fields["text"], fields["blank"], np.array(fields["spaced"])
    firsts, finals = [text[0] for text in texts], [text[-1] for text in texts]
    airy = len(lines) - blanks.count(0) > 0.6 * len(lines)
    indented = np.array(fields["indent"]) >= 1.0
    kept = 0.04 * len(lines) < indented.sum() < 0.7 * len(lines)
    back = [first in _BRACKETS and jump_from(text) is not None for first, text in zip(firsts, texts, strict=True)]
    jumps = [final in "）)】]" and jump_to(text) is not None for final, text in zip(finals, texts, strict=True)]
    joined = [airy and not blank and not off for blank, off in zip(blanks, set_off, strict=True)]
    joined[0] = False
    kinds = [
        3 if came else 1 if off or jumped else 2 if tight else 0
        for came, off, jumped, tight in zip(back, set_off, [False, *jumps], joined, strict=False)
    ]
    em, marks, gaps = (np.array(fields[name]) for name in ("em", "marks", "gaps"))
    words = np.rint(2 * (np.array(fields["head_em"]) + mark * np.array(fields["head_marks"]))).astype(np.int64)
    latin = em != np.trunc(em)
    stops = np.array(fields["stops"])
    tight = np.array(joined)
    bracket = [first in "（(" for first in firsts]
    forms = [
        _form(text, wide) if first in _NUMERALS or " " in text or "\u3000" in text or len(text) in _VERSES else 0
        for text, first, wide in zip(texts, firsts, fields["spaced"], strict=True)
    ]
    openers = [
        _opener(text, form) if first in _OPENERS or text[1:2] in _AFTER_ONE else 0
        for text, first, form in zip(texts, firsts, forms, strict=True)
    ]
    features = Features(
        width=np.rint(2 * (em + mark * marks + gap * gaps)).astype(np.int64),
        next_width=np.append(np.minimum(12, words[1:]), 2),
        slack=latin + (1 if mark == 0.5 else 3) * np.array([final in _CLINGING for final in finals]),
        stops=np.minimum(2, stops),
        closing=np.array(
            [
                4 if jumped or (opens and final in "）)") else closing(text[-4:]) if final in MAY_CLOSE else 0
                for jumped, opens, final, text in zip(jumps, bracket, finals, texts, strict=True)
            ]
        ),
        spaced=spaced,
        latin=latin,
        display=tight | np.append(tight[1:], False),
        byline=np.array([len(text) < 40 and is_byline(text) for text in texts]) & (stops < 4) & ~spaced,
        opener=np.array(openers),
        titled=np.array(forms),
        indented=np.where(indented, 1, -1) if kept else np.zeros(len(lines), dtype=np.int64),
        back=np.array(back) | np.array(bracket),
        unfinished=np.array([*map(goes_on, texts)]),
    )
    return features, kinds


def _opener(text: str, form: int) -> int:
    """``Features.opener`` of a line that has ``form``."""
    if text[0] in _BULLETS:
        return 2
    if text[1:2] in _AFTER_ONE:
        return -1
    return int(form < 1 and _OPENER.match(text) is not None)


def _candidates(widths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Column widths that at least two lines could fill; all in half em."""
    import numpy as np

    widths = np.sort(widths)
    columns = np.arange(12, min(140, max(16, widths[-1 - len(widths) // 200] + 5)))
    fill = np.searchsorted(widths, columns + 1, side="right") - np.searchsorted(widths, columns - 4)
    kept = columns[fill >= max(2, len(widths) // 1000)]
    return kept if len(kept) else columns[-1:]


def _form(text: str, spaced: bool) -> int:
    """1 when the line has the form of a heading, -1 of a verse, 0 otherwise."""
    if len(text) in _VERSES and _VERSE.match(text):
        return -1
    if text[0] in _NUMERALS and _HEADING.match(text):
        return 1
    gaps = text.count(" ") + text.count("\u3000")
    return int(0 < gaps <= 3 and not spaced and _GAP.search(text) is not None)


def goes_on(text: str) -> int:
    """2 when the line is no heading for a full stop in its middle or a speaker at its head, 1 when it breaks off.

    A heading does not end in mid-clause: ``goes_on("主跨520米，双") == 1``; ``goes_on("记者：为什么？") == 2``.
    """
    if "。" in text[:-1] or (text[0] in "记问答" and text.startswith(_SPEAKERS)):
        return 2
    return int(text[-1] in _PAUSES or text[-2:-1] in _PAUSES)
