"""From a question to ranked hits: the dense and the lexical list, fused.

Works on the two search functions it is given, so it knows nothing of files, models or storage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from rag.records import Hit, Passage

Ranked = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Fusion:
    """How two lists become one.

    The fused score of a passage is ``dense_weight * similarity + (1 - dense_weight) * lexical``, both in
    [0, 1] and neither stretched per question (convex combination with theoretical bounds; Bruch, Gai & Ingber
    2023, "An Analysis of Fusion Functions for Hybrid Retrieval"): when the lexical index finds next to
    nothing of the question, as across languages, the dense list decides. ``depth`` is how many of each
    list take part.
    """

    dense_weight: float = 0.2
    depth: int = 100


def fuse(
    dense: Ranked, lexical: Ranked, similarity: Mapping[int, float], fusion: Fusion
) -> list[tuple[int, float, Mapping[str, float]]]:
    """Return (key, fused score, parts) of every passage in either list, best first, ties by key.

    Args:
        dense: (key, cosine similarity), best first.
        lexical: (key, share of the highest possible BM25), best first.
        similarity: cosine similarity of keys that stand in the lexical list only.
        fusion: weight and depth.

    >>> [(key, round(score, 2)) for key, score, _ in fuse([(1, .8)], [(2, .5)], {2: .6}, Fusion(.5))]
    [(2, 0.55), (1, 0.4)]
    """
    parts: dict[int, dict[str, float]] = {}
    for name, ranked in (("dense", dense), ("lexical", lexical)):
        for rank, (key, score) in enumerate(ranked, start=1):
            parts.setdefault(key, {}).update({name: score, f"{name}_rank": float(rank)})
    for key, part in parts.items():
        if "dense" not in part and key in similarity:
            part["dense"] = similarity[key]
    weight = fusion.dense_weight
    scored = [
        (key, weight * max(part.get("dense", 0.0), 0.0) + (1 - weight) * part.get("lexical", 0.0), part)
        for key, part in parts.items()
    ]
    return sorted(scored, key=lambda row: (-row[1], row[0]))


def retrieve(
    question: str,
    k: int,
    dense: Callable[[str, int], Ranked],
    lexical: Callable[[str, int], Ranked],
    similarity: Callable[[str, Sequence[int]], Mapping[int, float]],
    fetch: Callable[[Sequence[int]], Mapping[int, tuple[Passage, str]]],
    fusion: Fusion,
) -> list[Hit]:
    """Return the ``k`` best hits for ``question``.

    Args:
        question: the standalone question.
        k: how many hits at the most.
        dense: (question, depth) to (key, cosine similarity), best first.
        lexical: (question, depth) to (key, share of the highest possible BM25), best first.
        similarity: (question, keys) to the cosine similarity of each.
        fetch: keys to (passage, path of its document); keys that no longer exist are missing, so
            nothing that was removed can come back.
        fusion: how the lists are combined.
    """
    depth = max(fusion.depth, k)
    with ThreadPoolExecutor(1) as beside:  # both leave the interpreter while they search
        found = beside.submit(dense, question, depth)
        matching, near = lexical(question, depth), found.result()
    seen = {key for key, _ in near}
    rest = similarity(question, [key for key, _ in matching if key not in seen])
    ranked = fuse(near, matching, rest, fusion)
    stored = fetch([key for key, _, _ in ranked[: k + 20]])
    hits: list[Hit] = []
    for key, score, part in ranked:
        if key in stored and len(hits) < k:
            passage, path = stored[key]
            hits.append(Hit(rank=len(hits) + 1, score=score, passage=passage, path=path, parts=part))
    return hits
