"""The best spans of a table, exactly: best-first search over sentence, first unit, last unit.

A path's probability never grows as it goes on, so a finished span that is better than every open path is
the best there is. Knows the network and positions, not text.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rag.reading.features import Table
from rag.reading.model import LONGEST_ANSWER, CopyReaderModel
from rag.reading.units import TAG_INDEX
from rag.reading.vocabulary import TAG_COLUMN

# An answer neither begins nor ends with one of these.
_BARE = tuple(TAG_INDEX[tag] for tag in ("comma", "stop", "question", "colon"))
_FIRSTS = 24  # most first units opened per question; a bound on time, hardly ever reached


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
    """The best spans, best first, and how likely no sentence answers.

    ``sentences`` holds the probability of each sentence of the table (0 for one cut off).
    """

    spans: tuple[Found, ...]
    none: float
    sentences: tuple[float, ...]


@torch.inference_mode()
def decode(model: CopyReaderModel, table: Table, prior: Sequence[float] = (), most: int = 5) -> Decoded:
    """Return the ``most`` likeliest spans of ``table``; no two of them overlap.

    Args:
        model: the network, in evaluation mode.
        table: the question over its evidence.
        prior: for each sentence what is added to its score (see `sentence_chances`); nothing when empty.
        most: how many spans.
    """
    rows = torch.from_numpy(table.rows.astype("int64")).unsqueeze(0)
    mask = torch.ones(1, rows.shape[1])
    bare = _stops(rows)
    states = model.encode(rows, mask)
    sentence_keys, first_keys, last_keys = model.keys(states)
    empty = torch.zeros(1, 0, dtype=torch.long)
    marks = torch.tensor(table.marks)
    scores = model.steps(states, mask, empty)[0, 0] @ sentence_keys[0, marks].T
    chances = sentence_chances(scores, prior)
    sentences = [0.0] * len(table.firsts)
    for index, chance in enumerate(chances[1:].exp().tolist()):
        sentences[index] = chance
    open_paths: list[tuple[float, int, int, int]] = []  # (-log probability, sentence, first, last); -1 when open
    for index, chance in enumerate(chances[1:].tolist()):
        if table.lasts[index] > table.firsts[index]:
            open_paths.append((-chance, index, -1, -1))
    heapq.heapify(open_paths)
    found: list[Found] = []
    opened = 0
    while open_paths and len(found) < most:
        cost, index, first, last = heapq.heappop(open_paths)
        begin, end = table.firsts[index], table.lasts[index]
        if last >= 0:
            span = Found(index, first - begin, last - begin, float(torch.tensor(-cost).exp()))
            if not any(_overlap(span, other) for other in found):
                found.append(span)
        elif first < 0:
            scores = _scores(model, states, mask, [table.marks[index + 1]], first_keys, bare, begin, end)
            for position, score in _best(scores, begin, 8):
                heapq.heappush(open_paths, (cost - score, index, position, -1))
        elif opened < _FIRSTS:
            opened += 1
            stop = min(end, first + LONGEST_ANSWER)
            path = [table.marks[index + 1], first]
            scores = _scores(model, states, mask, path, last_keys, bare, first, stop)
            for position, score in _best(scores, first, 4):
                heapq.heappush(open_paths, (cost - score, index, first, position))
    return Decoded(tuple(found), float(chances[0].exp()), tuple(sentences))


def sentence_chances(scores: Tensor, prior: Sequence[float]) -> Tensor:
    """Return log probabilities ``[m]`` of "none" and of the sentences, from the network's scores ``[m]``.

    ``prior`` moves weight among the sentences only: the probability that none of them answers stays the
    network's.
    """
    chances = torch.log_softmax(scores.float(), 0)
    if len(chances) < 2 or not prior:
        return chances
    some = torch.logsumexp(chances[1:], 0)
    added = torch.tensor(prior[: len(chances) - 1])
    return torch.cat([chances[:1], some + torch.log_softmax(chances[1:] + added, 0)])


def _stops(rows: Tensor) -> Tensor:
    """Which rows are units that an answer neither begins nor ends with."""
    return torch.isin(rows[0, :, TAG_COLUMN], torch.tensor(_BARE))


def _scores(
    model: CopyReaderModel,
    states: Tensor,
    mask: Tensor,
    path: Sequence[int],
    keys: Tensor,
    bare: Tensor,
    begin: int,
    end: int,
) -> Tensor:
    """Log probabilities of the positions ``[begin, end)`` as the next step of ``path``."""
    query = model.steps(states, mask, torch.tensor([path]))[0, -1]
    scores = keys[0, begin:end] @ query
    if len(path) == 2:
        scores = scores + model.lengths(torch.tensor(path[1]), torch.arange(begin, end))
    outside = bare[begin:end]
    chances = torch.log_softmax(scores.masked_fill(outside, -1e9).float(), 0)
    return chances.masked_fill(outside, -1e9)  # again: where all are outside, softmax makes them equal


def _best(scores: Tensor, begin: int, most: int) -> list[tuple[int, float]]:
    values, places = scores.topk(min(most, len(scores)))
    pairs = zip(places.tolist(), values.tolist(), strict=True)
    return [(begin + place, value) for place, value in pairs if value > _IMPOSSIBLE]


def _overlap(one: Found, other: Found) -> bool:
    return one.sentence == other.sentence and one.first <= other.last and other.first <= one.last
