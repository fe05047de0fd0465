"""Raw text as measured lines: where each printed line stands, how wide it was set, what marks it bears.

Widths are in em (one Han character = 1). A Chinese full stop or comma is set on half an em or on a
whole one, depending on the paper, so a line carries the two numbers a width is made of. This module
knows nothing of paragraphs, headings or articles.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MARKS = "，。、；：？！“”‘’（）《》〈〉【】「」『』〔〕﹁﹂﹃﹄"
"""Punctuation that a typesetter may set on half an em."""

NO_START = "，。、；：？！”’）》〉】」』〕…—·,.;:?!)%％"
"""What must not begin a line, and therefore goes over with the character before it."""

_CLOSERS = "”’」』）》)〉】〕\"'﹂﹄]"
MAY_CLOSE = frozenset(_CLOSERS + "。｡！？…!?；;：:")
_STOPS = "，。、；！？"
_OTHER_WIDE = "—…―■□●◎▲△◆◇○★☆"
_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x3040, 0x30FF), (0xAC00, 0xD7A3), (0x20000, 0x3FFFF))
_LAST_SPACE = 0x3000
_WIDE = ((0x2E80, 0xA4CF), (0xFE30, 0xFE4F), (0xFF00, 0xFF60))
_LETTER_SPACED = re.compile(b"(?:[HPMW]s){3}")
_HAN_CLASS = ord("H")
_FIRST_TOKEN = re.compile(
    f"[“‘（《〈【「『〔(\\[]*(?:[0-9A-Za-z][0-9A-Za-z.,:%/+\\-]*|——|……|.)[{re.escape(NO_START)}]*"
)
_CLINGS = frozenset(NO_START)
_LATIN_GAP = re.compile(r"[A-Za-z,.)] (?=[A-Za-z(])")
_MIXED_GAP = re.compile(r"[\u4e00-\u9fff] (?=[0-9A-Za-z])|[0-9A-Za-z%] (?=[\u4e00-\u9fff])")


class Line(NamedTuple):
    """One printed line that is not blank.

    ``start``/``end`` are its span in the raw text, outer white space cut off; ``em`` its width without
    ``marks`` (the number of CJK punctuation marks in it). ``indent`` is the leading white space in em.
    ``blank`` is the number of blank lines before it; ``spaced`` says that its letters stand apart.
    ``head_em``/``head_marks`` measure what would have had to fit on the line before: the first word and
    the marks that cling to it.
    """

    start: int
    end: int
    text: str
    em: float
    marks: int
    indent: float
    blank: int
    spaced: bool
    han: int
    head_em: float
    head_marks: int
    stops: int = 0
    """Commas, full stops and the like among its marks."""
    gaps: int = 0
    """Single spaces between a Han character and a digit or Latin letter."""
    after_break: bool = False
    """A form feed stood before this line: a new page."""
    after_furniture: bool = False
    """Page furniture, since taken away, stood before this line."""

    def width(self, mark: float, gap: float = 0.0) -> float:
        """Width in em when a punctuation mark is set on ``mark`` em and a gap beside Latin on ``gap``."""
        return self.em + self.marks * mark + self.gaps * gap


def split_lines(raw: str) -> list[Line]:
    """Every line of ``raw`` that has a character other than white space, in order."""
    classes = _classes(raw)
    lines: list[Line] = []
    blank, broken = 0, False
    position = 0
    for piece in raw.splitlines(keepends=True):
        text = piece.strip()
        if text:
            lead = len(piece) - len(piece.lstrip()) if piece[0].isspace() else 0
            lines.append(_measure(text, position + lead, piece[:lead], blank, broken, classes))
            blank, broken = 0, False
        else:
            blank += 1
        broken = broken or "\f" in piece
        position += len(piece)
    return lines


def _classes(raw: str) -> bytes:
    """One letter for each character: Han H, stop P, other half-em mark M, other wide W, space s, narrow n."""
    import numpy as np

    codes = np.frombuffer(raw.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    letters: NDArray[np.uint8] = _class_table()[codes]
    return letters.tobytes()


@lru_cache(maxsize=1)
def _class_table() -> NDArray[np.uint8]:
    """Code point → letter; see ``_classes``."""
    import numpy as np

    table = np.full(sys.maxunicode + 1, ord("n"), dtype=np.uint8)
    for low, high in _WIDE:
        table[low : high + 1] = ord("W")
    table[[ord(character) for character in _OTHER_WIDE]] = ord("W")
    table[[code for code in range(_LAST_SPACE + 1) if chr(code).isspace()]] = ord("s")
    for low, high in _HAN:
        table[low : high + 1] = ord("H")
    table[[ord(character) for character in MARKS]] = ord("M")
    table[[ord(character) for character in _STOPS]] = ord("P")
    return table


def _measure(text: str, start: int, lead: str, blank: int, broken: bool, classes: bytes) -> Line:
    length = len(text)
    end = start + length
    han, stops = classes.count(b"H", start, end), classes.count(b"P", start, end)
    marks = stops + classes.count(b"M", start, end)
    em, spaced, gaps = float(length - marks), False, 0
    if han + marks < length:
        spaces, narrow = classes.count(b"s", start, end), classes.count(b"n", start, end)
        em -= spaces + 0.5 * narrow
        spaced = spaces >= 3 and _LETTER_SPACED.search(classes, start, end) is not None
        if spaces and 1 < narrow < 2000:
            # a gap beside a Han character is the extractor's, one between Latin words was set
            em += 0.25 * len(_LATIN_GAP.findall(text))
        gaps = len(_MIXED_GAP.findall(text)) if spaces and narrow and not spaced else 0
    if classes[start] == _HAN_CLASS and text[1:2] not in _CLINGS:
        head_em, head_marks = 1.0, 0  # as most lines begin
    else:
        token = _FIRST_TOKEN.match(text)
        head_em, head_marks = _head_em(token.group() if token and token.end() < 80 else text[0])
    indent = sum(_INDENTS.get(c, 0.5) for c in lead) if lead else 0.0
    return Line(start, end, text, em, marks, indent, blank, spaced, han, head_em, head_marks, stops, gaps, broken)


_INDENTS = {"\u3000": 1.0, "\t": 2.0, "\f": 0.0, "\v": 0.0}


@lru_cache(maxsize=8192)
def _head_em(token: str) -> tuple[float, int]:
    classes = _classes(token)
    marks = classes.count(b"M") + classes.count(b"P")
    return len(token) - marks - 0.5 * classes.count(b"n"), marks


def closing(tail: str) -> int:
    """How surely a line with these last characters ends a paragraph.

    0 not; 1 it may (``：``, ``；``, ``）``); 2 it does, or is an exclaiming headline (``！``, ``？``, ``…``);
    3 it does (``。``). Closing quotes and brackets after the mark change nothing.
    """
    if not tail or tail[-1] not in MAY_CLOSE:
        return 0
    stripped = tail.rstrip(_CLOSERS)
    if not stripped:
        return 0
    if stripped[-1] in "。｡":
        return 3
    if stripped[-1] in "！？…!?":
        return 2
    return 1 if stripped[-1] in "；;：:" or tail[-1] in "）)】" else 0


def ends_sentence(tail: str) -> bool:
    """True when a line with these last characters may end a sentence."""
    return closing(tail) > 0


def framed(lines: Sequence[Line]) -> list[bool]:
    """For each line, whether white space sets it off as the start of a text frame.

    Extraction marks a new frame by one leading space (where indents are not kept) or by more blank lines
    than usual.
    """
    if not lines:
        return []
    gaps, indents = [line.blank for line in lines], [line.indent for line in lines]
    usual = sorted(gaps[1:] or [0])[(len(lines) - 1) // 2]
    many = sum([gap > usual for gap in gaps]) > 0.25 * len(lines)
    deep = sorted(indent for indent in indents if indent >= 1.0)
    kept = deep[len(deep) // 2] if len(deep) > 0.04 * len(lines) else 0.0
    starts = {0.5, kept + 0.5} if kept else {0.5}
    found = [
        indent in starts or line.after_break or (gap > usual and not many)
        for line, gap, indent in zip(lines, gaps, indents, strict=True)
    ]
    found[0] = True
    return found
