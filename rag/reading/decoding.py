"""The best spans of a table: a search over sentence, first unit, last unit.

Every sentence is opened, then the likeliest first units of all; a span's probability is the product of its
three steps. Knows the network and positions, not text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.reading.committee import Committee, JointlyEncoded
from rag.reading.features import Table
from rag.reading.network import LONGEST_ANSWER
from rag.reading.units import TAG_INDEX
from rag.reading.vocabulary import TAG_COLUMN

# An answer neither begins nor ends with one of these.
_BARE = tuple(TAG_INDEX[tag] for tag in ("comma", "stop", "question", "colon"))
_FIRSTS = 24  # most first units opened per question; the best span hardly ever lies beyond them
_FIRSTS_OF_SENTENCE = 8
_LASTS = 4
_IMPOSSIBLE = -1e8


@dataclass(frozen=True, slots=True)
class Found:
    """Units ``first`` to ``last`` (inclusive) of sentence ``sentence``, with their joint probability."""

    sentence: int
    first: int
    last: int
    probability: float


@dataclass(frozen=True, slots=True)
class Decoded:
    """The likeliest spans, likeliest first, and how likely no sentence answers.

    ``sentences`` holds the probability of each sentence of the table (0 for one cut off); ``opinions`` each
    member's own probability that none answers.
    """

    spans: tuple[Found, ...]
    none: float
    sentences: tuple[float, ...]
    opinions: tuple[float, ...]


def decode(network: Committee, table: Table, prior: Sequence[float] = (), most: int = 80) -> Decoded:
    """Return the ``most`` likeliest spans of ``table``, which may overlap.

    Args:
        network: the networks.
        table: the question over its evidence.
        prior: for each sentence what is added to its score (see `sentence_chances`); nothing when empty.
        most: how many spans.
    """
    encoded = network.encode(table.rows)
    bare = np.isin(table.rows[:, TAG_COLUMN], _BARE)
    start = network.step(encoded, np.zeros((1, 0), dtype=np.int64))[0]
    chances = sentence_chances(encoded.sentence[list(table.marks)] @ start, prior)
    sentences = [0.0] * len(table.firsts)
    for index, chance in enumerate(chances[1:]):
        sentences[index] = float(np.exp(chance))
    opened = [index for index in range(len(chances) - 1) if table.lasts[index] > table.firsts[index]]
    firsts: list[tuple[float, int, int]] = []  # log probability, sentence, first unit's row
    for index, scores in zip(opened, first_scores(network, encoded, table, opened, bare), strict=True):
        for position, score in _best(scores, table.firsts[index], _FIRSTS_OF_SENTENCE):
            firsts.append((float(chances[index + 1]) + score, index, position))
    firsts = sorted(firsts, key=lambda path: -path[0])[:_FIRSTS]
    paths = [(index, first) for _, index, first in firsts]
    spans: list[tuple[float, Found]] = []
    for (chance, index, first), scores in zip(firsts, last_scores(network, encoded, table, paths, bare), strict=True):
        begin = table.firsts[index]
        for last, score in _best(scores, first, _LASTS):
            found = Found(index, first - begin, last - begin, float(np.exp(chance + score)))
            spans.append((chance + score, found))
    spans.sort(key=lambda span: -span[0])
    opinions = [
        float(np.exp(sentence_chances(part[list(table.marks)], ())[0])) for part in network.opinions(encoded, start)
    ]
    return Decoded(
        tuple(found for _, found in spans[:most]), float(np.exp(chances[0])), tuple(sentences), tuple(opinions)
    )


def sentence_chances(scores: NDArray[np.floating], prior: Sequence[float]) -> NDArray[np.float64]:
    """Return log probabilities ``[m]`` of "none" and of the sentences, from the network's scores ``[m]``.

    ``prior`` moves weight among the sentences only: the probability that none of them answers stays the
    network's.
    """
    chances = _log_softmax(scores)
    if len(chances) < 2 or not prior:
        return chances
    some = np.logaddexp.reduce(chances[1:])
    return np.concatenate([chances[:1], some + _log_softmax(chances[1:] + np.array(prior[: len(chances) - 1]))])


def first_scores(
    network: Committee, encoded: JointlyEncoded, table: Table, sentences: Sequence[int], bare: NDArray[np.bool_]
) -> list[NDArray[np.float64]]:
    """Return for each of ``sentences`` the log probabilities of its units as the answer's first.

    ``bare`` ``[n]`` is true for rows that no answer begins or ends with.
    """
    if not sentences:
        return []
    queries = network.step(encoded, np.array([[table.marks[index + 1]] for index in sentences]))
    made = []
    for query, index in zip(queries, sentences, strict=True):
        span = slice(table.firsts[index], table.lasts[index])
        made.append(_allowed(encoded.first[span] @ query, bare[span]))
    return made


def last_scores(
    network: Committee, encoded: JointlyEncoded, table: Table, paths: Sequence[tuple[int, int]], bare: NDArray[np.bool_]
) -> list[NDArray[np.float64]]:
    """Return for each path (sentence, row of the first unit) the log probabilities of the last unit from there on."""
    if not paths:
        return []
    queries = network.step(encoded, np.array([[table.marks[index + 1], first] for index, first in paths]))
    made = []
    for query, (index, first) in zip(queries, paths, strict=True):
        span = slice(first, min(table.lasts[index], first + LONGEST_ANSWER))
        scores = encoded.last[span] @ query
        made.append(_allowed(scores + network.lengths()[: len(scores)], bare[span]))
    return made


def _allowed(scores: NDArray[np.floating], bare: NDArray[np.bool_]) -> NDArray[np.float64]:
    chances = _log_softmax(np.where(bare, -1e9, scores))
    return np.where(bare, -1e9, chances)  # again: where all are bare, softmax makes them equal


def _log_softmax(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    wide = np.asarray(scores, dtype=np.float64)
    chances: NDArray[np.float64] = wide - np.logaddexp.reduce(wide)
    return chances


def _best(scores: NDArray[np.float64], begin: int, most: int) -> list[tuple[int, float]]:
    order = np.argsort(-scores, kind="stable")[:most]
    return [(begin + int(place), float(scores[place])) for place in order if scores[place] > _IMPOSSIBLE]
