"""Which of the likely spans is the answer: boosted regression trees over what a whole span looks like.

The network points at a first unit and then at a last one; only here is a span seen whole: what it begins and ends
with, what stands around it, whether it is of the kind asked for and how much of the network's belief lies on spans
like it. The trees (Friedman, 2001) were fitted on questions that a network had not learned from
(`training.reader.ranker`). Knows question, sentences and spans, not networks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.reading.agreeing import agreement, asks_for_several
from rag.reading.features import cut_once
from rag.reading.folding import fold
from rag.reading.kinds import KINDS, question_kind
from rag.reading.meanings import WordMeanings
from rag.reading.units import TAGS, Units
from rag.reading.vocabulary import Vocabulary

MOST = 40  # spans of one question that are looked at

# What the units at the edges of a span are; tags that behave alike there share a number, others have the last one.
_GROUPS = (
    "n nl vn an", "nr", "ns", "nt", "nz j katakana capital upper", "v vd vg", "a ad ag b z", "d",
    "m mq digit-1 digit-2 digit-3 digit-4 digits decimal", "year", "q", "t tg", "s f", "r", "p", "c",
    "u uj ul uz ug ud uv y e o", "comma", "stop question", "colon dash", "open-quote open-title open-bracket",
    "close-quote close-title close-bracket", "l i", "hiragana hangul", "lower mixed caseless other-letter",
    "percent money symbol",
)  # fmt: skip
_GROUP = {tag: number for number, tags in enumerate(_GROUPS, 1) for tag in tags.split()}
_GROUP_OF_TAG = np.array([_GROUP.get(tag, len(_GROUPS) + 1) for tag in TAGS])


def _numbers(*tags: str) -> tuple[int, ...]:
    return tuple(_GROUP[tag] for tag in tags)


_COUNTED = {  # columns that count the units of a span by what they are
    "people": _numbers("nr"), "places": _numbers("ns"), "bodies": _numbers("nt"), "nouns": _numbers("n", "nz"),
    "verbs": _numbers("v"), "times": _numbers("year", "t"), "marks": _numbers("comma", "stop", "colon"),
    "brackets": _numbers("open-quote", "close-quote"), "small words": _numbers("p", "c", "u", "d", "r"),
}  # fmt: skip
_BREAKS = _numbers("comma", "stop")
_OPEN, _CLOSE = _numbers("open-quote", "close-quote")
_NAMING = _numbers("n", "nz", "ns", "nt", "nr", "l")
_ASKING = re.compile(
    r"[谁誰哪何]|什么|什麼|什麽|多少|[几幾]|多[长長大高久远遠重]|怎|どこ|いつ|だれ|なに|どの|どれ|いくつ|なぜ|"
    r"\b(?:who|whom|what|when|where|which|how|why|кто|что|когда|где|какой|сколько|кім|не|қашан|қайда|қай|қанша)\b"
)
SPAN_COLUMNS = (
    "belief", "rank", "behind", "share", "overlap", "overlap of all", "inside", "sentence", "in sentence", "some",
    "kind", "characters", "units", "first", "last", "before", "after", "at beginning", "at end",
    "digits", *_COUNTED, "shared", "shared units", "first shared", "last shared", "left", "right", "left weight",
    "right weight", "clause weight", "coverage", "same left", "same right", "fits kind", "ends as asked",
    "asked follows", "something asked", "like asked", "all like asked", "like topic", "all like topic",
    "like question", "times said", "in question", "place of asking", "quoted", "clause begins", "clause ends",
    "several",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` of sentence ``index``, and the network's probability for them."""

    index: int
    start: int
    end: int
    probability: float


def likeness(one: Span, other: Span) -> float:
    """Return how far two spans are the same: F1 over their characters, 0 in different sentences.

    >>> likeness(Span(0, 2, 6, 0.5), Span(0, 4, 6, 0.1))
    0.6666666666666666
    """
    shared = min(one.end, other.end) - max(one.start, other.start)
    if one.index != other.index or shared <= 0:
        return 0.0
    return 2 * shared / (one.end - one.start + other.end - other.start)


class Trees:
    """A sum of regression trees.

    Args:
        columns: the column that each node asks about, ``[trees, nodes]``; -1 in a leaf.
        edges: a row goes to the left child when its value is at most this, ``[trees, nodes]``.
        children: left and right child of each node, ``[trees, nodes, 2]``.
        values: what a leaf adds, ``[trees, nodes]``.
        base: what all trees are added to.
    """

    def __init__(
        self,
        columns: NDArray[np.integer],
        edges: NDArray[np.floating],
        children: NDArray[np.integer],
        values: NDArray[np.floating],
        base: float,
    ) -> None:
        self.columns = columns.astype(np.int64)
        self.edges = edges.astype(np.float64)
        self.children = children.astype(np.int64)
        self.values = values.astype(np.float64)
        self.base = base

    def predict(self, rows: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the sum ``[n]`` for rows ``[n, columns]``."""
        trees = np.arange(len(self.columns))[:, None]
        at = np.zeros((len(self.columns), len(rows)), dtype=np.int64)
        samples = np.arange(len(rows))[None, :]
        while True:
            column = self.columns[trees, at]
            inner = column >= 0
            if not inner.any():
                break
            right = rows[samples, np.maximum(column, 0)] > self.edges[trees, at]
            at = np.where(inner, self.children[trees, at, right.astype(np.int64)], at)
        result: NDArray[np.float64] = self.base + self.values[trees, at].sum(axis=0)
        return result

    def save(self, path: Path) -> None:
        """Write the trees as safetensors."""
        from safetensors.numpy import save_file

        arrays: dict[str, NDArray[Any]] = {
            "columns": self.columns.astype(np.int8),
            "edges": self.edges.astype(np.float32),
            "children": self.children.astype(np.uint8),
            "values": self.values.astype(np.float32),
            "base": np.array([self.base], dtype=np.float32),
        }
        save_file(arrays, path, {"columns": " | ".join(SPAN_COLUMNS)})

    @classmethod
    def load(cls, path: Path) -> Trees:
        """Read what `save` wrote.

        Raises:
            OSError: it is missing.
            ValueError: it is damaged, or was fitted on other columns.
        """
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="numpy") as file:
                if (file.metadata() or {}).get("columns") != " | ".join(SPAN_COLUMNS):
                    raise ValueError(f"{path.name}: fitted on other columns")
                arrays = {name: file.get_tensor(name) for name in ("columns", "edges", "children", "values", "base")}
        except SafetensorError as error:
            raise ValueError(f"{path.name}: {error}") from error
        return cls(arrays["columns"], arrays["edges"], arrays["children"], arrays["values"], float(arrays["base"][0]))


def span_features(
    question: str,
    sentences: Sequence[str],
    spans: Sequence[Span],
    chances: Mapping[int, float],
    none: float,
    vocabulary: Vocabulary,
    meanings: WordMeanings,
) -> NDArray[np.float32]:
    """Return float32 ``[len(spans), len(SPAN_COLUMNS)]``.

    Args:
        question: the question.
        sentences: the evidence.
        spans: likely spans, likeliest first.
        chances: the probability of each sentence that was read, by its place in ``sentences``.
        none: the probability that none of them answers.
        vocabulary: the reader's vocabulary.
        meanings: its word vectors.
    """
    asked = _asked(question, vocabulary)
    seen = {index: _Sentence(sentences[index], asked) for index in {span.index for span in spans}}
    beliefs = np.array([span.probability for span in spans])
    whole = float(beliefs.sum()) or 1.0
    overlaps, inside = _overlaps(spans)
    words = sorted({word for span in spans for word in seen[span.index].words_of(span)})
    likeness = _Likeness(words, asked, meanings)
    some = math.log((none + 1e-4) / (1 - none + 1e-4))
    best = math.log(beliefs.max(initial=0.0) + 1e-9)
    rows = []
    for number, span in enumerate(spans):
        sentence = seen[span.index]
        belief = math.log(span.probability + 1e-9)
        chance = math.log(chances.get(span.index, 0.0) + 1e-9)
        over = float(overlaps[number] @ beliefs)
        rows.append(
            (
                belief, number, belief - best, span.probability / whole, math.log(over / whole + 1e-6),
                math.log(over + 1e-9), float(inside[number] @ beliefs) / whole, chance, belief - chance, some,
                *sentence.describe(span, asked, likeness),
            )
        )  # fmt: skip
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(SPAN_COLUMNS))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as spans are compared with it.

    ``at`` is the unit that asks (what, who …), ``thing`` the noun that follows it, ``topic`` the noun before it.
    """

    text: str
    units: Units
    weights: Mapping[str, float]
    whole: float
    at: int
    thing: str
    topic: str
    kind: int
    several: bool


@lru_cache(maxsize=1000)
def _asked(question: str, vocabulary: Vocabulary) -> _Asked:
    units, folded = cut_once(question), fold(question)
    weights = {w: vocabulary.weight(w, t) for w, t in zip(units.words, units.tags, strict=True)}
    match = _ASKING.search(folded)
    at = len(units)
    if match:
        at = next((i for i, end in enumerate(units.ends) if end > match.start()), at)
    groups = _GROUP_OF_TAG[list(units.tags)]
    after = (i for i in range(at + 1, min(at + 4, len(units))) if groups[i] in _NAMING)
    before = (i for i in range(at - 1, max(at - 6, -1), -1) if groups[i] in _NAMING)
    thing, topic = next(after, None), next(before, None)
    return _Asked(
        folded,
        units,
        weights,
        sum(weights.values()) or 1.0,
        at,
        "" if thing is None else units.words[thing],
        "" if topic is None else units.words[topic],
        question_kind(question),
        asks_for_several(question),
    )


class _Likeness:
    """How like in meaning words are to what is asked; a span is the mean of its words."""

    def __init__(self, words: Sequence[str], asked: _Asked, meanings: WordMeanings) -> None:
        self._place = {word: place for place, word in enumerate(words)}
        self._vectors = meanings.own_vectors(words)
        content = [word for word, weight in asked.weights.items() if weight > 0]
        self._others = np.stack(
            [_direction(meanings.own_vectors(one)) for one in ([asked.thing], [asked.topic], content)]
        )

    def of(self, words: Sequence[str]) -> list[float]:
        """Return the cosines of ``words`` together to the thing asked, its topic, and the whole question."""
        cosines = self._others @ _direction(self._vectors[[self._place[word] for word in words]])
        return [float(cosine) for cosine in cosines]


def _direction(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    total = vectors.sum(axis=0)
    result: NDArray[np.float32] = total / max(float(np.linalg.norm(total)), 1e-6)
    return result


class _Sentence:
    """A sentence of the evidence as its spans are described."""

    def __init__(self, text: str, asked: _Asked) -> None:
        self._text = text
        self._folded = fold(text)
        self._units = cut_once(text)
        self._starts, self._ends = np.array(self._units.starts), np.array(self._units.ends)
        self._groups = _GROUP_OF_TAG[list(self._units.tags)]
        self._weights = np.array([asked.weights.get(word, 0.0) for word in self._units.words])
        met = set(self._units.words) & set(asked.weights)
        self._coverage = sum(asked.weights[word] for word in met) / asked.whole
        breaks = np.isin(self._groups, _BREAKS)
        self._clause: NDArray[np.int64] = np.cumsum(breaks) - breaks  # a mark belongs to the clause that it ends
        self._breaks = breaks

    def reach(self, span: Span) -> tuple[int, int]:
        """Return the first and the last unit that ``span`` touches."""
        first = int(np.searchsorted(self._ends, span.start, side="right"))
        last = int(np.searchsorted(self._starts, span.end, side="left")) - 1
        first = min(first, len(self._starts) - 1)
        return first, max(first, last)

    def words_of(self, span: Span) -> tuple[str, ...]:
        """Return the words that ``span`` touches."""
        first, last = self.reach(span)
        return self._units.words[first : last + 1]

    def describe(self, span: Span, asked: _Asked, likeness: _Likeness) -> list[float]:
        """Return what `SPAN_COLUMNS` names from ``kind`` on."""
        first, last = self.reach(span)
        text, groups, words = self._text[span.start : span.end], self._groups, self._units.words
        own, weights = groups[first : last + 1], self._weights
        before = int(groups[first - 1]) if first else 0
        after = int(groups[last + 1]) if last + 1 < len(words) else 0
        clause: NDArray[np.bool_] = np.isin(self._clause, self._clause[[first, last]])
        beside = weights[clause].sum() - weights[first : last + 1].sum()
        ends, whole = likeness.of(words[last : last + 1]), likeness.of(words[first : last + 1])
        shared = weights[first : last + 1]
        return [
            asked.kind, len(text), last - first + 1, own[0], own[-1], before, after, first == 0,
            last + 1 >= len(words) - 1, sum(map(str.isdigit, text)) / len(text),
            *(int(np.isin(own, groups_).sum()) for groups_ in _COUNTED.values()),
            shared.sum() / asked.whole, (shared > 0).mean(), shared[0] > 0, shared[-1] > 0,
            _steps(weights[max(0, first - 8) : first][::-1]), _steps(weights[last + 1 : last + 9]),
            weights[max(0, first - 6) : first].sum() / asked.whole, weights[last + 1 : last + 7].sum() / asked.whole,
            max(beside, 0.0) / asked.whole, self._coverage,
            _alike(asked.units.words[: min(asked.at, len(asked.units))][::-1], words[:first][::-1]),
            _alike(asked.units.words[asked.at + 1 :], words[last + 1 :]),
            agreement(asked.text, KINDS[asked.kind], text, self._text[span.end : span.end + 3]),
            bool(asked.thing) and words[last].endswith(asked.thing),
            bool(asked.thing) and words[last + 1 : last + 2] == (asked.thing,), bool(asked.thing),
            ends[0], whole[0], ends[1], whole[1], whole[2],
            self._folded.count(self._folded[span.start : span.end]), fold(text) in asked.text,
            asked.at / max(1, len(asked.units)), before == _OPEN and after == _CLOSE,
            first == 0 or bool(self._breaks[first - 1]), after in (0, *_BREAKS), asked.several,
        ]  # fmt: skip


def _steps(weights: NDArray[np.float64]) -> int:
    """Steps to the nearest shared word, from 1; 9 when there is none."""
    met = np.flatnonzero(weights)
    return int(met[0]) + 1 if len(met) else 9


def _alike(words: Sequence[str], others: Sequence[str]) -> int:
    """How many words are the same from the beginning on, at most three."""
    count = 0
    for word, other in zip(words[:3], others[:3], strict=False):
        if word != other:
            break
        count += 1
    return count


def _overlaps(spans: Sequence[Span]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return ``[n, n]`` twice: the F1 over characters of each pair, and whether the other holds the one whole."""
    f1 = np.array([[likeness(one, other) for other in spans] for one in spans])
    starts, ends = np.array([span.start for span in spans]), np.array([span.end for span in spans])
    inside = (f1 > 0) & (starts[None, :] <= starts[:, None]) & (ends[None, :] >= ends[:, None])
    return f1, inside.astype(np.float64)
