"""Raw text as measured lines: where each printed line stands, how wide it was set, what marks it bears.

Widths are in em (one Han character = 1). A Chinese full stop or comma is set on half an em or on a
whole one, depending on the paper, so a line carries the two numbers a width is made of. This module
knows nothing of paragraphs, headings or articles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

PUNCTUATION = "，。、；：？！“”‘’（）《》〈〉【】「」『』〔〕﹁﹂﹃﹄"
"""Marks that a typesetter may set on half an em."""

TERMINALS = "。！？…!?"
CLOSERS = "”’」』）》〉】〕)\"'﹂﹄]"
OPENERS = "“‘「『（《〈【〔(﹁﹃["

_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*")
_SPACES = re.compile(r"\s+")
_NOT_SPACE = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line that is not blank.

    ``start``/``end`` are its span in the raw text, outer white space cut off; ``em`` its width without
    ``marks`` (the number of CJK punctuation marks in it). ``indent`` is the leading white space in em.
    ``blank`` is the number of blank lines before it; ``spaced`` says that its letters stand apart.
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

    def width(self, mark: float) -> float:
        """Width in em when a punctuation mark is set on ``mark`` em."""
        return self.em + self.marks * mark


def is_wide(character: str) -> bool:
    """True for characters set on a whole em: Han, kana, Hangul, full-width forms and CJK marks."""
    code = ord(character)
    return (
        0x2E80 <= code <= 0xA4CF
        or 0xAC00 <= code <= 0xD7FF
        or 0xF900 <= code <= 0xFAFF
        or 0xFE30 <= code <= 0xFE4F
        or 0xFF00 <= code <= 0xFF60
        or 0x20000 <= code <= 0x3FFFF
        or character in "—…“”‘’―"
    )


_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7a3\U00020000-\U0003ffff]")
_WIDE = re.compile("[\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003ffff—…“”‘’―]")
_MARK = re.compile(f"[{PUNCTUATION}]")
_LETTER_SPACED = re.compile("(?:[\u2e80-\u9fff，。、；：“”‘’（）《》！？—] ){3}")


def split_lines(raw: str) -> list[Line]:
    """Every line of ``raw`` that has a character other than white space, in order."""
    lines: list[Line] = []
    blank = 0
    position = 0
    for piece in raw.splitlines(keepends=True):
        text = piece.strip()
        if not text:
            blank += 1
        else:
            lead = len(piece) - len(piece.lstrip())
            start = position + lead
            lines.append(_measure(text, start, piece[:lead], blank))
            blank = 0
        position += len(piece)
    return lines


def _measure(text: str, start: int, lead: str, blank: int) -> Line:
    wide = len(_WIDE.findall(text))
    marks = len(_MARK.findall(text))
    spaces = text.count(" ")
    spaced = spaces >= 3 and _LETTER_SPACED.search(text) is not None
    narrow = len(text) - wide - spaces
    em = (wide - marks) + 0.5 * narrow + (0.0 if spaced else 0.25 * spaces)
    indent = sum(1.0 if c == "\u3000" else 2.0 if c == "\t" else 0.5 for c in lead)
    return Line(start, start + len(text), text, em, marks, indent, blank, spaced, len(_HAN.findall(text)))


@lru_cache(maxsize=4096)
def ends_sentence(tail: str) -> bool:
    """True when a line with these last characters may end a sentence: ``…。”`` and the like."""
    stripped = tail.rstrip(CLOSERS)
    return bool(stripped) and (stripped[-1] in TERMINALS or stripped[-1] in "；;：:")
