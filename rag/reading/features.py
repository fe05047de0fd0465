"""A question and its evidence as rows of numbers, one row per unit: all that the model sees.

    question units, <none> mark, <sentence> mark, units of sentence 1, <sentence> mark, …

The columns say what the unit is (word, pieces, tag, rarity), how it meets the question (match, distance
to the nearest match on the left and on the right, closest meaning), where it stands (lexical rank and
coverage of its sentence, rank of its passage) and what the question asks for. The model sees no text
beyond this. Knows nothing of models or of where evidence comes from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.reading.kinds import KINDS, question_kind
from rag.reading.units import TAG_INDEX, Units, cut
from rag.reading.vocabulary import STATIC_COLUMNS, TAG_COLUMN, Vocabulary

# How many values each column after the word and its pieces can take.
MATCHES, DISTANCES, SOFT, RANKS, COVERS, PASSAGES = 6, 8, 8, 9, 9, 7
EVIDENCE_KINDS = 2 * len(KINDS)
NONE, EMPTY, PART, EXACT, PAIR, TRIPLE = range(MATCHES)
FAR = DISTANCES - 1
COLUMNS = STATIC_COLUMNS + 8

QUESTION_UNITS = 48
SENTENCE_UNITS = 110
TOTAL_UNITS = 512


class Meanings(Protocol):
    """How close in meaning words are, in steps: the encoder's vectors behind one method."""

    def closeness(self, words: Sequence[str], others: Sequence[str]) -> NDArray[np.uint8]:
        """Return uint8 ``[len(words), len(others)]``, 0 (far) … ``SOFT - 1`` (the same)."""
        ...


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one question over its evidence.

    ``rows`` is uint16 ``[n, COLUMNS]``. ``marks`` are the positions of ``<none>`` and of each sentence's
    mark; sentence ``i`` has the rows ``firsts[i]`` to ``lasts[i]`` (half-open), whose characters in the
    sentence are ``spans[i]``. ``coverage`` is each sentence's share of the question's weight.
    """

    rows: NDArray[np.uint16]
    marks: tuple[int, ...]
    firsts: tuple[int, ...]
    lasts: tuple[int, ...]
    spans: tuple[tuple[tuple[int, int], ...], ...]
    coverage: tuple[float, ...]


def build_table(
    question: str,
    sentences: Sequence[str],
    passages: Sequence[int],
    vocabulary: Vocabulary,
    meanings: Meanings | None = None,
    total: int = TOTAL_UNITS,
) -> Table:
    """Build the rows for ``question`` over ``sentences``.

    Args:
        question: the standalone question.
        sentences: the evidence, in reading order; what goes beyond ``total`` units is cut off.
        passages: for each sentence the rank of its passage from 1, or 0 when not known.
        vocabulary: the reader's vocabulary.
        meanings: closeness of meaning; without it that column is empty.
        total: the longest table.
    """
    asked = _shorten(cut_once(question), QUESTION_UNITS)
    units = [_shorten(cut_once(sentence), SENTENCE_UNITS) for sentence in sentences]
    asked_weights = np.array([vocabulary.weight(w, t) for w, t in zip(asked.words, asked.tags, strict=True)])
    matcher = _Matcher(asked, asked_weights, meanings)
    matches, softs, hits = matcher.match([(u, _weights(u, vocabulary)) for u in units])
    whole = float(asked_weights.sum()) or 1.0
    coverage = [float((asked_weights * hit).sum()) / whole for hit in hits]
    order = sorted(range(len(units)), key=lambda index: -coverage[index])
    rank = {index: min(place, RANKS - 2) for place, index in enumerate(order)}
    kind = question_kind(question)

    seen = np.sum([hit >= 1 for hit in hits], axis=0) if hits else np.zeros(len(asked))
    blocks = [
        _block(
            vocabulary.columns(asked),
            np.where(seen > 0, np.where(asked_weights > 0, EXACT, EMPTY), NONE),
            np.minimum(seen, FAR),
            FAR,
            0,
            RANKS - 1,
            COVERS - 1,
            len(KINDS) + kind,
            0,
        ),
        _mark("question-mark", kind, RANKS - 1, COVERS - 1, 0),
    ]
    marks, firsts, lasts, spans = [len(asked)], [], [], []
    place = len(asked) + 1
    for index, unit in enumerate(units):
        room = total - place - 1
        if room <= 0 or not len(unit):
            unit = _shorten(unit, 0)
        unit = _shorten(unit, max(room, 0))
        passage = min(passages[index], PASSAGES - 1)
        cover = min(int(coverage[index] * (COVERS - 1)), COVERS - 2)
        if room >= 0:
            marks.append(place)
            blocks.append(_mark("sentence-mark", kind, rank[index], cover, passage))
            match = matches[index][: len(unit)]
            left, right = _distances(match)
            blocks.append(
                _block(
                    vocabulary.columns(unit),
                    match,
                    left,
                    right,
                    softs[index][: len(unit)],
                    rank[index],
                    cover,
                    kind,
                    passage,
                )
            )
            place += 1
        firsts.append(place)
        place += len(unit) if room >= 0 else 0
        lasts.append(place)
        spans.append(tuple(zip(unit.starts, unit.ends, strict=True)))
    return Table(np.concatenate(blocks), tuple(marks), tuple(firsts), tuple(lasts), tuple(spans), tuple(coverage))


def _block(static: NDArray[np.uint16], *columns: object) -> NDArray[np.uint16]:
    """Static columns with the eight columns that depend on the question, each an array or one value."""
    rows = np.empty((len(static), COLUMNS), dtype=np.uint16)
    rows[:, :STATIC_COLUMNS] = static
    for place, column in enumerate(columns, STATIC_COLUMNS):
        rows[:, place] = column  # type: ignore[call-overload]
    return rows


def _mark(tag: str, kind: int, rank: int, cover: int, passage: int) -> NDArray[np.uint16]:
    static = np.zeros((1, STATIC_COLUMNS), dtype=np.uint16)
    static[0, TAG_COLUMN] = TAG_INDEX[tag]
    return _block(static, NONE, FAR, FAR, 0, rank, cover, kind, passage)


class _Matcher:
    """How the units of sentences meet one question."""

    def __init__(self, asked: Units, weights: NDArray[np.float64], meanings: Meanings | None) -> None:
        self._asked = asked.words
        self._weights = weights
        self._meanings = meanings
        self._places: dict[str, list[int]] = {}
        for place, word in enumerate(self._asked):
            self._places.setdefault(word, []).append(place)
        self._pairs = set(zip(self._asked, self._asked[1:], strict=False))
        self._triples = set(zip(self._asked, self._asked[1:], self._asked[2:], strict=False))
        content = [(place, word) for place, word in enumerate(self._asked) if weights[place] > 0]
        self._content = content
        self._parts: dict[str, int] = {}
        for place, word in content:
            for part in _parts(word):
                self._parts.setdefault(part, place)

    def match(
        self, sentences: Sequence[tuple[Units, NDArray[np.float64]]]
    ) -> tuple[list[NDArray[np.int64]], list[NDArray[np.int64]], list[NDArray[np.float64]]]:
        """Return per sentence the match and closeness of each unit, and how well each asked unit is met."""
        softs, nearest = self._closeness(sentences)
        matches, hits = [], []
        for number, (units, weights) in enumerate(sentences):
            words = units.words
            match = np.zeros(len(words), dtype=np.int64)
            hit = np.zeros(len(self._asked))
            for i, word in enumerate(words):
                places = self._places.get(word)
                if places:
                    match[i] = EXACT if weights[i] > 0 else EMPTY
                    hit[places] = 1.0
                elif weights[i] > 0:
                    found = [self._parts[part] for part in _parts(word) if part in self._parts]
                    if found:
                        match[i] = PART
                        hit[found] = np.maximum(hit[found], 0.5)
                    elif softs[number][i] >= SOFT - 2:
                        match[i] = PART
                        place = nearest[number][i]
                        hit[place] = max(hit[place], 0.5)
            for i, pair in enumerate(pairwise(words)):
                if pair in self._pairs and match[i : i + 2].max() >= EXACT:
                    match[i : i + 2] = np.maximum(match[i : i + 2], PAIR)
                    if words[i : i + 3] in self._triples:
                        match[i : i + 3] = TRIPLE
            matches.append(match)
            hits.append(hit)
        return matches, softs, hits

    def _closeness(
        self, sentences: Sequence[tuple[Units, NDArray[np.float64]]]
    ) -> tuple[list[NDArray[np.int64]], list[NDArray[np.int64]]]:
        """Per sentence: the closest meaning of each unit to any asked unit, and which unit that is."""
        softs = [np.zeros(len(units), dtype=np.int64) for units, _ in sentences]
        nearest = [np.zeros(len(units), dtype=np.int64) for units, _ in sentences]
        if self._meanings is None or not self._content:
            return softs, nearest
        words = sorted({w for units, weights in sentences for w, g in zip(units.words, weights, strict=True) if g > 0})
        if not words:
            return softs, nearest
        close = self._meanings.closeness(words, [word for _, word in self._content])
        places = np.array([place for place, _ in self._content])
        best, which = close.max(axis=1), places[close.argmax(axis=1)]
        index = {word: row for row, word in enumerate(words)}
        for soft, near, (units, _) in zip(softs, nearest, sentences, strict=True):
            for i, word in enumerate(units.words):
                row = index.get(word)
                if row is not None:
                    soft[i], near[i] = best[row], which[row]
        return softs, nearest


def _parts(word: str) -> list[str]:
    """What a word may share with a related one: two characters of a Han word, five first letters of another.

    >>> _parts("双边贸易"), _parts("president")
    (['双边', '边贸', '贸易'], ['presi'])
    """
    if "\u3400" <= word[:1] <= "\u9fff":
        return [word[i : i + 2] for i in range(len(word) - 1)] if len(word) > 2 else [word]
    return [word[:5]] if len(word) > 5 else []


def _distances(match: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Steps to the nearest meaningful match on the left and on the right, in buckets; `FAR` when none."""
    n = len(match)
    at = np.arange(n)
    strong = match >= PART
    before = np.maximum.accumulate(np.where(strong, at, -(10**6)))
    before = np.concatenate([[-(10**6)], before[:-1]]) if n else before
    after = np.minimum.accumulate(np.where(strong, at, 10**6)[::-1])[::-1]
    after = np.concatenate([after[1:], [10**6]]) if n else after
    return _bucket(at - before), _bucket(after - at)


def _bucket(steps: NDArray[np.int64]) -> NDArray[np.int64]:
    """1, 2, 3, 4–5, 6–8, 9–14, 15–30 and farther, as 0 … 7."""
    return np.searchsorted(np.array([1, 2, 3, 5, 8, 14, 30]), steps)


def _weights(units: Units, vocabulary: Vocabulary) -> NDArray[np.float64]:
    return np.array([vocabulary.weight(w, t) for w, t in zip(units.words, units.tags, strict=True)])


def _shorten(units: Units, most: int) -> Units:
    if len(units) <= most:
        return units
    return Units(units.words[:most], units.starts[:most], units.ends[:most], units.tags[:most])


cut_once = lru_cache(maxsize=100_000)(cut)
