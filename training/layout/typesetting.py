"""Break Chinese text into justified lines the way a newspaper's typesetting system does.

Line-start and line-end prohibitions (避头尾, GB/T 15834 and W3C clreq §3.1), numbers and Latin words
kept whole, punctuation set on half an em or on a whole one and squeezed where a line needs it. A line
that could not be filled is stretched; stretch is what later shows as letter-spacing. Widths are in em.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

NO_START = set("，。、；：？！”’）》〉】」』…—·,.;:?!)%％")
NO_END = set("“‘（《〈【「『([")
MARKS = set("，。、；：？！“”‘’（）《》〈〉【】「」『』")

_TOKEN = re.compile(r"（[上紧下][接转]第?[^）]{1,8}）|[0-9A-Za-z][0-9A-Za-z.,:%/+\-]*[0-9A-Za-z%]|——|……|\S")


@dataclass(frozen=True, slots=True)
class SetLine:
    """One set line: its tokens, its natural width and the width of the column it fills.

    ``last`` is true for a paragraph's last line, which is not justified. ``indent`` in em.
    """

    tokens: tuple[str, ...]
    natural: float
    measure: float
    indent: float
    last: bool

    @property
    def stretch(self) -> float:
        """White space in em that justification had to share out over the line."""
        return 0.0 if self.last else max(0.0, self.measure - self.indent - self.natural)


@dataclass(frozen=True, slots=True)
class Style:
    """How a paper sets type. ``mark`` is the width of punctuation; ``squeeze`` the least it may get."""

    mark: float = 0.5
    squeeze: float = 0.5
    pull_in: float = 0.5
    """Em by which a line may be over-full after squeezing, to keep a mark off the next line's start."""
    break_numbers: bool = False


def tokens(text: str) -> list[str]:
    """Words that must not be broken, in order; white space between Latin words is kept on the word.

    ``tokens("达948亿 美元") == ["达", "948", "亿", "美", "元"]``.
    """
    found: list[str] = []
    position = 0
    for match in _TOKEN.finditer(text):
        gap = text[position : match.start()]
        if gap and found and found[-1][-1:].isascii() and match.group()[0].isascii():
            found[-1] += " "
        found.append(match.group())
        position = match.end()
    return found


def width(token: str, style: Style) -> float:
    """Natural width of a token in em."""
    total = 0.0
    for c in token:
        if c in MARKS:
            total += style.mark
        elif c.isascii() or c == "·":
            total += 0.25 if c == " " else 0.5
        else:
            total += 1.0
    return total


def set_paragraph(text: str, measure: Callable[[int], float], style: Style, indent: float = 2.0) -> list[SetLine]:
    """Lines of one paragraph; ``measure(n)`` is the column width of its ``n``-th line (from 0)."""
    words = tokens(text)
    lines: list[SetLine] = []
    at = 0
    while at < len(words):
        lead = indent if not lines else 0.0
        room = measure(len(lines)) - lead
        count = _fit(words, at, room, style)
        taken = words[at : at + count]
        natural = sum(width(word, style) for word in taken)
        at += count
        lines.append(SetLine(tuple(taken), natural, room + lead, lead, at >= len(words)))
    return lines


def _fit(words: list[str], at: int, room: float, style: Style) -> int:
    """How many words from ``at`` go on a line of ``room`` em. At least one."""
    used, saved, count = 0.0, 0.0, 0
    while at + count < len(words):
        word = words[at + count]
        used += width(word, style)
        saved += sum(style.mark - style.squeeze for c in word if c in MARKS)
        # squeezing is for the mark that would otherwise begin a line, not for one more Han character
        limit = room + (min(saved, 1.0) + style.pull_in if word[0] in NO_START else 0.0)
        if used > limit + 1e-9:
            break
        count += 1
    if at + count >= len(words):
        return max(1, count)
    while count > 1 and (words[at + count][0] in NO_START or words[at + count - 1][0] in NO_END):
        count -= 1
    return max(1, count)
