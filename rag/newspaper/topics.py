"""How much two texts are about the same thing, from the character pairs they share. Knows nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from math import log, sqrt
from operator import add

_NOT_WORD = re.compile(r"[\W_]+")
_SAMPLE = 100
_PARAGRAPHS = 1000


def pairs(text: str) -> set[str]:
    """Adjacent character pairs of ``text``, marks and white space left out: ``{"国家", "家元"}``."""
    words = _NOT_WORD.sub("", text)
    return set(map(add, words, words[1:]))


class Topics:
    """Compares texts of one page: pairs that stand in many of its paragraphs count for little.

    Weights are read off the beginnings of the paragraphs, and only when first needed.
    """

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self._paragraphs = paragraphs
        self._squares: dict[str, float] = {}
        self._totals: dict[int, tuple[set[str], float]] = {}
        self._default = log(2.0 + min(len(paragraphs), _PARAGRAPHS)) ** 2

    def weight(self, found: Iterable[str]) -> float:
        """Sum of squared weights."""
        if not self._squares:
            sample = (pairs(paragraph[:_SAMPLE]) for paragraph in self._paragraphs[:_PARAGRAPHS])
            counts = Counter(chain.from_iterable(sample))
            total = min(len(self._paragraphs), _PARAGRAPHS) + 1
            table = [0.0, *(log(1.0 + total / count) ** 2 for count in range(1, max(counts.values(), default=0) + 1))]
            self._squares = {pair: table[count] for pair, count in counts.items()}
        return sum(map(self._squares.get, found, repeat(self._default)))

    def alike(self, a: set[str], b: set[str]) -> float:
        """Cosine of the two weighted sets of pairs, in [0, 1]."""
        common = a & b
        if not common:
            return 0.0
        return self.weight(common) / sqrt(self._total(a) * self._total(b))

    def _total(self, found: set[str]) -> float:
        """Weight of a whole set, remembered; the sets compared are never changed."""
        key = id(found)
        known = self._totals.get(key)
        if known is None or known[0] is not found:
            known = self._totals[key] = (found, self.weight(found))
        return known[1]

    def covered(self, part: set[str], whole: set[str]) -> float:
        """Share of ``part``'s weight that stands in ``whole``, in [0, 1]."""
        common = part & whole
        return self.weight(common) / self.weight(part) if common else 0.0
