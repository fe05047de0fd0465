"""How much two texts are about the same thing, from the character pairs they share. Knows nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log, sqrt

_WORD = re.compile(r"[0-9A-Za-z]+|[^\W_]")


def pairs(text: str) -> set[str]:
    """Adjacent character pairs of ``text``, marks and white space left out: ``{"国家", "家元"}``."""
    words = _WORD.findall(text)
    return {a + b for a, b in zip(words, words[1:], strict=False)}


class Topics:
    """Compares texts of one page: pairs that stand in many of its paragraphs count for little."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        counts: Counter[str] = Counter()
        for paragraph in paragraphs:
            counts.update(pairs(paragraph))
        total = len(paragraphs) + 1
        self._weights = {pair: log(1.0 + total / count) for pair, count in counts.items()}
        self._default = log(1.0 + total)

    def weight(self, found: Iterable[str]) -> float:
        """Sum of squared weights."""
        return sum(self._weights.get(pair, self._default) ** 2 for pair in found)

    def alike(self, a: set[str], b: set[str]) -> float:
        """Cosine of the two weighted sets of pairs, in [0, 1]."""
        if not a or not b:
            return 0.0
        return self.weight(a & b) / sqrt(self.weight(a) * self.weight(b))

    def covered(self, part: set[str], whole: set[str]) -> float:
        """Share of ``part``'s weight that stands in ``whole``, in [0, 1]."""
        return self.weight(part & whole) / self.weight(part) if part else 0.0
