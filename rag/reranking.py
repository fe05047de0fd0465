"""A second look at the best hits: where in a passage the question's words stand, and how near its words are in meaning.

The two lists judge a passage as a whole; a long passage may hold the question's words far apart. Here each of the
first hits is looked at sentence by sentence: the share of the question's terms that two neighbouring sentences
hold, the best likeness of each of the question's tokens among the passage's (late interaction; Khattab & Zaharia
2020, ColBERT, with static vectors), and the sentence nearest in meaning. Knows nothing of storage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from rag.records import Hit
from rag.terms import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class TokenVectors(Protocol):
    """Tokens with their places, and a vector for each."""

    def tokens(self, text: str) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        """Return the ids ``[n]`` and the character spans ``[n, 2]`` of the tokens of ``text``."""
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
    window: float = 0.6
    tokens: float = 0.5
    sentence: float = 0.3


@dataclass(frozen=True, slots=True)
class Look:
    """What a second look found in one passage, each in [0, 1].

    ``window``: the share of the question's terms, by weight, that two neighbouring sentences hold.
    ``tokens``: the mean over the question's tokens of the best cosine in the passage.
    ``sentence``: the best cosine of a sentence with the question.
    """

    window: float
    tokens: float
    sentence: float


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
    asked = _Question(question, encoder, weights)
    total = 1 + reranking.window + reranking.tokens + reranking.sentence
    judged: list[Hit] = []
    for hit, sentences in zip(hits, spans, strict=False):
        look = asked.look(hit.passage.text, hit.passage.title or "", sentences)
        score = (
            hit.score
            + reranking.window * look.window
            + reranking.tokens * look.tokens
            + reranking.sentence * look.sentence
        ) / total
        parts = {**hit.parts, "window": look.window, "tokens": look.tokens, "sentence": look.sentence}
        judged.append(replace(hit, score=score, parts=parts))
    judged.sort(key=lambda hit: (-hit.score, hit.rank))
    rest = [replace(hit, score=hit.score / total) for hit in hits[len(judged) :]]
    low = min((hit.score for hit in judged), default=1.0)
    rest = [replace(hit, score=min(hit.score, low)) for hit in rest]
    return [replace(hit, rank=rank) for rank, hit in enumerate([*judged, *rest], start=1)]


class _Question:
    """A question made ready to be compared with many passages."""

    def __init__(self, question: str, encoder: TokenVectors, weights: Mapping[str, float]) -> None:
        self._encoder = encoder
        self._weights = weights
        self._whole = sum(weights.values()) or 1.0
        self._tokens, self._sizes, total = _unit_rows(encoder, question)[:3]
        self._sum = total
        self._size = float(self._sizes.sum()) or 1.0

    def look(self, text: str, title: str, sentences: Sequence[tuple[int, int]]) -> Look:
        import numpy as np

        found = [frozenset(term for term in terms(text[a:b]) if term in self._weights) for a, b in sentences]
        head = frozenset(term for term in terms(title) if term in self._weights)
        windows = [head | one | two for one, two in pairwise([*found, frozenset()])] or [head]
        window = max(sum(self._weights[term] for term in there) for there in windows) / self._whole
        rows, sizes, _, offsets = _unit_rows(self._encoder, text)
        if not len(rows) or not len(self._tokens):
            return Look(window, 0.0, 0.0)
        nearest = np.maximum((self._tokens @ rows.T).max(axis=1), 0.0)
        tokens = float((nearest * self._sizes).sum()) / self._size
        firsts = np.searchsorted(offsets[:, 0], [a for a, _ in sentences])
        firsts = np.unique(np.minimum(firsts, len(rows) - 1))
        sums = np.add.reduceat(rows * sizes[:, None], firsts, axis=0) if len(firsts) else rows[:0]
        norms = np.linalg.norm(sums, axis=1) * float(np.linalg.norm(self._sum))
        cosines = sums @ self._sum / np.maximum(norms, 1e-9)
        return Look(window, tokens, max(float(cosines.max()) if len(cosines) else 0.0, 0.0))


def _unit_rows(
    encoder: TokenVectors, text: str
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.int32]]:
    """Unit token vectors ``[n, d]``, their norms ``[n]``, the sum of the vectors ``[d]``, the spans ``[n, 2]``."""
    import numpy as np

    ids, offsets = encoder.tokens(text)
    vectors = encoder.vectors(ids)
    sizes = np.linalg.norm(vectors, axis=1)
    return vectors / np.maximum(sizes[:, None], 1e-9), sizes, vectors.sum(axis=0), offsets
