"""Which word translates which, learned from sentence pairs: IBM model 1, both directions.

Brown et al. 1993, "The Mathematics of Statistical Machine Translation", by expectation–maximisation over
all pairs of a sentence at once (NumPy). The product of the two directions is kept: a pair must choose each other.
Knows lists of words, no languages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

ROUNDS = 6
_LONGEST = 50


def align(
    pairs: Sequence[tuple[Sequence[str], Sequence[str]]], least: float = 0.05
) -> dict[str, dict[str, tuple[float, float, int]]]:
    """Return for each word of the first side its translations: p(translation | word), p(word | translation), times.

    >>> learned = align([(["red", "house"], ["红", "房"]), (["red", "car"], ["红", "车"]), (["house"], ["房"])])
    >>> max(learned["red"], key=lambda word: learned["red"][word][0])
    '红'

    Args:
        pairs: the words of both sides of each sentence pair.
        least: what either probability must reach.
    """
    left, right = _Numbers(), _Numbers()
    lefts, rights, groups_l, groups_r = [], [], [], []
    left_at = right_at = 0
    together: Counter[tuple[int, int]] = Counter()
    for a, b in pairs:
        one = left.numbers(a[:_LONGEST])
        other = right.numbers(b[:_LONGEST])
        if not len(one) or not len(other):
            continue
        lefts.append(np.repeat(one, len(other)))
        rights.append(np.tile(other, len(one)))
        groups_l.append(np.repeat(np.arange(left_at, left_at + len(one)), len(other)))
        groups_r.append(np.tile(np.arange(right_at, right_at + len(other)), len(one)))
        left_at, right_at = left_at + len(one), right_at + len(other)
        together.update({(x, y) for x in set(one.tolist()) for y in set(other.tolist())})
    if not lefts:
        return {}
    x, y = np.concatenate(lefts), np.concatenate(rights)
    codes, link = np.unique(x.astype(np.int64) * len(right.words) + y, return_inverse=True)
    sources, targets = codes // len(right.words), codes % len(right.words)
    forward = _estimate(link, sources, np.concatenate(groups_r), right_at)
    backward = _estimate(link, targets, np.concatenate(groups_l), left_at)
    learned: dict[str, dict[str, tuple[float, float, int]]] = {}
    for index in np.flatnonzero((forward >= least) & (backward >= least)):
        a, b = int(sources[index]), int(targets[index])
        found = (float(forward[index]), float(backward[index]), together[a, b])
        learned.setdefault(left.words[a], {})[right.words[b]] = found
    return learned


def _estimate(
    link: NDArray[np.int64], given: NDArray[np.int64], group: NDArray[np.int64], groups: int
) -> NDArray[np.float64]:
    """p(the other word | ``given``) for each kind of link; a ``group`` shares out one word of the other side."""
    chance = np.ones(len(given))
    for _ in range(ROUNDS):
        weight = chance[link]
        weight /= np.bincount(group, weight, groups)[group]
        counts = np.bincount(link, weight, len(given))
        chance = counts / np.bincount(given, counts)[given]
    return chance


class _Numbers:
    """Words as numbers, in order of appearance."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}
        self.words: list[str] = []

    def numbers(self, words: Sequence[str]) -> NDArray[np.int64]:
        for word in words:
            if word not in self._index:
                self._index[word] = len(self.words)
                self.words.append(word)
        return np.array([self._index[word] for word in words], dtype=np.int64)
