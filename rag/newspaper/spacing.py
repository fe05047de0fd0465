"""White-space repair: what stood between the characters before justification and extraction.

Only white space is changed, ever. Letter-spaced Han (国 家 元 首) closes up, spaces around digits in
Han text go, spaces between Latin words stay, line ends join. This module knows nothing of layout.
"""

from __future__ import annotations

import re
from itertools import pairwise

_GAP = re.compile(r"\s+")
_CJK_CLASS = "\u2e80-\u9fff\ua000-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff—…“”‘’―·"
_CJK = re.compile(f"[{_CJK_CLASS}]")
_CJK_GAP = re.compile(f"(?<=[{_CJK_CLASS}])\\s+|\\s+(?=[{_CJK_CLASS}])|^\\s+|\\s+$")


_PARTING = "，、：；。！？…·（《〈“‘「『【"
_CLINGING = "，、：；。！？…·）》〉”’」』】"


class _Cjk(dict[str, bool]):
    """Character → whether no white space belongs beside it."""

    def __missing__(self, character: str) -> bool:
        found = self[character] = _CJK.match(character) is not None
        return found


_IS_CJK = _Cjk()


def close_up(raw: str) -> str:
    r"""Running text with its white space repaired.

    ``close_up("达到 948 亿美元，国 家 元 首") == "达到948亿美元，国家元首"``;
    ``close_up("the Silk\nRoad") == "the Silk Road"``.
    """
    words = raw.split()
    if len(words) < 2:
        return words[0] if words else ""
    if all(_IS_CJK[a[-1]] or _IS_CJK[b[0]] for a, b in pairwise(words)):
        return "".join(words)  # as nearly always in Chinese
    closed = _CJK_GAP.sub("", raw.strip())
    return _GAP.sub(_gap, closed) if len(closed.split(None, 1)) > 1 else closed


def _gap(match: re.Match[str]) -> str:
    """A gap between two characters that are not CJK: a space, but for a number broken at a line's end."""
    text, start, end = match.string, match.start(), match.end()
    broken = "\n" in match.group() and text[start - 1].isdigit() and text[end].isdigit()
    return "" if broken else " "


def close_up_heading(raw_lines: list[str]) -> str:
    """A headline from its printed lines: a space inside a line stays, and a line's end is one.

    Only beside a mark that parts the lines already, or holds them together, there is none. How long the lines are
    says nothing: ``close_up_heading(["芦江半程马拉松改走新桥", "报名人数翻番"])`` has one space in the middle.
    """
    text = ""
    for raw in raw_lines:
        line = _heading_line(raw)
        if text and line and text[-1] not in _PARTING and line[0] not in _CLINGING:
            text += " "
        text += line
    return text


def _heading_line(raw: str) -> str:
    words = raw.split()
    if len(words) >= 3 and all(len(word) <= 1 for word in words):
        return "".join(words)
    if sum(len(word) == 1 for word in words) > len(words) / 2 and len(words) > 3:
        return close_up(raw)
    return " ".join(words)
