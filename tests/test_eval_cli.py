"""``yinju eval`` from end to end, on the built-in set and a library with the fakes."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from conftest import open_fake

from eval.cli import main
from eval.formats import load_set
from eval.measures import measure, named
from eval.parallel import shares
from eval.runs import evaluate, load, save
from eval.systems import BaselineSystem, Indexed, LibrarySystem
from rag import Library
from rag.errors import InputError
from rag.settings import Settings


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open every library with the fake encoder and reader."""

    def opened(folder: str | os.PathLike[str], settings: Settings | None = None) -> Library:
        return open_fake(Path(folder), settings)

    monkeypatch.setattr(Library, "open", opened)


def run_into(folder: Path, *more: str) -> int:
    return main(["--limit", "40", "--out", str(folder), *more])


def test_the_builtin_set_is_asked_reported_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_into(tmp_path / "run") == 0
    shown = capsys.readouterr().out
    for name in (
        "R@1",
        "R@5",
        "MRR@10",
        "nDCG@10",
        "exact",
        "F1",
        "citation support",
        "false answers",
        "false refusals",
    ):
        assert re.search(rf"^{re.escape(name)}\s.* n=\d+", shown, re.M), name
    kept = load(tmp_path / "run")
    assert kept.models["encoder"] == "fake@1"
    assert len(kept.outcomes) == len(load_set("builtin").limited(40).questions)
    assert "http" not in (tmp_path / "run" / "report.html").read_text("utf-8")
    assert (tmp_path / "run" / "report.md").exists()


def test_every_quote_of_the_library_is_exact_and_every_answer_supported(tmp_path: Path) -> None:
    run_into(tmp_path / "run", "--no-baseline")
    found = named(measure(load(tmp_path / "run").outcomes))
    assert found["quotes exact"].value == 1.0
    assert found["quotes exact"].n > 0
    assert found["citation support"].value == 1.0


def test_two_runs_of_one_library_are_equal_to_the_byte(tmp_path: Path) -> None:
    for name in ("one", "two"):
        run_into(tmp_path / name, "--no-baseline")
    for path in sorted((tmp_path / "one").iterdir()):
        if path.name != "timings.json" and not path.name.startswith("report"):
            assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_a_broken_tokenizer_fails_the_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gate = ["--no-baseline", "--gate", str(tmp_path / "run" / "measures.json")]
    run_into(tmp_path / "run", "--no-baseline")
    assert run_into(tmp_path / "same", *gate) == 0
    assert "passed" in capsys.readouterr().out
    english_only = r"(?P<word>[a-z]+)|(?P<number>(?!))|(?P<dense>(?!))"
    monkeypatch.setattr("rag.terms.RUN", re.compile(english_only))
    assert run_into(tmp_path / "broken", *gate) == 1
    shown = capsys.readouterr()
    assert "FAILED" in shown.out
    assert re.search(r"^gate: R@5: was [01]\.\d+, may go to [01]\.\d+, is now 0\.\d+$", shown.err, re.M)


def test_a_baseline_of_another_set_is_told_before_a_question_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "baseline.json").write_text('{"set_fingerprint": "0", "measures": []}', "utf-8")

    def opened(*_: object) -> Library:
        raise AssertionError("a library was opened")

    monkeypatch.setattr(Library, "open", opened)
    with pytest.raises(InputError, match="other questions or sources"):
        run_into(tmp_path / "run", "--gate", str(tmp_path / "baseline.json"))


def test_figures_kept_are_a_baseline(tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    run_into(tmp_path / "run", "--no-baseline", "--keep", str(baseline))
    assert baseline.read_bytes() == (tmp_path / "run" / "measures.json").read_bytes()
    assert run_into(tmp_path / "again", "--no-baseline", "--gate", str(baseline)) == 0


def test_a_set_is_shared_out_with_dialogues_whole() -> None:
    questions = load_set("builtin")
    parts = shares(questions, 3)
    assert sorted(one.id for part in parts for one in part.questions) == sorted(one.id for one in questions.questions)
    assert max(len(part.questions) for part in parts) - min(len(part.questions) for part in parts) < 8
    for dialogue in {one.dialogue for one in questions.questions if one.dialogue}:
        assert sum(any(one.dialogue == dialogue for one in part.questions) for part in parts) == 1
    assert len(shares(questions.limited(1), 4)) == 1


@pytest.mark.slow
def test_two_processes_give_the_run_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # the models of the package: a process of its own knows no fakes
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    for name in ("1", "2"):
        assert main(["--limit", "20", "--out", str(tmp_path / name), "--no-baseline", "--workers", name]) == 0
    for path in sorted((tmp_path / "1").iterdir()):
        if path.name != "timings.json" and not path.name.startswith("report"):
            assert path.read_bytes() == (tmp_path / "2" / path.name).read_bytes(), path.name


def test_an_earlier_run_stands_beside_the_new_one(tmp_path: Path) -> None:
    run_into(tmp_path / "before", "--no-baseline")
    run_into(tmp_path / "after", "--no-baseline", "--compare", str(tmp_path / "before"))
    text = (tmp_path / "after" / "report.md").read_text("utf-8")
    assert "yinju (1)" in text
    assert "+0.000 (1.000)" in text


def test_json_is_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_into(tmp_path / "run", "--no-baseline", "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["set"] == "builtin"
    assert found["measures"]["R@1"]["n"] > 0
    assert found["latency_ms"]["total"]["n"] == found["questions"]
    assert sum(found["faults"].values()) <= found["questions"]


def test_ones_own_questions_are_asked_of_ones_own_library(
    tmp_path: Path, two_papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_fake(tmp_path / "library") as library:
        library.add([two_papers])
    (tmp_path / "mine.csv").write_text(
        "question,answer,quote,answerable\n港口去年货物吞吐量达到多少？,948亿,吞吐量达到948亿吨,\n谁写了这首诗？,,,no\n",
        "utf-8",
    )
    given = [
        "--set",
        str(tmp_path / "mine.csv"),
        "--library",
        str(tmp_path / "library"),
        "--out",
        str(tmp_path / "run"),
    ]
    assert main([*given, "--json", "--no-baseline"]) == 0
    found = json.loads(capsys.readouterr().out)["measures"]
    assert found["exact"]["value"] == found["evidence cited"]["value"] == found["R@1"]["value"] == 1.0
    assert found["false answers"]["value"] == 0.0


def test_a_sweep_writes_settings_that_can_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    axes = tmp_path / "axes.json"
    axes.write_text('{"dense_weight": [0.0, 1.0], "passages": [2], "passage_characters": [100, 320]}', "utf-8")
    assert run_into(tmp_path / "sweep", "--sweep", str(axes), "--every") == 0
    assert "winner" in capsys.readouterr().out
    settings = Settings.load(tmp_path / "sweep" / "settings.json")
    assert (settings.passages, settings.dense_weight in (0.0, 1.0)) == (2, True)
    assert "<svg" in (tmp_path / "sweep" / "sweep.html").read_text("utf-8")
    tried = json.loads((tmp_path / "sweep" / "sweep.json").read_text("utf-8"))
    assert {(one["passage_characters"], one["dense_weight"]) for one in tried} == {
        (100, 0.0),
        (100, 1.0),
        (320, 0.0),
        (320, 1.0),
    }
    assert run_into(tmp_path / "again", "--no-baseline", "--settings", str(tmp_path / "sweep" / "settings.json")) == 0
    assert load(tmp_path / "again").settings == asdict(settings)


def test_the_winner_of_a_sweep_is_what_a_library_answers_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The winner's file, put into a library's folder: the library splits, and refuses, as it says."""
    axes = tmp_path / "axes.json"
    axes.write_text('{"threshold": [1.0], "passage_characters": [80]}', "utf-8")
    given = ["--sweep", str(axes), "--half", "development", "--limit", "20", "--out", str(tmp_path / "sweep")]
    assert main(given) == 0
    monkeypatch.undo()  # opened as a user opens it, with the models of the package
    page = tmp_path / "page.txt"
    page.write_text(
        "\n\n".join(f"　　第{number}港口去年的货物吞吐量达到{number}亿吨，创下了新高。" * 2 for number in range(1, 7)),
        "utf-8",
    )
    passages = {}
    for name in ("default", "winner"):
        (tmp_path / name).mkdir()
        if name == "winner":
            (tmp_path / name / "settings.json").write_bytes((tmp_path / "sweep" / "settings.json").read_bytes())
        with Library.open(tmp_path / name) as library:
            library.add([page])
            passages[name] = len(library.search("港口去年的货物吞吐量", 20))
    assert passages["winner"] > passages["default"] >= 1
    with Library.open(tmp_path / "winner") as library:
        assert (library.settings.threshold, library.settings.passage_characters) == (1.0, 80)
        assert library.answer("第3港口去年的货物吞吐量达到多少？").abstained


def test_only_one_half_of_a_set_is_asked(tmp_path: Path) -> None:
    assert main(["--half", "test", "--limit", "20", "--out", str(tmp_path / "run"), "--no-baseline"]) == 0
    kept = load(tmp_path / "run")
    wanted = {one.id for one in load_set("builtin").half("test").questions}
    assert kept.set_name == "builtin-test"
    assert {one.id for one in kept.outcomes} <= wanted


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "nowhere.json"], "no such set"),
        (["--library", "x"], "leave --library out"),
        (["--limit", "0"], "at least one"),
        (["--settings", "nowhere.json"], "no such file"),
        (["--compare", "nowhere"], "not a run"),
        (["--sweep", "nowhere.json"], "no such file"),
        (["--gate", "nowhere.json", "--limit", "5", "--no-baseline"], "not a baseline"),
    ],
)
def test_a_wrong_argument_gets_one_clear_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        main([*arguments, "--out", str(tmp_path / "run")])


def test_questions_without_documents_need_a_library(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text('{"question": "?", "answer": "x"}', "utf-8")
    with pytest.raises(InputError, match="say which --library"):
        main(["--set", str(path)])
    with pytest.raises(InputError, match="no library there"):
        main(["--set", str(path), "--library", str(tmp_path / "none")])


def test_a_run_touches_no_network_and_leaves_no_folder_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    run_into(tmp_path / "run", "--no-baseline")
    assert list((tmp_path / "temporary").iterdir()) == []


def paragraphs(*texts: str) -> BaselineSystem:
    raw = "\n".join(texts)
    found = [Indexed("d", "d.txt", text, raw.index(text), raw.index(text) + len(text)) for text in texts]
    return BaselineSystem(found, {"d": raw})


def test_the_baseline_ranks_by_shared_rare_terms_and_answers_with_the_best_sentence() -> None:
    pytest.importorskip("bm25s", reason="bm25s is not installed; there is no baseline")
    system = paragraphs("今天天气很好。", "大桥昨天合龙。大橋全長２８６０米。车道六条。", "今天开会。")
    assert system.search("大桥全长多少？", 3)[0].passage.text.startswith("大桥昨天")
    reply = system.answer("大桥全长多少？", ())
    assert reply.short == "大橋全長２８６０米。"
    citation = reply.citations[0]
    assert system.raw("d")[citation.start : citation.end] == citation.quote == reply.short


def test_the_baseline_abstains_when_no_term_is_shared() -> None:
    pytest.importorskip("bm25s", reason="bm25s is not installed; there is no baseline")
    assert paragraphs("今天天气很好。", "明天也好。").answer("Who?", ()).abstained
    assert paragraphs().answer("今天？", ()).abstained
    assert list(paragraphs("甲乙").search("😀", 5)) == []


def test_retrieval_measures_of_a_library_do_not_depend_on_the_order_of_questions(tmp_path: Path) -> None:
    from dataclasses import replace

    questions = load_set("builtin").limited(20)
    paths = questions.write_sources(tmp_path)
    with open_fake(tmp_path / "library") as library:
        library.add(list(paths.values()))
        plain = replace(questions, questions=tuple(one for one in questions.questions if one.dialogue is None))
        turned = replace(plain, questions=plain.questions[::-1])
        first = evaluate(LibrarySystem(library), plain, paths)
        second = evaluate(LibrarySystem(library), turned, paths)
    assert {one.id: one.scores for one in first.outcomes} == {one.id: one.scores for one in second.outcomes}
    save(first, tmp_path / "run")
    assert load(tmp_path / "run") == first
