"""Runs, reports, the gate and the sweep, on a system small enough to check by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from eval import runs
from eval.gate import falls
from eval.measures import measure, named
from eval.plots import bars, lines
from eval.relevance import cited_gold, on_gold, ranking
from eval.report import html, markdown
from eval.sets import EvalQuestion, Gold, QuestionSet, Source
from eval.sweep import front, grid, save, sweep, winner
from rag.errors import InputError
from rag.records import Citation, Hit, Passage, Reply, Turn

TEXT = "大桥全长2860米。\n\n桥的主跨520米。\n\n总投资18.6亿元。\n"


def gold(paragraph: int) -> Gold:
    """Gold paragraph 0, 1 or 2 of TEXT, its quote the whole of it."""
    quote = TEXT.split("\n\n")[paragraph].strip()
    start = TEXT.index(quote)
    return Gold(f"bridge#{paragraph}", quote, "bridge.txt", start, start + len(quote), start, start + len(quote))


def question(id: str, text: str, answer: str, *golds: Gold, language: str = "zh", **more: object) -> EvalQuestion:
    return replace(EvalQuestion(id, text, language, (answer,), gold=golds), **more)  # type: ignore[arg-type]


QUESTIONS = QuestionSet(
    "bridge",
    (
        question("right", "大桥全长多少？", "2860米", gold(0)),
        question("wrong", "主跨多少？", "520米", gold(1)),
        question("refused", "总投资多少？", "18.6亿元", gold(2), language="en"),
        EvalQuestion("none", "桥名是谁题写的？", "zh", answerable=False, near_miss=True, kind="who"),
        question("d-1", "大桥全长多少？", "2860米", gold(0), dialogue="d", standalone="大桥全长多少？"),
        question("d-2", "主跨呢？", "520米", gold(1), dialogue="d", standalone="大桥主跨多少？"),
    ),
    (Source("bridge.txt", TEXT),),
)


class FakeSystem:
    """Finds the paragraph that shares most characters, quotes its number; refuses where there is 投资."""

    name = "fake"

    def __init__(self, path: Path, *, blind: bool = False, noise: str = "") -> None:
        self.path = path
        self.blind = blind  # a broken tokenizer: nothing of the question is seen
        self.settings: Mapping[str, object] = {"blind": blind}
        self.models: Mapping[str, str] = {"encoder": f"fake@1{noise}"}

    def search(self, question: str, k: int) -> Sequence[Hit]:
        seen = set() if self.blind else set(question)
        spans = [(match.start(), match.end()) for match in re.finditer(r"\S+", TEXT)]
        spans.sort(key=lambda span: -len(seen & set(TEXT[span[0] : span[1]])) if seen else -span[0])
        return [
            Hit(rank, 1 / rank, Passage(f"p{a}", "doc", 0, TEXT[a:b], a, b, "大桥"), str(self.path))
            for rank, (a, b) in enumerate(spans[:k], 1)
        ]

    def answer(self, question: str, history: Sequence[Turn]) -> Reply:
        asked = f"大桥{question[:-2]}多少？" if history and question.endswith("呢？") else question
        hits = tuple(self.search(asked, 3))
        if "投资" in asked:
            return Reply(asked, "zh", "文中没有说。", "", True, 0.2, (), hits, {"reading": 1.0})
        passage = hits[0].passage
        found = re.search(r"[\d.]+[^\d。]+", passage.text)
        short = found.group() if found else ""
        if "主跨" in asked and not history:
            short = "大桥"  # read but wrong
        cited = Citation(1, passage.text, "doc", str(self.path), "大桥", 1, passage.start, passage.end, 0.9)
        return Reply(asked, "zh", f"{short}[1]\n\n“{passage.text}”[1]", short, False, 0.8, (cited,), hits)

    def raw(self, document: str) -> str:
        return TEXT


@pytest.fixture
def paths(tmp_path: Path) -> dict[str, Path]:
    return QUESTIONS.write_sources(tmp_path / "sources")


@pytest.fixture
def run(paths: dict[str, Path]) -> runs.Run:
    return runs.evaluate(FakeSystem(paths["bridge.txt"]), QUESTIONS, paths)


def test_every_measure_is_what_one_counts_by_hand(run: runs.Run) -> None:
    found = {name: (one.value, one.n) for name, one in named(measure(run.outcomes)).items()}
    assert found["R@1"] == (1.0, 5)
    assert found["exact"] == (pytest.approx(3 / 5), 5)  # right, d-1, d-2
    assert found["false refusals"] == (pytest.approx(1 / 5), 5)
    assert found["false answers"] == found["false answers, near misses"] == (1.0, 1)
    assert found["citation recall"] == (pytest.approx((1 + 0.5 + 1 + 1 + 1) / 5), 5)  # 大桥 is not in 桥的主跨520米
    assert found["citation support"] == (pytest.approx(4 / 5), 5)
    assert found["evidence cited"] == (1.0, 4)
    assert found["quotes exact"] == (1.0, 5)
    assert found["rewritten"] == (1.0, 1)
    assert [one.scores.fault for one in run.outcomes] == [
        *["", "read but wrong", "wrongly refused", "answered the unanswerable", "", ""]
    ]


def test_a_dialogue_carries_its_history_and_the_next_question_does_not(run: runs.Run) -> None:
    asked = {one.id: one.standalone for one in run.outcomes}
    assert asked["d-2"] == "大桥主跨多少？"
    assert asked["wrong"] == "主跨多少？"


def test_the_same_run_gives_the_same_bytes_but_for_time(paths: dict[str, Path], tmp_path: Path) -> None:
    for name in ("one", "two"):
        runs.save(runs.evaluate(FakeSystem(paths["bridge.txt"]), QUESTIONS, paths), tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == sorted(
        ["run.json", "run.trec", "qrels.trec", "answers.jsonl", "measures.json", "environment.json", "timings.json"]
    )
    for name in files:
        if name != "timings.json":
            assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_a_run_holds_no_path_of_this_machine(run: runs.Run, tmp_path: Path) -> None:
    runs.save(run, tmp_path / "run")
    for path in (tmp_path / "run").iterdir():
        assert str(tmp_path) not in path.read_text("utf-8"), path.name


def test_a_run_read_back_is_the_run_that_was_saved(run: runs.Run, tmp_path: Path) -> None:
    runs.save(run, tmp_path / "run")
    assert runs.load(tmp_path / "run") == run


def test_the_trec_files_give_the_same_figures_to_ir_measures(run: runs.Run, tmp_path: Path) -> None:
    import ir_measures
    from ir_measures import RR, R

    runs.save(run, tmp_path / "run")
    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / "run" / "qrels.trec")))
    ranked = list(ir_measures.read_trec_run(str(tmp_path / "run" / "run.trec")))
    found = ir_measures.calc_aggregate([R @ 1, RR @ 10], qrels, ranked)
    ours = named(measure(run.outcomes))
    assert found[R @ 1] == pytest.approx(ours["R@1"].value)
    assert found[RR @ 10] == pytest.approx(ours["MRR@10"].value)


@pytest.mark.parametrize("spoil", ["missing", "format", "json"])
def test_a_folder_that_is_no_run_is_refused(run: runs.Run, tmp_path: Path, spoil: str) -> None:
    runs.save(run, tmp_path / "run")
    head = tmp_path / "run" / "run.json"
    if spoil == "missing":
        head.unlink()
    else:
        head.write_text("{" if spoil == "json" else '{"format": 99}', "utf-8")
    with pytest.raises(InputError, match="run"):
        runs.load(tmp_path / "run")


def test_the_gate_passes_the_same_run_and_fails_a_broken_tokenizer(
    run: runs.Run, paths: dict[str, Path], tmp_path: Path
) -> None:
    runs.save(run, tmp_path / "run")
    baseline = tmp_path / "run" / "measures.json"
    assert falls(measure(run.outcomes), baseline, QUESTIONS.fingerprint) == ()
    broken = runs.evaluate(FakeSystem(paths["bridge.txt"], blind=True), QUESTIONS, paths)
    fallen = {fall.name: fall for fall in falls(measure(broken.outcomes), baseline, QUESTIONS.fingerprint)}
    assert "R@1" in fallen
    assert "R@1: was 1.000, may go to 1.000, is now 0." in str(fallen["R@1"])


def test_the_gate_lets_a_figure_move_inside_its_interval_and_watches_those_that_should_be_low(tmp_path: Path) -> None:
    baseline = tmp_path / "b.json"
    rows = [
        {"name": "F1", "value": 0.6, "low": 0.5, "high": 0.7, "n": 9, "better": "higher"},
        {"name": "false answers", "value": 0.2, "low": 0.1, "high": 0.3, "n": 9, "better": "lower"},
    ]
    baseline.write_text(json.dumps({"set_fingerprint": "f", "measures": rows}), "utf-8")

    def fallen(f1: float, false: float) -> list[str]:
        from eval.records import Measure

        now = [Measure("F1", f1, 0, 1, 9), Measure("false answers", false, 0, 1, 9, "lower")]
        return [fall.name for fall in falls(now, baseline, "f")]

    assert fallen(0.5, 0.3) == []
    assert fallen(0.9, 0.0) == []
    assert fallen(0.49, 0.3) == ["F1"]
    assert fallen(0.5, 0.31) == ["false answers"]
    assert next(str(fall) for fall in falls([], baseline, "f")).endswith("is no longer measured")
    with pytest.raises(InputError, match="other questions"):
        falls([], baseline, "g")
    baseline.write_text("[]", "utf-8")
    with pytest.raises(InputError, match="not a baseline"):
        falls([], baseline, "f")


def test_the_report_stands_alone(run: runs.Run, paths: dict[str, Path]) -> None:
    other = runs.evaluate(FakeSystem(paths["bridge.txt"], blind=True), QUESTIONS, paths)
    page = html([run, other])
    assert "http" not in page
    assert not re.search(r"<(script|link|img|iframe)|@import|url\(|src=", page)
    for fault in ("read but wrong", "wrongly refused", "answered the unanswerable"):
        assert fault in page
    assert page.count("<svg") >= 6
    assert "fake (1)" in page
    assert "fake (2)" in page
    assert "Δ" in page
    for text in (page, markdown([run, other])):
        assert "fake (1): blind False" in text
        assert "fake (2): blind True" in text


def test_the_report_shows_what_a_document_says_and_never_runs_it(run: runs.Run) -> None:
    evil = "<script>alert(1)</script>"
    outcomes = tuple(replace(one, question=evil, short=evil) for one in run.outcomes)
    page = html([replace(run, outcomes=outcomes, system=evil)])
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_summary_has_n_and_interval_for_every_figure(run: runs.Run) -> None:
    text = markdown([run])
    assert "| exact | 0.600 [0.200, 1.000] | 5 |" in text
    assert "| zh | 5 |" in text
    assert "http" not in text


def test_a_report_of_nothing_but_refusals_can_be_made(run: runs.Run) -> None:
    refused = tuple(replace(one, abstained=True, citations=(), short="") for one in run.outcomes)
    assert "<svg" in html([replace(run, outcomes=refused, timings=())])


def test_plots_of_no_points_are_empty_and_not_broken() -> None:
    assert "<polyline" not in lines("t", {"a": []}, "x", "y")
    assert "<rect" not in bars("t", ["g"], {"a": [None]}, "y")
    assert 'aria-label="&lt;b&gt;"' in bars("<b>", [], {}, "y")


def test_a_hit_is_on_gold_when_it_covers_the_quote_or_most_of_the_shorter() -> None:
    one = Gold("a#0", "quote", "s", 100, 200, 150, 160)
    assert on_gold(one, "s", 150, 160, "")
    assert on_gold(one, "s", 145, 400, "")
    assert on_gold(one, "s", 100, 151, "")  # half and one of the paragraph, all of the hit
    assert not on_gold(one, "s", 200, 300, "")
    assert not on_gold(one, "s", 0, 130, "")  # 30 of the shorter's 100
    assert on_gold(one, "s", 60, 151, "")  # 51 of the shorter's 91
    assert not on_gold(one, "t", 150, 160, "")
    assert not on_gold(one, None, 150, 160, "")


def test_without_offsets_the_quote_must_stand_in_the_hit() -> None:
    one = Gold("a#0", "額達９４８億。", "papers/a.txt")
    assert on_gold(one, "a.txt", 0, 9, "双边贸易额达948亿美元")
    assert not on_gold(one, "b.txt", 0, 9, "双边贸易额达948亿美元")
    assert not on_gold(one, "a.txt", 0, 9, "双边贸易额")


def test_a_hit_over_two_gold_paragraphs_finds_both_and_a_second_hit_adds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bridge.txt"
    names = {str(path.resolve()): "bridge.txt"}
    asked = question("q", "?", "a", gold(0), gold(1))
    whole = Passage("p", "d", 0, TEXT, 0, gold(1).end)
    again = Passage("p2", "d", 0, TEXT, 0, gold(0).end)
    hits = [Hit(1, 1.0, whole, str(path)), Hit(2, 0.9, again, str(path)), Hit(3, 0.8, again, str(path))]
    assert [name for _, name in ranking(asked, hits, names)] == [*["bridge#0", "bridge#1", "passage:p2", "passage:p2'"]]


def test_a_citation_inside_the_gold_quote_is_on_gold(tmp_path: Path) -> None:
    path = tmp_path / "bridge.txt"
    names = {str(path.resolve()): "bridge.txt"}
    inside = Citation(1, "2860米", "d", str(path), None, None, 4, 9, 1.0)
    beside = Citation(2, "520米", "d", str(path), None, None, gold(1).start + 2, gold(1).end, 1.0)
    assert cited_gold(question("q", "?", "a", gold(0)), [inside, beside], names) == (frozenset({"bridge#0"}), 1)


def test_a_sweep_finds_the_better_setting_and_writes_the_front(paths: dict[str, Path], tmp_path: Path) -> None:
    def build(values: Mapping[str, object]) -> FakeSystem:
        return FakeSystem(paths["bridge.txt"], blind=bool(values["blind"]))

    candidates = grid({"blind": [True, False], "other": [1, 2]})
    assert candidates[1] == {"blind": True, "other": 2}
    trials = sweep(candidates, build, QUESTIONS, paths, halving=False)
    assert [trial.values["blind"] for trial in trials] == [False, False, True, True]
    assert front(trials)[-1].quality == trials[0].quality
    assert winner(trials) in trials
    save(trials, tmp_path / "sweep")
    rows = json.loads((tmp_path / "sweep" / "sweep.json").read_text("utf-8"))
    assert sum(row["winner"] for row in rows) == 1
    assert "http" not in (tmp_path / "sweep" / "sweep.html").read_text("utf-8")
    with pytest.raises(InputError, match="list"):
        grid({"k": []})


def test_halving_ends_with_the_best_on_the_whole_set(paths: dict[str, Path]) -> None:
    many = tuple(replace(QUESTIONS.questions[place % 4], id=str(place)) for place in range(200))
    questions = replace(QUESTIONS, questions=many)
    asked: list[int] = []

    def build(values: Mapping[str, object]) -> FakeSystem:
        asked.append(int(str(values["n"])))
        return FakeSystem(paths["bridge.txt"], blind=values["n"] != 4)

    trials = sweep(grid({"n": list(range(9))}), build, questions, paths)
    assert [trial.values["n"] for trial in trials] == [4]
    assert trials[0].questions == 200
    assert len(asked) == 9 + 3 + 1
