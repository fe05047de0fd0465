"""How sure the copy reader is: the signals of a reading, and the logistic regression over them.

Knows a question, its evidence and the spans that were found likely, not how they were found.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.reading.agreeing import fitness
from rag.reading.differing import speaks_of_another
from rag.reading.features import cut_once
from rag.reading.folding import fold
from rag.reading.meanings import main_script
from rag.reading.ranking import Span, likeness
from rag.reading.selecting import sentence_scores, told_scores
from rag.reading.units import TAG_INDEX, cut
from rag.reading.vocabulary import Vocabulary
from rag.records import Claim, Evidence, Passage
from rag.terms import terms

SIGNALS = (
    "bias", "answered", "least sure", "most sure", "span", "margin", "share", "quality", "coverage", "best coverage",
    "rank", "foreign", "missing", "fit", "unmet", "rarest unmet", "pairs unmet", "pairs unmet on the page", "told",
    "best told", "of another",
)  # fmt: skip
# Names and numbers: what a question about another matter than the evidence has and the evidence has not.
_NAME_TAGS = ("nr", "ns", "nt", "nz", "katakana", "capital", "upper", "year", "digits", "decimal")
_NAMES = frozenset(TAG_INDEX[tag] for tag in (*_NAME_TAGS, "digit-1", "digit-2", "digit-3", "digit-4"))


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression from `signals` to the probability that the best claim is right.

    ``weights`` are in the order of `SIGNALS`; ``threshold`` is the confidence under which to abstain.
    """

    weights: tuple[float, ...]
    threshold: float

    def confidence(self, values: Sequence[float]) -> float:
        """Return the probability for the values of the signals."""
        total = sum(weight * value for weight, value in zip(self.weights, values, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def signals(
    question: str,
    asked: str,
    evidence: Sequence[Evidence],
    spans: Sequence[Span],
    best: Claim,
    worth: float,
    opinions: Sequence[float],
    vocabulary: Vocabulary,
) -> tuple[float, ...]:
    """Return what the confidence is made of, in the order of `SIGNALS`.

    The log odds that some sentence answers, by all members, by the one that doubts it most and by the one that doubts
    it least; the log probability of the best span, its lead over the next elsewhere, and the log share of the belief
    in all spans that lies on spans like it; how right it is expected to be; the share of the question's weight that
    its sentence, and the best sentence, carries; how well its passage was found; whether the question is in another
    script than that sentence; the share of the question's names and numbers that are nowhere in what was found in
    that document; how well the span is of the kind asked for; how much of the question's weight is not found there,
    and the weight of the rarest such word; the share of its terms that are not in the sentence, and not in what was
    found there; what its sentence, and the best sentence, carries of the question with what stands before it; whether
    the sentence speaks of another year, summit or race than the question.

    Args:
        question: the question.
        asked: the same in Chinese words, where it was put into them.
        evidence: the sentences that were offered.
        spans: the likely spans.
        best: the claim.
        worth: how right it is expected to be.
        opinions: each member's probability that no sentence answers.
        vocabulary: the reader's vocabulary.
    """
    chosen = evidence[best.index]
    odds = [math.log((1 - none + 1e-4) / (none + 1e-4)) for none in opinions]
    place = Span(best.index, best.start, best.end, 0.0)
    alike = [likeness(place, span) for span in spans]
    own = max((span.probability for span, like in zip(spans, alike, strict=True) if like == 1), default=0.0)
    next_ = max((span.probability for span, like in zip(spans, alike, strict=True) if not like), default=1e-4)
    belief = sum(span.probability * like for span, like in zip(spans, alike, strict=True))
    carried = sentence_scores(asked, [piece.text for piece in evidence])
    told = told_scores(asked, evidence)
    foreign = main_script(question) != main_script(chosen.text)
    home = [piece.passage for piece in evidence if piece.passage.document == chosen.passage.document]
    texts = list(dict.fromkeys(text for passage in home for text in _shown(passage)))
    shown, sentence = fold("\n".join(texts)), fold(chosen.text)
    units = cut_once(asked)
    weights = {word: vocabulary.weight(word, tag) for word, tag in zip(units.words, units.tags, strict=True)}
    unmet = [weight for word, weight in weights.items() if word not in shown]
    pairs = {term for term in terms(asked) if len(term) > 1}
    return (
        1.0,
        sum(odds) / len(odds),
        min(odds),
        max(odds),
        math.log(own + 1e-6),
        math.log(max(own, 1e-6) / max(next_, 1e-6)),
        math.log(belief / (sum(span.probability for span in spans) or 1.0) + 1e-6),
        worth,
        carried[best.index],
        max(carried),
        1.0 / chosen.rank if chosen.rank else 0.3,
        float(foreign),
        0.0 if foreign else missing_names(question, texts),
        math.log(fitness(asked, chosen, best.start, best.end)),
        sum(unmet) / (sum(weights.values()) or 1.0),
        max(unmet, default=0.0),
        sum(term not in sentence for term in pairs) / max(1, len(pairs)),
        sum(term not in shown for term in pairs) / max(1, len(pairs)),
        told[best.index],
        max(told),
        float(speaks_of_another(asked, chosen, best.start, best.end)),
    )


def _shown(passage: Passage) -> tuple[str, ...]:
    """What a reader of the page sees with the passage: a paper writes 今年, its date says which."""
    return passage.text, passage.title or "", passage.date or ""


def missing_names(question: str, texts: Sequence[str]) -> float:
    """Return the share of the names and numbers of ``question`` that stand in none of ``texts``.

    >>> missing_names("1998年张三访问了哪里？", ["2001年，张三访问河南。"])
    0.5
    """
    units = cut(question)
    names = {word for word, tag in zip(units.words, units.tags, strict=True) if tag in _NAMES}
    folded = "\n".join(fold(text) for text in dict.fromkeys(texts))
    return sum(name not in folded for name in names) / len(names) if names else 0.0
