"""Evidence as the reader meets it in use: sentences of the best passages for a question, then selected.

Contexts are cut into passages and searched by a small weighted term count (training must not depend on
the product's indexes). Knows question sets, not features or models.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from rag.records import Evidence, Passage
from rag.splitting import sentences
from rag.terms import terms

PASSAGE_CHARACTERS = 320


class Pool:
    """The passages of a set of contexts, searchable by a question.

    Args:
        contexts: distinct contexts; a passage's ``document`` is the place of its context here.
    """

    def __init__(self, contexts: Sequence[str]) -> None:
        self.passages: list[Passage] = []
        self.of_context: list[list[int]] = []
        for number, context in enumerate(contexts):
            own = []
            for start, end in _cut(context):
                own.append(len(self.passages))
                self.passages.append(Passage(f"{number}-{len(own)}", str(number), 0, context[start:end], start, end))
            self.of_context.append(own)
        self._postings: dict[str, list[int]] = defaultdict(list)
        self._lengths = []
        for index, passage in enumerate(self.passages):
            found = {term for term in terms(passage.text) if len(term) > 1}
            self._lengths.append(len(found))
            for term in found:
                self._postings[term].append(index)

    def search(self, question: str, k: int) -> list[tuple[int, float]]:
        """Return the ``k`` best passages with their scores, best first."""
        scores: Counter[int] = Counter()
        for term in set(terms(question)):
            posted = self._postings.get(term, ())
            if posted and len(posted) < max(50, len(self.passages) // 8):
                weight = math.log(1 + len(self.passages) / len(posted))
                for index in posted:
                    scores[index] += weight  # type: ignore[assignment]
        ranked = [(index, score / (60 + self._lengths[index])) for index, score in scores.items()]
        ranked.sort(key=lambda pair: (-pair[1], pair[0]))
        return ranked[:k]


def sentences_of(passage: Passage, score: float, rank: int) -> list[Evidence]:
    """The sentences of a passage as evidence."""
    return [
        Evidence(passage.text[start:end], passage, start, end, score, rank) for start, end in sentences(passage.text)
    ]


def _cut(context: str) -> list[tuple[int, int]]:
    """Spans of runs of sentences of about `PASSAGE_CHARACTERS`."""
    spans: list[tuple[int, int]] = []
    for start, end in sentences(context):
        if spans and end - spans[-1][0] <= PASSAGE_CHARACTERS:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans
