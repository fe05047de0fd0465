"""From a question to ranked hits: the dense and the lexical list, fused.

Works on the two search functions it is given, so it knows nothing of files, models or storage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rag.records import Hit, Passage

Ranked = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Fusion:
    """How two lists become one.

    The fused score of a passage is ``dense_weight * similarity + (1 - dense_weight) * lexical``, where
    the lexical score is divided by the best one of the list (convex combination; Bruch, Gai & Ingber
    2023, "An Analysis of Fusion Functions for Hybrid Retrieval"). ``depth`` is how many of each list
    take part.
    """

    dense_weight: float = 0.5
    depth: int = 100


def fuse(dense: Ranked, lexical: Ranked, fusion: Fusion) -> list[tuple[int, float, Mapping[str, float]]]:
    """Return (key, fused score, parts) of every passage in either list, best first, ties by key.

    >>> [(key, round(score, 2)) for key, score, _ in fuse([(1, .8), (2, .6)], [(2, 9.)], Fusion(.5))]
    [(2, 0.8), (1, 0.4)]
    """
    parts: dict[int, dict[str, float]] = {}
    for name, ranked in (("dense", dense), ("lexical", lexical)):
        for rank, (key, score) in enumerate(ranked, start=1):
            parts.setdefault(key, {}).update({name: score, f"{name}_rank": float(rank)})
    top = max((score for _, score in lexical), default=0.0) or 1.0
    weight = fusion.dense_weight
    scored = [
        (key, weight * max(part.get("dense", 0.0), 0.0) + (1 - weight) * part.get("lexical", 0.0) / top, part)
        for key, part in parts.items()
    ]
    return sorted(scored, key=lambda row: (-row[1], row[0]))


def retrieve(
    question: str,
    k: int,
    dense: Callable[[str, int], Ranked],
    lexical: Callable[[str, int], Ranked],
    fetch: Callable[[Sequence[int]], Mapping[int, tuple[Passage, str]]],
    fusion: Fusion,
) -> list[Hit]:
    """Return the ``k`` best hits for ``question``.

    Args:
        question: the standalone question.
        k: how many hits at the most.
        dense: (question, depth) to (key, cosine similarity), best first.
        lexical: (question, depth) to (key, BM25 score), best first.
        fetch: keys to (passage, path of its document); keys that no longer exist are missing, so
            nothing that was removed can come back.
        fusion: how the lists are combined.
    """
    depth = max(fusion.depth, k)
    ranked = fuse(dense(question, depth), lexical(question, depth), fusion)
    stored = fetch([key for key, _, _ in ranked[: 2 * k + 50]])
    hits: list[Hit] = []
    for key, score, part in ranked:
        if key in stored and len(hits) < k:
            passage, path = stored[key]
            hits.append(Hit(rank=len(hits) + 1, score=score, passage=passage, path=path, parts=part))
    return hits
