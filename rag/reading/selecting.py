"""Which sentences the reader gets to see: those that share most with the question, by a cheap count.

Words and Han bigrams of the question are weighed by how rare they are among the offered sentences. What the headline,
the date and the sentences before in the same passage say counts in part: a newspaper names its subject once and goes
on ("the crew returned on 30 April"). The rank of the passage helps, and so does a good neighbour. Knows no models.
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
TOLD = 0.5  # what a term of the question is worth that stands before the sentence, not in it


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
    asked = in_chinese(question, texts)
    # A gloss has few of the words: the sentence before has the others more often than not.
    scores = sentence_scores(question, texts) if asked == question else told_scores(asked, evidence)
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


def told_scores(question: str, evidence: Sequence[Evidence]) -> list[float]:
    """Return `sentence_scores` of ``evidence``, each sentence with what a reader was told before it."""
    return sentence_scores(question, [piece.text for piece in evidence], [told_before(piece) for piece in evidence])


def told_before(piece: Evidence) -> str:
    """Return the headline and date of a sentence's passage, and what stands before the sentence in it."""
    passage = piece.passage
    return "\n".join(filter(None, (passage.title, passage.date, passage.text[: piece.start])))


def sentence_scores(question: str, sentences: Sequence[str], before: Sequence[str] = ()) -> list[float]:
    """Return for each sentence the share of the question's weight that it carries, in [0, 1].

    A term weighs ``log(1 + n / df)`` with ``df`` its count among the ``n`` sentences (for a term that none of them
    has, among the texts before them); terms that are nowhere weigh nothing. Single Han characters count a quarter.

    Args:
        question: the question.
        sentences: the sentences.
        before: for each sentence the text before it, whose terms count `TOLD` where the sentence lacks them; where
            no sentence shares a term with the question, neither do they.
    """
    wanted = set(terms(question))
    found = [wanted.intersection(terms(sentence)) for sentence in sentences]
    told = [wanted.intersection(terms(text)) - own for text, own in zip(before, found, strict=bool(before))]
    counts = Counter(term for one in found for term in one)
    if not counts:
        return [0.0] * len(sentences)
    counts.update(Counter(term for one in told for term in one if term not in counts))
    weights = {
        term: math.log(1 + len(sentences) / count) * (0.25 if len(term) == 1 and not term.isdigit() else 1.0)
        for term, count in counts.items()
    }
    whole = sum(weights.values())
    scores = [sum(weights[term] for term in one) / whole for one in found]
    for index, one in enumerate(told):
        scores[index] += TOLD * sum(weights[term] for term in one) / whole
    return scores
