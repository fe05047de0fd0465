"""Where the words that a passage shares with a question stand in it, and the part that holds most of them.

Knows nothing of HTML, of scores or of the library.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.splitting import sentences
from rag.terms import fold_character

Span = tuple[int, int]


def places(words: Sequence[str], text: str) -> list[Span]:
    """Return where the words stand in ``text``, without overlaps, in order.

    A word of letters must begin where a word of the text begins; one that ends with ``*`` is only its beginning.
    """
    folded = "".join(fold_character(char) for char in text)
    spans: list[Span] = []
    for word in words:
        beginning = word.endswith("*")
        sought = word.rstrip("*")
        spaced = sought[:1].isascii() or (sought[:1].isalpha() and sought[:1] < "\u3000")
        edges = rf"(?<![^\W_]){re.escape(sought)}" + ("" if beginning else r"(?![^\W_])")
        for match in re.finditer(edges if spaced else re.escape(sought), folded):
            if all(match.start() >= b or match.end() <= a for a, b in spans):
                spans.append(match.span())
    return sorted(spans)


def excerpt(words: Sequence[str], text: str, longest: int) -> tuple[str, list[Span]]:
    """Return the part of ``text`` that holds most of the words, and where they stand in it.

    It begins with a sentence and has ``longest`` characters at the most, besides dots where something is left out.

    >>> excerpt(["大桥"], "昨天有雨。大桥通车了。大家都去看。", 8)
    ('…大桥通车了。大家…', [(1, 3)])
    """
    found = places(words, text)
    starts = [start for start, _ in sentences(text)] or [0]

    def held(start: int) -> int:
        inside = {text[a:b]: b - a for a, b in found if start <= a and b <= start + longest}
        return sum(inside.values())

    start = max(starts, key=held)
    if len(text) - start < longest:  # near the end: begin earlier rather than show less
        start = next((early for early in starts if len(text) - early <= longest), start)
    end = min(len(text), start + longest)
    before, after = "…" if start > 0 else "", "…" if end < len(text) else ""
    inside = [(a - start + len(before), b - start + len(before)) for a, b in found if start <= a and b <= end]
    return f"{before}{text[start:end]}{after}", inside
