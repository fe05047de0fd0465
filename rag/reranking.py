"""A second look at the best hits: where in a passage the question's words stand, and how near its words are in meaning.

The two lists judge a passage as a whole; a long passage may hold the question's words far apart. Here each of the
first hits is looked at sentence by sentence: the share of the question's terms that two neighbouring sentences
hold, the share of its whole words that one sentence holds, the best likeness of each of its tokens among the passage's
(late interaction; Khattab & Zaharia 2020, ColBERT, with static vectors), and the sentence nearest in meaning. All of
these are the best of what a passage has to offer, and a long one has more to offer by chance: one longer than usual
counts for less. Knows nothing of storage.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from rag.records import Hit
from rag.splitting import PASSAGE_CHARACTERS
from rag.terms import fold, terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FINDINGS = ("window", "words", "tokens", "sentence", "brevity")
_LONGEST = 5000
_WORD = re.compile(r"[\u30a1-\u30ff]+|[\u3005\u4e00-\u9fff]+|[^\W\d_\u3040-\u30ff\u4e00-\u9fff]+|\d+")  # no hiragana


class TokenVectors(Protocol):
    """The tokens of texts, and a vector for each."""

    def token_ids(self, texts: Sequence[str]) -> Iterable[NDArray[np.int64]]:
        """Return the ids ``[n]`` of the tokens of each text."""
        ...

    def vectors(self, ids: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return float32 ``[n, d]`` for token ids ``[n]``."""
        ...


@dataclass(frozen=True, slots=True)
class Reranking:
    """How many hits are looked at again, and what each finding weighs beside the fused score.

    Chosen on the development sets: ``python -m benchmarks.reranking`` prints the fit.
    """

    depth: int = 20
    window: float = 0.55
    words: float = 0.4
    tokens: float = 0.83
    sentence: float = 0.6
    brevity: float = 0.41


def rerank(
    question: str,
    hits: Sequence[Hit],
    spans: Sequence[Sequence[tuple[int, int]]],
    encoder: TokenVectors,
    weights: Mapping[str, float],
    reranking: Reranking,
) -> list[Hit]:
    """Return the hits with the first ``depth`` looked at again, best first, ranks and scores renewed.

    Args:
        question: the standalone question.
        hits: best first.
        spans: the sentences of each hit's passage, as spans of its text; for the first ``depth`` hits.
        encoder: token vectors.
        weights: the question's terms and what each is worth.
        reranking: how the findings weigh. The new score is the weighted mean of the fused score and the findings.
    """
    titles = [hit.passage.title or "" for hit in hits[: len(spans)]]
    pieces = [[hit.passage.text[a:b] for a, b in found] for hit, found in zip(hits, spans, strict=False)]
    total = 1 + sum(getattr(reranking, name) for name in FINDINGS)
    judged: list[Hit] = []
    wanted = _words(question, weights)
    whole = [_whole(wanted, title, piece) for title, piece in zip(titles, pieces, strict=True)]
    windows = [_window(title, piece, weights) for title, piece in zip(titles, pieces, strict=True)]
    likeness = _likeness(question, pieces, encoder)
    for hit, window, words, (tokens, sentence) in zip(hits, windows, whole, likeness, strict=False):
        found = dict(zip(FINDINGS, (window, words, tokens, sentence, _brevity(hit.passage.text)), strict=True))
        score = (hit.score + sum(getattr(reranking, name) * value for name, value in found.items())) / total
        judged.append(replace(hit, score=score, parts={**hit.parts, **found}))
    judged.sort(key=lambda hit: (-hit.score, hit.rank))
    rest = [replace(hit, score=hit.score / total) for hit in hits[len(judged) :]]
    low = min((hit.score for hit in judged), default=1.0)
    rest = [replace(hit, score=min(hit.score, low)) for hit in rest]
    return [replace(hit, rank=rank) for rank, hit in enumerate([*judged, *rest], start=1)]


def _brevity(text: str) -> float:
    """1 for a passage of the usual length or less, down to 0 for 5,000 characters, by the logarithm of the length."""
    return max(0.0, math.log(_LONGEST / max(len(text), PASSAGE_CHARACTERS)) / math.log(_LONGEST / PASSAGE_CHARACTERS))


def _window(title: str, sentences: Sequence[str], weights: Mapping[str, float]) -> float:
    """The share of the question's terms, by weight, that the title and two neighbouring sentences hold."""
    found = [weights.keys() & terms(sentence) for sentence in sentences]
    head = weights.keys() & terms(title)
    windows = [head | one | two for one, two in pairwise([*found, set()])] or [head]
    return max(sum(weights[term] for term in there) for there in windows) / (sum(weights.values()) or 1.0)


def _words(question: str, weights: Mapping[str, float]) -> dict[str, float]:
    """The words of the question, runs of Han or katakana whole, with the mean weight of their terms."""
    found = {}
    for word in set(_WORD.findall(fold(question))):
        inside = terms(word)
        told = [weights[term] for term in inside if term in weights and (len(term) > 1 or len(inside) == 1)]
        found[word] = sum(told) / len(told) if told else 0.0
    return found


def _whole(wanted: Mapping[str, float], title: str, sentences: Sequence[str]) -> float:
    """The share of the words wanted, by weight, that the title and one sentence hold whole."""
    head = fold(title)
    found = (
        sum(weight for word, weight in wanted.items() if _holds(head, word) or _holds(text, word))
        for text in map(fold, sentences)
    )
    return max(found, default=0.0) / (sum(wanted.values()) or 1.0)


def _holds(text: str, word: str) -> bool:
    """Whether ``word`` stands in ``text``, be it with an ending; 30 does not stand in 300."""
    return word in text and (not word.isdigit() or re.search(rf"(?<!\d){word}(?!\d)", text) is not None)


def _likeness(question: str, passages: Sequence[Sequence[str]], encoder: TokenVectors) -> list[tuple[float, float]]:
    """For each passage, given by its sentences, how near its tokens and its nearest sentence are to the question.

    The first is the mean over the question's tokens, by their weight, of the best cosine among the passage's; the
    second the best cosine of a sentence with the question. Everything is tokenised at once, and a token that occurs
    again is looked up once.
    """
    import numpy as np

    bags = list(encoder.token_ids([question, *(sentence for passage in passages for sentence in passage)]))
    different, places = np.unique(np.concatenate(bags), return_inverse=True)
    rows = encoder.vectors(different)
    sizes = np.linalg.norm(rows, axis=1)
    unit = rows / np.maximum(sizes[:, None], 1e-9)
    bounds = np.cumsum([0, *map(len, bags)]).tolist()
    asked = places[: bounds[1]]
    if not len(asked):
        return [(0.0, 0.0)] * len(passages)
    near = np.maximum(unit[asked] @ unit.T, 0.0)
    share = sizes[asked] / (float(sizes[asked].sum()) or 1.0)
    whole = rows[asked].sum(axis=0)
    whole /= max(float(np.linalg.norm(whole)), 1e-9)
    found: list[tuple[float, float]] = []
    first = 1
    for passage in passages:
        edges = bounds[first : first + len(passage) + 1]
        first += len(passage)
        if not passage or edges[0] == edges[-1]:
            found.append((0.0, 0.0))
            continue
        sums = np.stack([rows[places[a:b]].sum(axis=0) for a, b in pairwise(edges)])
        cosines = sums @ whole / np.maximum(np.linalg.norm(sums, axis=1), 1e-9)
        tokens = near[:, places[edges[0] : edges[-1]]].max(axis=1) @ share
        found.append((float(tokens), max(float(cosines.max()), 0.0)))
    return found
