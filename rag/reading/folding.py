"""Text folded one character to one, so that a span of the folded text is a span of the text.

What meets is decided in `rag.terms`; this adds speed (a table of characters already folded). Knows
nothing of words, questions or models.
"""

from __future__ import annotations

from functools import lru_cache

from rag.terms import fold_character

_folded = lru_cache(maxsize=65536)(fold_character)


def fold(text: str) -> str:
    """Return ``text`` folded; the length never changes.

    >>> fold("２０１５年，臺灣")
    '2015年,台湾'
    """
    return "".join(map(_folded, text))
