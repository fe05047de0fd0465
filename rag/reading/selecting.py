"""Which sentences the reader gets to see: those that share most with the question, by a cheap count.

Words and Han bigrams of the question are weighed by how rare they are among the offered sentences; the
rank of the passage helps, and so does a good neighbour, since an answer often stands in the sentence
after the one that names its subject. Knows nothing of models.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from rag.reading.glossing import in_chinese
from rag.records import Evidence
from rag.terms import terms

NEIGHBOUR = 0.15
RETRIEVAL = 0.35
FOREIGN = 3


def select_evidence(question: str, evidence: Sequence[Evidence], limit: int) -> list[Evidence]:
    """Return at most ``limit`` sentences of ``evidence``, in the order in which they were offered.

    When no sentence shares a word with the question (it is in another script), words cannot tell: then
    `FOREIGN` times as many pass, by passage, for the reader to choose from by meaning.

    Args:
        question: the standalone question.
        evidence: sentences; those of one passage in reading order, passages in any order.
        limit: how many sentences the reader may see.
    """
    if len(evidence) <= limit:
        return list(evidence)
    texts = [piece.text for piece in evidence]
    scores = sentence_scores(in_chinese(question, texts), texts)
    if not any(scores):
        limit *= FOREIGN
    top = max((piece.score for piece in evidence), default=0.0)
    low = min((piece.score for piece in evidence), default=0.0)
    total = []
    for index, piece in enumerate(evidence):
        beside = [
            scores[near]
            for near in (index - 1, index + 1)
            if 0 <= near < len(evidence) and evidence[near].passage.id == piece.passage.id
        ]
        retrieval = (piece.score - low) / (top - low) if top > low else 0.0
        total.append(scores[index] + NEIGHBOUR * max(beside, default=0.0) + RETRIEVAL * retrieval)
    best = sorted(range(len(evidence)), key=lambda index: -total[index])[:limit]
    return [evidence[index] for index in sorted(best)]


def sentence_scores(question: str, sentences: Sequence[str]) -> list[float]:
    """Return for each sentence the share of the question's weight that it carries, in [0, 1].

    A term weighs ``log(1 + n / df)`` with ``df`` its count among the ``n`` sentences; terms that no
    sentence has weigh nothing. Single Han characters count a quarter.
    """
    found = [set(terms(sentence)) for sentence in sentences]
    wanted = set(terms(question))
    counts = Counter(term for one in found for term in one & wanted)
    weights = {
        term: math.log(1 + len(sentences) / count) * (0.25 if len(term) == 1 and not term.isdigit() else 1.0)
        for term, count in counts.items()
    }
    whole = sum(weights.values())
    if not whole:
        return [0.0] * len(sentences)
    return [sum(weights[term] for term in one & wanted) / whole for one in found]
