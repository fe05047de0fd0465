"""From outcomes to figures: every measure with its n and a 95% bootstrap interval.

| measure | over | value |
| --- | --- | --- |
| R@k, MRR@10, nDCG@10 | questions with gold evidence | trec_eval's, through ir-measures |
| exact, F1 | answerable questions | official rules (``eval.scoring``); a refusal counts 0 |
| F1 with refusals | all | F1, or 1 for a right refusal (SQuAD 2.0, Rajpurkar et al. 2018) |
| answer contained | answerable | a gold answer stands in the short answer, whatever else does |
| citation support | answers | the short answer stands in a cited span |
| citation recall, precision | answers | ALCE's (``eval.support``) |
| evidence cited | answers with gold | a citation stands on the gold paragraph |
| quotes exact | citations | raw[start:end] is the quote |
| false answers, false refusals | unanswerable, answerable | the share that got the wrong kind of reply |
| AUROC | all | confidence of the answerable against the unanswerable |
| area under risk–coverage | answered | Geifman and El-Yaniv 2017; lower is better |
| rewritten | follow-ups | the standalone question is the set's, punctuation aside; ROUGE-1: how nearly |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from eval.judging import RETRIEVAL
from eval.records import Measure, Outcome, Timing
from eval.statistics import auroc, auroc_interval, bootstrap, mean, percentile, risk_coverage

Better = Literal["higher", "lower"]


class _PerQuestion(NamedTuple):
    """A measure that is a mean over questions: the value of one, None where it does not apply."""

    name: str
    value: Callable[[Outcome], float | None]
    better: Better = "higher"


class Latency(NamedTuple):
    """Milliseconds of one stage over ``n`` questions."""

    stage: str
    n: int
    p50: float
    p95: float


def measure(outcomes: Sequence[Outcome]) -> tuple[Measure, ...]:
    """Return all measures that apply to these outcomes, in the order of the table above."""
    found = [_mean_measure(definition, outcomes) for definition in _PER_QUESTION]
    found.extend((_auroc(outcomes), _area(outcomes)))
    order = {name: place for place, name in enumerate(ORDER)}
    return tuple(sorted((one for one in found if one.n), key=lambda one: order[one.name]))


def by(outcomes: Iterable[Outcome], key: Callable[[Outcome], str]) -> dict[str, list[Outcome]]:
    """Return the outcomes grouped, the groups in the order of their names."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(key(outcome), []).append(outcome)
    return dict(sorted(groups.items()))


def curve(outcomes: Sequence[Outcome]) -> list[tuple[float, float]]:
    """Return the risk–coverage points of the questions that were answered.

    Coverage is of all questions, so the last point is the system as it is set. What it would have said had
    it not abstained is unknown, so nothing is drawn beyond.
    """
    answered = [outcome for outcome in outcomes if not outcome.abstained and _judged(outcome)]
    share = len(answered) / max(1, sum(_judged(outcome) for outcome in outcomes))
    points = risk_coverage([one.confidence for one in answered], [one.scores.f1 or 0.0 for one in answered])
    return [(coverage * share, risk) for coverage, risk in points]


def recall_by_rank(outcomes: Sequence[Outcome], depth: int = 10) -> list[float]:
    """Return, for each rank from 1, the share of questions with a gold paragraph at or above it."""
    firsts = [
        next((place for place, hit in enumerate(one.hits, 1) if hit.name in one.qrels), depth + 1)
        for one in outcomes
        if one.qrels
    ]
    return [mean([float(first <= rank) for first in firsts]) for rank in range(1, depth + 1)]


def latencies(timings: Sequence[Timing]) -> tuple[Latency, ...]:
    """Return p50 and p95 per stage, the whole answer last."""
    stages: dict[str, list[float]] = {}
    for timing in timings:
        for stage, milliseconds in timing.stages.items():
            stages.setdefault(stage, []).append(milliseconds)
    ordered = sorted(stages, key=lambda stage: (stage == "total", list(stages).index(stage)))
    return tuple(
        Latency(stage, len(stages[stage]), percentile(stages[stage], 50), percentile(stages[stage], 95))
        for stage in ordered
    )


def worst(outcomes: Sequence[Outcome], count: int = 20) -> list[Outcome]:
    """Return the questions that went wrong, the most confidently wrong first."""
    faulty = [outcome for outcome in outcomes if outcome.scores.fault]
    return sorted(faulty, key=lambda one: (one.scores.f1 or 0.0, one.abstained, -one.confidence, one.id))[:count]


def _judged(outcome: Outcome) -> bool:
    return outcome.scores.f1 is not None or not outcome.answerable


def _retrieved(name: str) -> Callable[[Outcome], float | None]:
    return lambda outcome: outcome.scores.retrieval.get(name)


def _with_refusals(outcome: Outcome) -> float | None:
    return float(outcome.abstained) if not outcome.answerable else outcome.scores.f1


def _share(part: Callable[[Outcome], int], whole: Callable[[Outcome], int]) -> Callable[[Outcome], float | None]:
    return lambda outcome: part(outcome) / whole(outcome) if whole(outcome) else None


def _flag(flag: Callable[[Outcome], bool | None]) -> Callable[[Outcome], float | None]:
    def value(outcome: Outcome) -> float | None:
        found = flag(outcome)
        return None if found is None else float(found)

    return value


def _false_answer(outcome: Outcome) -> bool | None:
    return None if outcome.answerable else not outcome.abstained


def _false_near_miss(outcome: Outcome) -> bool | None:
    return None if outcome.answerable or not outcome.near_miss else not outcome.abstained


def _false_refusal(outcome: Outcome) -> bool | None:
    return outcome.abstained if outcome.answerable and outcome.scores.f1 is not None else None


_PER_QUESTION: tuple[_PerQuestion, ...] = (
    *(_PerQuestion(name, _retrieved(name)) for name in RETRIEVAL.values()),
    _PerQuestion("exact", lambda one: one.scores.exact),
    _PerQuestion("F1", lambda one: one.scores.f1),
    _PerQuestion("F1 with refusals", _with_refusals),
    _PerQuestion("answer contained", _flag(lambda one: one.scores.contained)),
    _PerQuestion("citation support", _flag(lambda one: one.scores.supported)),
    _PerQuestion(
        "citation recall", _share(lambda one: one.scores.statements_supported, lambda one: one.scores.statements)
    ),
    _PerQuestion(
        "citation precision", _share(lambda one: one.scores.citations_needed, lambda one: one.scores.citations)
    ),
    _PerQuestion("evidence cited", _flag(lambda one: one.scores.on_gold)),
    _PerQuestion("quotes exact", _share(lambda one: one.scores.exact_quotes, lambda one: len(one.citations))),
    _PerQuestion("false answers", _flag(_false_answer), "lower"),
    _PerQuestion("false answers, near misses", _flag(_false_near_miss), "lower"),
    _PerQuestion("false refusals", _flag(_false_refusal), "lower"),
    _PerQuestion("rewritten", _flag(lambda one: one.scores.rewritten)),
    _PerQuestion("rewritten, ROUGE-1", lambda one: one.scores.rewritten_f1),
)

#: All measures in the order of the table.
ORDER: tuple[str, ...] = (
    *(definition.name for definition in _PER_QUESTION),
    "AUROC",
    "area under risk–coverage",
)


def _mean_measure(definition: _PerQuestion, outcomes: Sequence[Outcome]) -> Measure:
    values: dict[str, float] = {}
    for outcome in outcomes:
        value = definition.value(outcome)
        if value is not None:
            values[outcome.id] = value
    numbers = list(values.values())
    low, high = bootstrap(numbers)
    return Measure(definition.name, mean(numbers), low, high, len(numbers), definition.better, values)


def _auroc(outcomes: Sequence[Outcome]) -> Measure:
    judged = [outcome for outcome in outcomes if _judged(outcome)]
    positive = [outcome.confidence for outcome in judged if outcome.answerable]
    negative = [outcome.confidence for outcome in judged if not outcome.answerable]
    low, high = auroc_interval(positive, negative)
    n = len(judged) if positive and negative else 0
    return Measure("AUROC", auroc(positive, negative), low, high, n)


def _area(outcomes: Sequence[Outcome]) -> Measure:
    """Return the mean risk over the answered questions as the threshold falls."""
    answered = [outcome for outcome in outcomes if not outcome.abstained and _judged(outcome)]
    points = risk_coverage([one.confidence for one in answered], [one.scores.f1 or 0.0 for one in answered])
    area, before = 0.0, 0.0
    for coverage, risk in points:
        area += (coverage - before) * risk
        before = coverage
    low, high = _area_interval(answered)
    return Measure("area under risk–coverage", area, low, high, len(answered), "lower")


def _area_interval(answered: Sequence[Outcome]) -> tuple[float, float]:
    import numpy as np

    if not answered:
        return 0.0, 0.0
    random = np.random.default_rng(7)
    confidence = np.asarray([one.confidence for one in answered])
    loss = 1.0 - np.asarray([one.scores.f1 or 0.0 for one in answered])
    areas = []
    for _ in range(500):
        drawn = random.integers(0, len(answered), len(answered))
        order = drawn[np.argsort(-confidence[drawn], kind="stable")]
        areas.append(float((np.cumsum(loss[order]) / np.arange(1, len(order) + 1)).mean()))
    low, high = np.percentile(areas, [2.5, 97.5])
    return float(low), float(high)


def named(measures: Iterable[Measure]) -> Mapping[str, Measure]:
    """Return the measures by name."""
    return {one.name: one for one in measures}
