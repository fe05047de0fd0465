"""Figures with their uncertainty: bootstrap intervals, a paired test, AUROC and risk–coverage.

Everything is seeded: the same values give the same interval, to the last digit. It knows nothing of
questions; it is given numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

RESAMPLES = 2000
SEED = 20240601


class Interval(NamedTuple):
    """A 95% interval."""

    low: float
    high: float


class Comparison(NamedTuple):
    """Mean difference (second minus first), its 95% interval, and the two-sided p value."""

    difference: float
    low: float
    high: float
    p: float


def mean(values: Sequence[float]) -> float:
    """Return the mean; 0.0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def bootstrap(values: Sequence[float]) -> Interval:
    """Return the percentile bootstrap interval of the mean (Efron and Tibshirani 1993, chapter 13).

    Args:
        values: one number per question.
    """
    if not values:
        return Interval(0.0, 0.0)
    return _percentiles(_resampled_means(values))


def paired_bootstrap(first: Sequence[float], second: Sequence[float]) -> Comparison:
    """Compare two systems on the same questions (Koehn 2004; p by shifting the differences to mean zero).

    Args:
        first: one number per question.
        second: the same questions in the same order.

    Raises:
        ValueError: the two differ in length.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} values cannot be paired with {len(second)}")
    differences = [b - a for a, b in zip(first, second, strict=True)]
    if not differences:
        return Comparison(0.0, 0.0, 0.0, 1.0)
    observed = mean(differences)
    means = _resampled_means(differences)
    low, high = _percentiles(means)
    extreme = int((abs(means - observed) >= abs(observed) - 1e-12).sum())
    return Comparison(observed, low, high, (extreme + 1) / (RESAMPLES + 1))


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the probability that a positive scores above a negative, ties counting half.

    This is the Mann–Whitney statistic over ``len(positive) * len(negative)``; 0.5 when either is empty.

    >>> auroc([0.9, 0.8], [0.1, 0.8])
    0.875
    """
    import numpy as np

    if not positive or not negative:
        return 0.5
    below = np.sort(np.asarray(negative, dtype=np.float64))
    scores = np.asarray(positive, dtype=np.float64)
    wins = np.searchsorted(below, scores, side="left") + np.searchsorted(below, scores, side="right")
    return float(wins.sum() / (2 * len(scores) * len(below)))


def auroc_interval(positive: Sequence[float], negative: Sequence[float]) -> Interval:
    """Return the bootstrap interval of the AUROC, positives and negatives drawn apart."""
    import numpy as np

    if not positive or not negative:
        return Interval(0.5, 0.5)
    random = np.random.default_rng(SEED)
    above = np.asarray(positive, dtype=np.float64)
    below = np.asarray(negative, dtype=np.float64)
    drawn = [
        auroc(random.choice(above, len(above)).tolist(), random.choice(below, len(below)).tolist())
        for _ in range(RESAMPLES // 4)
    ]
    return _percentiles(np.asarray(drawn))


def risk_coverage(confidence: Sequence[float], correct: Sequence[float]) -> list[tuple[float, float]]:
    """Return (coverage, risk) as the threshold falls (El-Yaniv and Wiener 2010).

    Coverage is the share of questions answered, risk the mean loss ``1 - correct`` among them. Equal
    confidences enter together, since no threshold parts them.

    >>> risk_coverage([0.9, 0.5], [1.0, 0.0])
    [(0.5, 0.0), (1.0, 0.5)]
    """
    order = sorted(range(len(confidence)), key=lambda place: -confidence[place])
    points = []
    loss = 0.0
    for done, place in enumerate(order, start=1):
        loss += 1.0 - correct[place]
        if done == len(order) or confidence[order[done]] != confidence[place]:
            points.append((done / len(order), loss / done))
    return points


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value below which ``percent`` of the values lie, linear between neighbours; 0.0 of nothing."""
    import numpy as np

    return float(np.percentile(np.asarray(values, dtype=np.float64), percent)) if values else 0.0


def _resampled_means(values: Sequence[float]) -> Numbers:
    """Return RESAMPLES means of samples drawn with replacement, shape (RESAMPLES,)."""
    import numpy as np

    random = np.random.default_rng(SEED)
    data = np.asarray(values, dtype=np.float64)
    means = np.empty(RESAMPLES)
    block = max(1, 2_000_000 // len(data))  # rows at a time, to stay within about 16 MB
    for start in range(0, RESAMPLES, block):
        rows = min(block, RESAMPLES - start)
        means[start : start + rows] = data[random.integers(0, len(data), (rows, len(data)))].mean(axis=1)
    return means


def _percentiles(values: Numbers) -> Interval:
    import numpy as np

    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(float(low), float(high))
