"""Statistics and retrieval measures against references and by hand."""

from __future__ import annotations

import random

import pytest

from eval.judging import fault_of, with_retrieval
from eval.measures import by, curve, latencies, measure, named, recall_by_rank, worst
from eval.records import HitLine, Outcome, Scores, Timing
from eval.statistics import auroc, bootstrap, paired_bootstrap, percentile, risk_coverage


def outcome(
    id: str = "q",
    *,
    ranked: tuple[str, ...] = (),
    qrels: dict[str, int] | None = None,
    f1: float | None = None,
    answerable: bool = True,
    near_miss: bool = False,
    abstained: bool = False,
    confidence: float = 0.5,
    language: str = "zh",
    on_gold: bool | None = None,
) -> Outcome:
    return Outcome(
        id=id,
        question="?",
        language=language,
        kind="fact",
        answerable=answerable,
        near_miss=near_miss,
        answers=("a",),
        dialogue=None,
        standalone="?",
        text="",
        short="",
        abstained=abstained,
        confidence=confidence,
        citations=(),
        hits=tuple(HitLine(place, 0.5, name, "s", 0, 1) for place, name in enumerate(ranked, 1)),
        qrels=qrels or {},
        scores=Scores(exact=None if f1 is None else float(f1 == 1), f1=f1, on_gold=on_gold),
    )


def test_retrieval_measures_are_pytrec_evals_on_a_thousand_random_runs() -> None:
    pytrec_eval = pytest.importorskip("pytrec_eval")
    choose = random.Random(3)
    outcomes, qrels, run = [], {}, {}
    for number in range(1000):
        names = [f"d{place}" for place in range(30)]
        gold = {name: choose.choice([1, 2]) for name in choose.sample(names, choose.randint(1, 5))}
        ranked = tuple(choose.sample(names, choose.randint(0, 10)))
        outcomes.append(outcome(f"q{number}", ranked=ranked, qrels=gold))
        qrels[f"q{number}"] = gold
        # A reference fed with falling whole numbers, so that no tie can hide a difference.
        run[f"q{number}"] = {name: float(100 - place) for place, name in enumerate(ranked)}
    wanted = {"recall.1,5,10", "recip_rank", "ndcg_cut.10"}
    reference = pytrec_eval.RelevanceEvaluator(qrels, wanted).evaluate(run)
    names = {
        "R@1": "recall_1",
        "R@5": "recall_5",
        "R@10": "recall_10",
        "MRR@10": "recip_rank",
        "nDCG@10": "ndcg_cut_10",
    }
    for one in with_retrieval(outcomes):
        for ours, theirs in names.items():
            expected = reference.get(one.id, {}).get(theirs, 0.0)
            assert one.scores.retrieval[ours] == pytest.approx(expected, abs=1e-9), (one.id, ours)


def test_the_order_of_the_hits_counts_not_their_names() -> None:
    one, two = with_retrieval(
        [outcome("a", ranked=("z", "a"), qrels={"z": 1}), outcome("b", ranked=("a", "z"), qrels={"z": 1})]
    )
    assert (one.scores.retrieval["MRR@10"], two.scores.retrieval["MRR@10"]) == (1.0, 0.5)


def test_a_question_without_hits_counts_zero_and_one_without_gold_not_at_all() -> None:
    found = with_retrieval([outcome("a", qrels={"z": 1}), outcome("b", ranked=("x",))])
    assert found[0].scores.retrieval["R@5"] == 0.0
    assert found[1].scores.retrieval == {}
    assert named(measure(found))["R@5"].n == 1


def test_the_bootstrap_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    values = [1.0] * 30 + [0.0] * 70
    low, high = bootstrap(values)
    assert low < 0.3 < high
    # The normal approximation of a share of 0.3 in 100: 0.3 ± 1.96 · 0.0458.
    assert (low, high) == (pytest.approx(0.21, abs=0.015), pytest.approx(0.39, abs=0.015))
    assert bootstrap(values) == (low, high)
    assert bootstrap([]) == (0.0, 0.0)
    assert bootstrap([0.5]) == (0.5, 0.5)


def test_a_paired_test_sees_a_small_difference_that_is_always_there() -> None:
    first = [float(place % 2) for place in range(200)]
    better = [min(1.0, value + 0.1) if value == 0 else value for value in first]
    comparison = paired_bootstrap(first, better)
    assert comparison.difference == pytest.approx(0.05)
    assert comparison.low > 0
    assert comparison.p < 0.01
    same = paired_bootstrap(first, first)
    assert (same.difference, same.p) == (0.0, 1.0)
    with pytest.raises(ValueError, match="200"):
        paired_bootstrap(first, first[1:])


def test_auroc_is_that_of_counting_all_pairs() -> None:
    choose = random.Random(4)
    for _ in range(50):
        above = [choose.randrange(5) / 4 for _ in range(choose.randint(1, 9))]
        below = [choose.randrange(5) / 4 for _ in range(choose.randint(1, 9))]
        pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in above for b in below]
        assert auroc(above, below) == pytest.approx(sum(pairs) / len(pairs))
    assert auroc([], [1.0]) == 0.5


def test_risk_rises_with_coverage_and_ties_enter_together() -> None:
    assert risk_coverage([0.9, 0.5, 0.5], [1.0, 0.0, 1.0]) == [(1 / 3, 0.0), (1.0, pytest.approx(1 / 3))]
    assert risk_coverage([], []) == []


def test_coverage_is_of_all_questions_and_ends_where_the_system_stands() -> None:
    outcomes = [
        outcome("a", f1=1.0, confidence=0.9),
        outcome("b", f1=0.0, confidence=0.8),
        outcome("c", f1=0.0, abstained=True, confidence=0.1),
        outcome("d", answerable=False, abstained=True, confidence=0.1),
    ]
    assert curve(outcomes) == [(0.25, 0.0), (0.5, 0.5)]


def test_both_kinds_of_wrong_reply_are_counted_apart() -> None:
    outcomes = [
        outcome("a", f1=1.0),
        outcome("b", f1=0.0, abstained=True),
        outcome("c", answerable=False, near_miss=True),
        outcome("d", answerable=False, abstained=True),
        outcome("e", answerable=False, abstained=True),
    ]
    found = named(measure(outcomes))
    assert (found["false refusals"].value, found["false refusals"].n) == (0.5, 2)
    assert (found["false answers"].value, found["false answers"].n) == (pytest.approx(1 / 3), 3)
    assert (found["false answers, near misses"].value, found["false answers, near misses"].n) == (1.0, 1)
    assert found["F1 with refusals"].value == pytest.approx((1 + 0 + 0 + 1 + 1) / 5)
    assert found["F1"].value == 0.5


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (outcome(ranked=("x",), qrels={"z": 2}, f1=0.0), "not retrieved"),
        (outcome(ranked=("x",), qrels={"z": 2}, f1=0.0, abstained=True), "not retrieved"),
        (outcome(ranked=("z",), qrels={"z": 2}, f1=0.0, abstained=True), "wrongly refused"),
        (outcome(ranked=("z",), qrels={"z": 2}, f1=0.0, on_gold=False), "retrieved but not read"),
        (outcome(ranked=("z",), qrels={"z": 2}, f1=0.2, on_gold=True), "read but wrong"),
        (outcome(ranked=("z",), qrels={"z": 2}, f1=0.67, on_gold=True), "read but wrong"),
        (outcome(ranked=("z",), qrels={"z": 2}, f1=0.7, on_gold=True), ""),
        (outcome(ranked=("x",), qrels={"z": 2}, f1=1.0), ""),
        (outcome(answerable=False), "answered the unanswerable"),
        (outcome(answerable=False, abstained=True), ""),
    ],
)
def test_the_stage_at_fault_is_the_first_that_failed(given: Outcome, fault: str) -> None:
    assert fault_of(given) == fault


def test_the_worst_come_first_and_confident_ones_before_them() -> None:
    from dataclasses import replace

    outcomes = [
        outcome("a", f1=0.0, confidence=0.2),
        outcome("b", f1=0.0, confidence=0.9),
        outcome("c", f1=1.0),
        outcome("d", f1=0.0, abstained=True, confidence=0.95),
    ]
    judged = [
        replace(one, scores=replace(one.scores, fault="read but wrong" if one.id != "c" else "")) for one in outcomes
    ]
    assert [one.id for one in worst(judged)] == ["b", "a", "d"]


def test_groups_and_recall_by_rank() -> None:
    outcomes = [
        outcome("a", ranked=("z", "x"), qrels={"z": 1}, language="zh"),
        outcome("b", ranked=("x", "y", "z"), qrels={"z": 1}, language="en"),
        outcome("c", ranked=("x",), qrels={"z": 1}, language="zh"),
    ]
    assert [(name, len(group)) for name, group in by(outcomes, lambda one: one.language).items()] == [
        ("en", 1),
        ("zh", 2),
    ]
    assert recall_by_rank(outcomes, 3) == [pytest.approx(1 / 3), pytest.approx(1 / 3), pytest.approx(2 / 3)]


def test_latency_percentiles_by_stage_with_the_total_last() -> None:
    found = latencies([Timing(str(n), {"total": float(n), "reading": n / 2}) for n in range(101)])
    assert [one.stage for one in found] == ["reading", "total"]
    assert (found[1].p50, found[1].p95, found[1].n) == (50.0, 95.0, 101)
    assert percentile([], 50) == 0.0
