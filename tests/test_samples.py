"""The sample corpus and the built-in evaluation set: true to each other, and to what they promise."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from eval.data.builtin import build as beir
from samples import articles_folder, pages_folder
from samples import build as pages

JSON = dict[str, Any]
BUILTIN = Path(beir.__file__).resolve().parent
ARTICLES = pages.load_articles()
QUESTIONS = beir.read_jsonl(BUILTIN / "questions.jsonl")
DIALOGUES = beir.read_jsonl(BUILTIN / "dialogues.jsonl")
TRUTHS = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(pages_folder().glob("*.truth.json"))]
TURNS = [turn for dialogue in DIALOGUES for turn in dialogue["turns"]]
KINDS = {"who", "when", "where", "which", "what", "how_many", "number", "date", "list", "why", "how"} | {
    "cross",
    "conflict",
}


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def raw_of(truth: JSON) -> str:
    return (pages_folder() / str(truth["file"])).read_text(encoding="utf-8")


def all_text() -> str:
    return "\n".join(a["title"] + "\n" + "\n".join(p["text"] for p in a["paragraphs"]) for a in ARTICLES.values())


def assert_supported(record: JSON) -> None:
    """Every answer stands in a quote, every quote in the paragraph it names."""
    assert record["answers"] and record["evidence"], record
    for evidence in record["evidence"]:
        assert evidence["quote"] in ARTICLES[evidence["article"]]["paragraphs"][evidence["paragraph"]]["text"], record
    for answer in record["answers"]:
        assert any(answer in evidence["quote"] for evidence in record["evidence"]), (answer, record)


# --- the pages


def test_the_corpus_is_as_large_as_promised() -> None:
    printed = {(truth["paper"], truth["date"], page["number"]) for truth in TRUTHS for page in truth["pages"]}
    assert len(ARTICLES) == 25
    assert len(printed) == 8
    assert len({paper for paper, _, _ in printed}) == 3
    lengths = [sum(len(p["text"]) for p in a["paragraphs"]) for a in ARTICLES.values()]
    assert min(lengths) >= 400
    assert max(lengths) <= 900


@pytest.mark.parametrize("article", ARTICLES.values(), ids=list(ARTICLES))
def test_a_clean_article_is_well_formed(article: JSON) -> None:
    assert (articles_folder() / f"{article['id']}.json").exists()
    assert article["title"] and article["byline"] and article["paper"]
    assert date.fromisoformat(article["date"]).year in (2024, 2025)
    assert {p["kind"] for p in article["paragraphs"]} <= {"body", "subhead", "note"}
    assert all(p["text"] == p["text"].strip() and "\n" not in p["text"] for p in article["paragraphs"])


def test_pages_and_truth_are_in_step_with_articles_and_layout() -> None:
    built = pages.build_all()
    on_disk = {path.name: path.read_text(encoding="utf-8") for path in pages_folder().iterdir() if path.is_file()}
    assert on_disk == built


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: str(truth["file"]))
def test_every_truth_span_gives_its_text_with_white_space_removed(truth: JSON) -> None:
    raw = raw_of(truth)
    for article in truth["articles"]:
        for paragraph in article["paragraphs"]:
            span = raw[paragraph["start"] : paragraph["end"]]
            assert bare(span) == bare(paragraph["text"])
            assert span == span.strip()
            source = ARTICLES[article["id"]]["paragraphs"][paragraph["index"]]
            assert (paragraph["text"], paragraph["kind"]) == (source["text"], source["kind"])
        for key in ("title", "byline"):
            if article[key]:
                start, end = article[f"{key}_span"]
                assert bare(raw[start:end]) == bare(article[key])


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: str(truth["file"]))
def test_the_truth_accounts_for_every_character_but_folios_and_jump_lines(truth: JSON) -> None:
    raw = raw_of(truth)
    spans = [(p["start"], p["end"]) for article in truth["articles"] for p in article["paragraphs"]]
    spans += [tuple(a[f"{k}_span"]) for a in truth["articles"] for k in ("title", "byline") if a[f"{k}_span"]]
    spans.sort()
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    gaps = [raw[a:b] for a, b in zip([0, *(e for _, e in spans)], [*(s for s, _ in spans), len(raw)], strict=True)]
    left_over = bare("".join(gaps))
    left_over = re.sub(r"（[上下][接转]第[一二三四五六七八]版）", "", left_over)
    left_over = re.sub(
        r"(云泽日报)?\d+年\d+月\d+日星期[一二三四五六日](第\d版|要闻\d北原晚报|城事\d北原晚报)", "", left_over
    )
    assert left_over == ""


def test_every_article_is_laid_out_whole_and_once() -> None:
    seen = Counter((a["id"], p["index"]) for truth in TRUTHS for a in truth["articles"] for p in a["paragraphs"])
    assert set(seen) == {(key, i) for key, a in ARTICLES.items() for i in range(len(a["paragraphs"]))}
    assert set(seen.values()) == {1}


def test_pages_carry_the_damage_they_are_meant_to_show() -> None:
    text = "".join(raw_of(truth) for truth in TRUTHS)
    assert len(re.findall(r"(?:[一-鿿] ){6,}[一-鿿]", text)) > 20, "letter-spaced lines"
    assert len(re.findall(r"[一-鿿] \d|\d [一-鿿]", text)) > 200, "spaces around digits"
    assert text.count("（上接第") == text.count("（下转第") == 3
    headline_last = [a for t in TRUTHS for a in t["articles"] if a["title_span"]]
    assert sum(a["title_span"][0] > a["paragraphs"][0]["start"] for a in headline_last) >= 10
    crossing = [a for t in TRUTHS for a in t["articles"] if a["jump_from"] and a["jump_to"]]
    assert {a["id"] for a in crossing} == {"yunze-2024-bridge", "xichui-2025-summit"}


def test_wrapping_never_begins_a_line_with_a_closing_mark_nor_breaks_a_number() -> None:
    lines = pages.wrap("共有123456人，其中“一半”在1234.5米以上。", [5])
    assert "".join(lines) == "共有123456人，其中“一半”在1234.5米以上。"
    assert not any(line[0] in pages.NO_LINE_START or line[-1] in pages.NO_LINE_END for line in lines)
    assert any("1234.5" in line for line in lines)
    assert pages.wrap("", [5]) == []


def test_letter_spacing_only_adds_spaces() -> None:
    assert pages.letter_space("国家元首") == "国 家 元 首"
    assert bare(pages.letter_space("占 30%，增长两倍")) == "占30%，增长两倍"


# --- the questions


def test_question_counts_by_language_kind_and_answerability() -> None:
    languages = Counter(q["language"] for q in QUESTIONS)
    assert len(QUESTIONS) >= 320
    assert (
        min(languages[x] / len(QUESTIONS) - low for x, low in (("zh", 0.5), ("en", 0.17), ("ru", 0.14), ("kk", 0.11)))
        > 0
    )
    unanswerable = [q for q in QUESTIONS if not q["answerable"]]
    near = [q for q in unanswerable if q["near_miss"]]
    assert 0.3 < len(unanswerable) / len(QUESTIONS) < 0.37
    assert 0.45 < len(near) / len(unanswerable) < 0.55
    assert {q["language"] for q in near} == {"zh", "en", "ru", "kk"}
    assert {q["kind"] for q in QUESTIONS} == KINDS
    assert min(Counter(q["kind"] for q in QUESTIONS if q["answerable"]).values()) >= 8


def test_the_readme_counts_the_questions_right() -> None:
    unanswerable = [q for q in QUESTIONS if not q["answerable"]]
    readme = (BUILTIN / "README.md").read_text(encoding="utf-8")
    near = sum(q["near_miss"] for q in unanswerable)
    assert f"{len(QUESTIONS)} single questions, {len(unanswerable)} of them unanswerable ({near} near misses)" in readme
    refused = sum(not turn["answerable"] for turn in TURNS)
    assert f"{len(DIALOGUES)} conversations of 2 to 4 turns ({len(TURNS)} turns, {refused} unanswerable)" in readme


def test_ids_and_questions_are_unique() -> None:
    ids = [q["id"] for q in QUESTIONS] + [d["id"] for d in DIALOGUES]
    assert len(set(ids)) == len(ids)
    assert not [text for text, n in Counter(q["question"] for q in QUESTIONS).items() if n > 1]


@pytest.mark.parametrize("language", ["zh", "en", "ru", "kk"])
def test_answers_stand_in_their_quotes_and_quotes_in_their_paragraphs(language: str) -> None:
    for question in QUESTIONS:
        if question["language"] == language and question["answerable"]:
            assert_supported(question)
            assert not question["near_miss"]


def test_every_article_is_asked_about() -> None:
    asked = {evidence["article"] for q in QUESTIONS for evidence in q["evidence"]}
    assert asked == set(ARTICLES)


def test_unanswerable_questions_carry_no_answer_and_their_candidate_is_not_in_the_corpus() -> None:
    corpus = all_text()
    for question in QUESTIONS:
        if not question["answerable"]:
            assert question["answers"] == [] and question["evidence"] == []
            assert question["note"]
            assert not [word for word in question["absent"] if word in corpus], question
            assert question["near_miss"] or "topic" not in question


def test_a_conflict_question_names_both_figures() -> None:
    for question in QUESTIONS:
        if question["kind"] == "conflict":
            assert len(question["evidence"]) >= 2
            assert len({evidence["quote"] for evidence in question["evidence"]}) >= 2
            assert len(question["answers"]) >= 2


def test_question_text_is_not_lifted_from_the_source() -> None:
    corpus = all_text()
    for question in QUESTIONS:
        if question["language"] == "zh" and len(question["question"]) > 8:
            assert question["question"].rstrip("？") not in corpus


# --- the dialogues


def test_dialogues_have_two_to_four_turns_and_cover_the_languages() -> None:
    assert len(DIALOGUES) >= 60
    assert all(2 <= len(d["turns"]) <= 4 for d in DIALOGUES)
    assert {d["language"] for d in DIALOGUES} == {"zh", "en", "ru", "kk"}
    assert sum(not turn["answerable"] for turn in TURNS) >= 10


def test_every_turn_is_supported_and_says_what_it_means_alone() -> None:
    for turn in TURNS:
        assert turn["question"] and turn["standalone"]
        if turn["answerable"]:
            assert_supported(turn)
        else:
            assert turn["answers"] == [] and turn["evidence"] == []


def test_follow_ups_do_need_their_history() -> None:
    follow_ups = [turn for d in DIALOGUES for turn in d["turns"][1:]]
    changed = sum(turn["question"] != turn["standalone"] for turn in follow_ups)
    assert changed / len(follow_ups) > 0.9


# --- the retrieval view


def test_beir_files_are_in_step_with_questions_and_articles() -> None:
    for name, text in beir.build().items():
        assert (BUILTIN / name).read_text(encoding="utf-8") == text, f"run python -m eval.data.builtin.build ({name})"


def test_every_query_has_a_stating_paragraph_and_every_judged_paragraph_exists() -> None:
    corpus = {record["_id"]: record for record in beir.read_jsonl(BUILTIN / "corpus.jsonl")}
    queries = {record["_id"] for record in beir.read_jsonl(BUILTIN / "queries.jsonl")}
    rows = [line.split("\t") for line in (BUILTIN / "qrels/test.tsv").read_text(encoding="utf-8").splitlines()]
    assert rows[0] == ["query-id", "corpus-id", "score"]
    assert {row[2] for row in rows[1:]} == {"1", "2"}
    assert {row[1] for row in rows[1:]} <= set(corpus)
    assert {row[0] for row in rows[1:] if row[2] == "2"} == queries
    assert corpus["yunze-2024-moon#0"]["title"] == "一千九百多克月背土壤意味着什么"


def test_context_is_the_opening_the_subhead_and_the_piece_before_a_jump() -> None:
    kinds = ["body", "subhead", "body", "subhead", "body", "body"]
    paragraphs: list[JSON] = [{"kind": kind} for kind in kinds]
    paragraphs[5]["continues"] = True
    assert list(beir.context_of(paragraphs, 2)) == [0, 1]
    assert list(beir.context_of(paragraphs, 5)) == [0, 3, 4]
