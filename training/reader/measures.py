"""How right an answer is: exact match and F1 by the rules of each set's official scorer, and plain statistics.

Chinese by CMRC 2018 (punctuation dropped, F1 over the longest common run of characters, Latin words and
numbers whole); Japanese and Korean over a bag of characters (JaQuAD, KorQuAD); others over a bag of words
(SQuAD). Knows strings and numbers only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from rag.reading.folding import fold

_PUNCTUATION = re.compile(r"[\W_]+")
_TOKEN = re.compile(r"[a-z0-9]+|\S")


def exact(answer: str, accepted: Sequence[str]) -> float:
    """1 when the answer is one of the accepted, punctuation, case and width aside."""
    return float(any(_plain(answer) == _plain(one) for one in accepted))


def f1(answer: str, accepted: Sequence[str], language: str) -> float:
    """The best F1 against the accepted answers."""
    return max(_f1(answer, one, language) for one in accepted)


def _plain(text: str) -> str:
    return _PUNCTUATION.sub("", fold(text))


def _f1(answer: str, accepted: str, language: str) -> float:
    if language in ("zh", "zht"):
        left, right = _TOKEN.findall(_plain(answer)), _TOKEN.findall(_plain(accepted))
        shared = _longest_run(left, right)
    else:
        dense = language in ("ja", "ko")
        left = list(_plain(answer)) if dense else _PUNCTUATION.sub(" ", fold(answer)).split()
        right = list(_plain(accepted)) if dense else _PUNCTUATION.sub(" ", fold(accepted)).split()
        shared = sum((Counter(left) & Counter(right)).values())
    return 2 * shared / (len(left) + len(right)) if shared else 0.0


def _longest_run(left: Sequence[str], right: Sequence[str]) -> int:
    """Length of the longest common run, as CMRC's scorer counts it."""
    best, before = 0, [0] * (len(right) + 1)
    for one in left:
        now = [0]
        for place, other in enumerate(right):
            now.append(before[place] + 1 if one == other else 0)
        best, before = max(best, *now), now
    return best


def interval(values: Sequence[float], seed: int = 0) -> tuple[float, float, float]:
    """The mean and its 95% bootstrap interval."""
    array = np.asarray(values, dtype=float)
    if not len(array):
        return float("nan"), float("nan"), float("nan")
    draws = np.random.default_rng(seed).integers(0, len(array), (400, len(array)))
    low, high = np.quantile(array[draws].mean(axis=1), (0.025, 0.975))
    return float(array.mean()), float(low), float(high)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Probability that a random positive is above a random negative (ties count half)."""
    values = np.concatenate([positive, negative])
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    total = ranks[: len(positive)].sum() - len(positive) * (len(positive) + 1) / 2
    return float(total / max(1, len(positive) * len(negative)))
