"""Two honest baselines for the reader, without any training.

*Best sentence*: the sentence that shares most with the question is the answer. *Typed rule*: in that
sentence, the first run of units of the kind that the question word asks for. Knows units and question
kinds, nothing learned.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.reading.kinds import KINDS, question_kind
from rag.reading.selecting import sentence_scores
from rag.reading.units import TAGS, cut
from rag.records import Claim, Evidence, Reading

_NUMBERS = frozenset(
    ["digit-1", "digit-2", "digit-3", "digit-4", "year", "digits", "decimal", "percent", "m", "mq", "q", "money"]
)
_NAMES = frozenset(["nr", "nt", "nz", "capital", "upper", "katakana"])
_PLACES = frozenset(["ns", "nt", "capital", "katakana"])
_DATES = frozenset(["year", "digit-1", "digit-2", "digit-4", "t", "tg", "m"])
_NOUNS = frozenset(["n", "nr", "ns", "nt", "nz", "vn", "nl", "l", "i", "j", "capital", "upper", "katakana", "eng"])
_WANTED = {
    "who": _NAMES,
    "where": _PLACES,
    "when": _DATES,
    "how-many": _NUMBERS,
    "money": _NUMBERS,
    "share": _NUMBERS,
    "age-duration": _NUMBERS,
}


class BestSentence:
    """Answers with the whole sentence that shares most with the question."""

    identity = "best sentence"
    threshold = 0.0

    def read(self, question: str, evidence: Sequence[Evidence]) -> Reading:
        """One claim, the best sentence; its share of the question as confidence."""
        scores = sentence_scores(question, [piece.text for piece in evidence])
        best = max(range(len(scores)), key=scores.__getitem__)
        return Reading((Claim(best, 0, len(evidence[best].text), scores[best]),), scores[best])


class TypedRule:
    """Answers with the longest run of the wanted kind in the best sentence that the question does not name."""

    identity = "best sentence + typed rule"
    threshold = 0.0

    def read(self, question: str, evidence: Sequence[Evidence]) -> Reading:
        """One claim, or the whole sentence when nothing of the kind stands in it."""
        reading = BestSentence().read(question, evidence)
        sentence = evidence[reading.claims[0].index].text
        wanted = _WANTED.get(KINDS[question_kind(question)], _NOUNS)
        units, asked = cut(sentence), set(cut(question).words)
        runs: list[tuple[int, int]] = []
        for place, (word, tag) in enumerate(zip(units.words, units.tags, strict=True)):
            if TAGS[tag] not in wanted or word in asked:
                continue
            if runs and runs[-1][1] == place:
                runs[-1] = (runs[-1][0], place + 1)
            else:
                runs.append((place, place + 1))
        if not runs:
            return reading
        first, last = max(runs, key=lambda run: (run[1] - run[0], -run[0]))
        claim = Claim(reading.claims[0].index, units.starts[first], units.ends[last - 1], reading.confidence)
        return Reading((claim,), reading.confidence)
