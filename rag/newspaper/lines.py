"""Raw text as measured lines: where each printed line stands, how wide it was set, what marks it bears.

Widths are in em (one Han character = 1). A Chinese full stop or comma is set on half an em or on a
whole one, depending on the paper, so a line carries the two numbers a width is made of. This module
knows nothing of paragraphs, headings or articles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

MARKS = "，。、；：？！“”‘’（）《》〈〉【】「」『』〔〕﹁﹂﹃﹄"
"""Punctuation that a typesetter may set on half an em."""

NO_START = "，。、；：？！”’）》〉】」』〕…—·,.;:?!)%％"
"""What must not begin a line, and therefore goes over with the character before it."""

_CLOSERS = "”’」』）》)〉】〕\"'﹂﹄]"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7a3\U00020000-\U0003ffff"
_WIDE = re.compile("[\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003ffff—…“”‘’―■□●◎▲△◆◇]")
_MARK = re.compile(f"[{MARKS}]")
_LETTER_SPACED = re.compile(f"(?:[{_HAN}{MARKS}—][ \u00a0\u2002-\u200a\u3000]){{3}}")
_FIRST_TOKEN = re.compile(
    f"[“‘（《〈【「『〔(\\[]*(?:[0-9A-Za-z][0-9A-Za-z.,:%/+\\-]*|——|……|.)[{re.escape(NO_START)}]*"
)
_LATIN_GAP = re.compile(r"[A-Za-z,.)] (?=[A-Za-z(])")
_HAN_CHARACTER = re.compile(f"[{_HAN}]")


@dataclass(frozen=True, slots=True)
class Line:
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
    after_break: bool = False
    """A form feed stood before this line: a new page."""

    def width(self, mark: float) -> float:
        """Width in em when a punctuation mark is set on ``mark`` em."""
        return self.em + self.marks * mark


def split_lines(raw: str) -> list[Line]:
    """Every line of ``raw`` that has a character other than white space, in order."""
    lines: list[Line] = []
    blank, broken = 0, False
    position = 0
    for piece in raw.splitlines(keepends=True):
        text = piece.strip()
        if text:
            lead = len(piece) - len(piece.lstrip())
            lines.append(_measure(text, position + lead, piece[:lead], blank, broken))
            blank, broken = 0, False
        else:
            blank += 1
        broken = broken or "\f" in piece
        position += len(piece)
    return lines


def _measure(text: str, start: int, lead: str, blank: int, broken: bool) -> Line:
    em, marks, spaced = _em(text)
    head = _FIRST_TOKEN.match(text)
    head_em, head_marks, _ = _short_em(head.group() if head else text[0])
    indent = 0.0
    if lead:
        indent = sum(1.0 if c == "\u3000" else 2.0 if c == "\t" else 0.5 for c in lead if c not in "\f\v")
    han = len(_HAN_CHARACTER.findall(text))
    return Line(start, start + len(text), text, em, marks, indent, blank, spaced, han, head_em, head_marks, broken)


def _em(text: str) -> tuple[float, int, bool]:
    """(width without marks, number of marks, letter-spaced?) of ``text``."""
    if len(text) > 2000:  # no column is so wide; only its being long matters
        return float(len(text)), 0, False
    wide = len(_WIDE.findall(text))
    marks = len(_MARK.findall(text))
    words = text.split()
    spaces = len(text) - sum(map(len, words)) if len(words) > 1 else 0
    spaced = spaces >= 3 and _LETTER_SPACED.search(text) is not None
    # a gap beside a Han character is the extractor's, one between Latin words was set
    words_apart = len(_LATIN_GAP.findall(text)) if spaces else 0
    em = (wide - marks) + 0.5 * (len(text) - wide - spaces) + 0.25 * words_apart
    return em, marks, spaced


_short_em = lru_cache(maxsize=8192)(_em)


@lru_cache(maxsize=8192)
def closing(tail: str) -> int:
    """How surely a line with these last characters ends a paragraph.

    0 not; 1 it may (``：``, ``；``, ``）``); 2 it does, or is an exclaiming headline (``！``, ``？``, ``…``);
    3 it does (``。``). Closing quotes and brackets after the mark change nothing.
    """
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
