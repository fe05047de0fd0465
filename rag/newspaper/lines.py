"""Raw text as measured lines: where each printed line stands, how wide it was set, what marks it bears.

Widths are in em (one Han character = 1). A Chinese full stop or comma is set on half an em or on a
whole one, depending on the paper, so a line carries the two numbers a width is made of. This module
knows nothing of paragraphs, headings or articles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

MARKS = "，。、；：？！“”‘’（）《》〈〉【】「」『』〔〕﹁﹂﹃﹄"
"""Punctuation that a typesetter may set on half an em."""

NO_START = "，。、；：？！”’）》〉】」』〕…—·,.;:?!)%％"
"""What must not begin a line, and therefore goes over with the character before it."""

_CLOSERS = "”’」』）》)〉】〕\"'﹂﹄]"
MAY_CLOSE = frozenset(_CLOSERS + "。｡！？…!?；;：:")
_STOPS = "，。、；！？"
_OTHER_WIDE = "—…―■□●◎▲△◆◇○★☆"
_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x3040, 0x30FF), (0xAC00, 0xD7A3), (0x20000, 0x3FFFF))
_WIDE = ((0x2E80, 0xA4CF), (0xFE30, 0xFE4F), (0xFF00, 0xFF60))
_LETTER_SPACED = re.compile("(?:[HPMW]s){3}")
_FIRST_TOKEN = re.compile(
    f"[“‘（《〈【「『〔(\\[]*(?:[0-9A-Za-z][0-9A-Za-z.,:%/+\\-]*|——|……|.)[{re.escape(NO_START)}]*"
)
_CLINGS = frozenset(NO_START)
_LATIN_GAP = re.compile(r"[A-Za-z,.)] (?=[A-Za-z(])")
_MIXED_GAP = re.compile(r"[\u4e00-\u9fff] (?=[0-9A-Za-z])|[0-9A-Za-z%] (?=[\u4e00-\u9fff])")


class _Classes(dict[int, str]):
    """Code point → one letter: Han H, stop P, other half-em mark M, other wide W, space s, narrow n."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character in _STOPS:
            kind = "P"
        elif character in MARKS:
            kind = "M"
        elif any(low <= code <= high for low, high in _HAN):
            kind = "H"
        elif character.isspace():
            kind = "s"
        elif character in _OTHER_WIDE or any(low <= code <= high for low, high in _WIDE):
            kind = "W"
        else:
            kind = "n"
        self[code] = kind
        return kind


_CLASSES = _Classes()


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
    classes = raw.translate(_CLASSES)
    lines: list[Line] = []
    blank, broken = 0, False
    position = 0
    for piece in raw.splitlines(keepends=True):
        text = piece.strip()
        if text:
            lead = len(piece) - len(piece.lstrip()) if piece[0].isspace() else 0
            start = position + lead
            lines.append(_measure(text, start, piece[:lead], blank, broken, classes))
            blank, broken = 0, False
        else:
            blank += 1
        broken = broken or "\f" in piece
        position += len(piece)
    return lines


def _measure(text: str, start: int, lead: str, blank: int, broken: bool, classes: str) -> Line:
    end = start + len(text)
    han, stops = classes.count("H", start, end), classes.count("P", start, end)
    marks = stops + classes.count("M", start, end)
    spaces = classes.count("s", start, end)
    narrow = classes.count("n", start, end)
    em = len(text) - marks - spaces - 0.5 * narrow
    spaced = spaces >= 3 and _LETTER_SPACED.search(classes, start, end) is not None
    if spaces and narrow > 1 and narrow < 2000:
        # a gap beside a Han character is the extractor's, one between Latin words was set
        em += 0.25 * len(_LATIN_GAP.findall(text))
    gaps = len(_MIXED_GAP.findall(text)) if spaces and narrow and not spaced else 0
    if classes[start] == "H" and text[1:2] not in _CLINGS:
        head_em, head_marks = 1.0, 0  # as most lines begin
    else:
        token = _FIRST_TOKEN.match(text)
        head_em, head_marks = _head_em(token.group() if token and token.end() < 80 else text[0])
    indent = sum(_INDENTS.get(c, 0.5) for c in lead) if lead else 0.0
    return Line(start, end, text, em, marks, indent, blank, spaced, han, head_em, head_marks, stops, gaps, broken)


_INDENTS = {"\u3000": 1.0, "\t": 2.0, "\f": 0.0, "\v": 0.0}


@lru_cache(maxsize=8192)
def _head_em(token: str) -> tuple[float, int]:
    classes = token.translate(_CLASSES)
    marks = classes.count("M") + classes.count("P")
    return len(token) - marks - 0.5 * classes.count("n"), marks


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
    blanks = sorted(line.blank for line in lines[1:]) or [0]
    usual = blanks[len(blanks) // 2]
    many = sum(line.blank > usual for line in lines) > 0.25 * len(lines)
    indents = sorted(line.indent for line in lines if line.indent >= 1.0)
    kept = indents[len(indents) // 2] if len(indents) > 0.04 * len(lines) else 0.0
    return [
        number == 0
        or line.after_break
        or line.indent == 0.5
        or (kept > 0 and line.indent == kept + 0.5)
        or (line.blank > usual and not many)
        for number, line in enumerate(lines)
    ]
