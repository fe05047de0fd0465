import gc
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import rag.library
from rag.cli import main
from tests.conftest import FakeEncoder, FakeReader

COMMANDS = ["add", "ask", "search", "chat", "serve", "list", "remove", "show", "reindex", "doctor", "eval"]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command on a library with the fakes; return exit code, stdout and stderr."""
    monkeypatch.setattr(rag.library, "_load_encoder", lambda name: FakeEncoder())
    monkeypatch.setattr(rag.library.Library, "reader", lambda self: FakeReader())
    monkeypatch.setenv("YINJU_LIBRARY", str(tmp_path / "library"))
    monkeypatch.delenv("YINJU_DEBUG", raising=False)

    def call(*arguments: Any) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        out = capsys.readouterr()
        return code, out.out, out.err

    yield call
    gc.enable()  # `ask` turns it off for its own short process


@pytest.fixture
def filled(run: Run, two_papers: Path) -> Run:
    assert run("add", two_papers)[0] == 0
    return run


def test_add_reports_what_it_did(run: Run, two_papers: Path) -> None:
    code, out, err = run("add", two_papers)
    assert code == 0 and out.startswith("2 added, 0 replaced, 0 unchanged, 0 failed; 2 new passages") and not err
    (two_papers / "empty.txt").touch()
    code, out, err = run("add", two_papers)
    assert code == 1 and "2 unchanged, 1 failed" in out and err.count("\n") == 1 and "empty.txt" in err


def test_ask_json_has_exactly_the_promised_keys(filled: Run, two_papers: Path) -> None:
    code, out, _ = filled("ask", "小麦每亩收成多少？", "--json")
    reply = json.loads(out)
    assert code == 0
    assert list(reply) == [
        "question",
        "language",
        "answer",
        "short",
        "abstained",
        "confidence",
        "citations",
        "hits",
        "timings_ms",
    ]
    assert (reply["short"], reply["abstained"], reply["language"]) == ("620公斤", False, "zh")
    promised = {"number", "quote", "document", "path", "title", "page", "start", "end", "score"}
    assert promised <= set(reply["citations"][0])
    assert {"rank", "score", "passage_id", "document", "path", "title", "text"} <= set(reply["hits"][0])
    citation = reply["citations"][0]
    raw = (two_papers / "wheat.txt").read_text("utf-8")
    assert "".join(raw[citation["start"] : citation["end"]].split()) == "".join(citation["quote"].split())


def test_ask_prints_the_answer_and_where_it_stands(filled: Run) -> None:
    code, out, _ = filled("ask", "小麦每亩收成多少？")
    assert code == 0 and out.startswith("620公斤[1]") and "wheat.txt:0-" in out


def test_a_refusal_is_no_error(filled: Run) -> None:
    code, out, _ = filled("ask", "火星上有什么？", "--json")
    assert code == 0 and json.loads(out)["abstained"] is True and json.loads(out)["citations"] == []


def test_a_refusal_shows_what_came_closest_but_cites_nothing(filled: Run) -> None:
    code, out, _ = filled("ask", "火星上有什么？")
    assert code == 0
    assert "最接近的段落" in out and "[1]" not in out


def test_list_show_and_remove(filled: Run) -> None:
    rows = json.loads(filled("list", "--json")[1])
    assert [set(row) for row in rows] == [{"id", "path", "title", "passages", "added"}] * 2
    shown = json.loads(filled("show", rows[1]["id"], "--json")[1])
    assert set(shown) == {"document", "title", "articles"}
    assert set(shown["articles"][0]) == {"title", "byline", "page", "paragraphs"}
    assert set(shown["articles"][0]["paragraphs"][0]) == {"text", "start", "end"}
    assert filled("remove", rows[0]["id"])[0] == 0
    assert len(json.loads(filled("list", "--json")[1])) == 1


def test_search_explains_each_hit(filled: Run) -> None:
    hits = json.loads(filled("search", "小麦收成", "-k", "1", "--json")[1])
    assert len(hits) == 1 and hits[0]["parts"]["lexical_rank"] == 1


def test_reindex_embeds_every_passage_again(filled: Run) -> None:
    assert filled("reindex")[1].startswith("2 passages")
    assert filled("ask", "小麦每亩收成多少？")[1].startswith("620")


def test_doctor_checks_the_spans(filled: Run) -> None:
    code, out, _ = filled("doctor")
    assert code == 0 and re.search(r"(\d+) of \1 paragraphs stand exactly where their span says", out)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ask", "谁？"), "no library there yet"),
        (("add", "does-not-exist.txt"), "no such file or folder"),
        (("list", "--library", "/dev/null/x"), "no library there yet"),
    ],
)
def test_a_users_mistake_is_one_clear_line_and_code_1(run: Run, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = run(*arguments)
    assert code == 1 and not out and err.startswith("yinju: ") and words in err and err.count("\n") == 1


def test_a_mistyped_path_leaves_no_empty_library_behind(run: Run, tmp_path: Path) -> None:
    run("add", "does-not-exist.txt")
    assert not (tmp_path / "library").exists()


def test_an_empty_question_is_the_users_mistake(filled: Run) -> None:
    code, _, err = filled("ask", " ")
    assert code == 1 and "question is empty" in err


def test_an_unknown_id_is_named(filled: Run) -> None:
    code, _, err = filled("show", "ffff")
    assert code == 1 and "'ffff'" in err and "yinju list" in err


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["add"], ["ask"]])
def test_wrong_usage_is_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


def test_our_own_fault_is_code_3_without_a_traceback(filled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.library.Library, "answer", lambda *_: 1 / 0)
    code, _, err = filled("ask", "谁？")
    assert code == 3 and "our fault" in err and "Traceback" not in err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_stands_in_the_readme(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([name, "--help"])
    assert caught.value.code == 0
    assert len(capsys.readouterr().out) > 80
    assert f"yinju {name}" in (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def test_search_is_restricted_and_explains_itself(filled: Run) -> None:
    code, out, _ = filled("search", "小麦收成", "--explain")
    assert code == 0 and "why: shares 小麦, 收成; meaning 0." in out and "words 0." in out
    [hit] = json.loads(filled("search", "小麦", "--from", "2025", "--explain", "--json")[1])
    assert hit["path"].endswith("18.txt") and hit["shared"] == [] and "lexical" not in hit["parts"]
    assert json.loads(filled("search", "小麦", "--title", "没有这样的标题", "--json")[1]) == []


def test_ask_is_restricted(filled: Run) -> None:
    wheat = next(row["id"] for row in json.loads(filled("list", "--json")[1]) if row["path"].endswith("wheat.txt"))
    question = "小麦每亩收成多少？"
    assert json.loads(filled("ask", question, "--document", wheat, "--json")[1])["short"].startswith("620")
    assert json.loads(filled("ask", question, "--from", "2025", "--to", "2025-12", "--json")[1])["abstained"]


@pytest.mark.parametrize("wrong", [("--from", "June"), ("--language", "xx"), ("--document", "nope")])
def test_a_restriction_that_makes_no_sense_is_the_users_to_mend(filled: Run, wrong: tuple[str, str]) -> None:
    code, out, err = filled("search", "小麦", *wrong)
    assert code == 1 and not out and err.count("\n") == 1 and "Traceback" not in err
