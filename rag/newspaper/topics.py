"""How much two texts are about the same thing, from the character pairs they share. Knows nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import chain, repeat
from math import log, sqrt
from operator import add

_NOT_WORD = re.compile(r"[\W_]+")
_SAMPLE = 100
_PARAGRAPHS = 1000
_FEW = 300


def letters(text: str) -> str:
    """``text`` without marks and white space."""
    return _NOT_WORD.sub("", text)


def pairs(text: str) -> set[str]:
    """Adjacent character pairs of ``text``, marks and white space left out: ``{"国家", "家元"}``."""
    words = letters(text)
    return set(map(add, words, words[1:]))


class Topics:
    """Compares texts of one page: pairs that stand in many of its paragraphs count for little.

    Weights are read off the beginnings of the paragraphs, and only when needed: for a few pairs each by itself,
    for many all at once.
    """

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self._paragraphs = paragraphs[:_PARAGRAPHS]
        self._squares: dict[str, float] = {}
        self._all = False
        self._totals: dict[int, tuple[set[str], float]] = {}

    @cached_property
    def _sample(self) -> list[str]:
        return [letters(paragraph[:_SAMPLE]) for paragraph in self._paragraphs]

    @cached_property
    def _table(self) -> list[float]:
        """Squared weight of a pair by the number of paragraphs that it stands in."""
        total = len(self._paragraphs)
        return [log(2.0 + total) ** 2, *(log(1.0 + (total + 1) / count) ** 2 for count in range(1, total + 1))]

    def weight(self, found: Collection[str]) -> float:
        """Sum of squared weights."""
        if not self._all and len(self._squares) + len(found) <= _FEW:
            for pair in found:
                if pair not in self._squares:
                    self._squares[pair] = self._table[sum([pair in text for text in self._sample])]
        elif not self._all:
            counts = Counter(chain.from_iterable(set(map(add, text, text[1:])) for text in self._sample))
            self._squares = {pair: self._table[count] for pair, count in counts.items()}
            self._all = True
        return sum(map(self._squares.get, found, repeat(self._table[0])))

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
        return self._share(part, part & whole)

    def mentioned(self, part: set[str], texts: Sequence[str]) -> float:
        """Share of ``part``'s weight that stands in one of ``texts`` (of ``letters``), in [0, 1]."""
        whole = "\n".join(texts)
        return self._share(part, {pair for pair in part if pair in whole})

    def _share(self, part: set[str], common: set[str]) -> float:
        return self.weight(common) / self.weight(part) if common else 0.0
