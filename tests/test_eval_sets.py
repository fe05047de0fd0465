"""Sets from every format: the count, the first and last question, and gold spans that hold."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from eval.builtin import load_builtin, locate
from eval.formats import load_rgb, load_set
from eval.sets import EvalQuestion, QuestionSet
from rag.errors import InputError


def raw_of(questions: QuestionSet, name: str) -> str:
    source = next(source for source in questions.sources if source.name == name)
    return source.path.read_text("utf-8") if source.path else source.text


def test_the_builtin_set_has_spans_that_hold_its_quotes() -> None:
    questions = load_set("builtin")
    assert len(questions.questions) >= 300
    assert {"zh", "en", "ru", "kk"} <= {one.language for one in questions.questions}
    unanswerable = [one for one in questions.questions if not one.answerable]
    assert len(unanswerable) >= 100
    assert sum(one.near_miss for one in unanswerable) >= len(unanswerable) / 3
    raws = {source.name: raw_of(questions, source.name) for source in questions.sources}
    for one in questions.questions:
        assert bool(one.gold) == one.answerable, one.id
        for gold in one.gold:
            assert gold.start <= gold.quote_start < gold.quote_end <= gold.end
            found = raws[gold.source][gold.quote_start : gold.quote_end]
            assert "".join(found.split()) == "".join(gold.quote.split()), one.id


def test_a_quote_that_is_not_in_its_paragraph_is_refused(tmp_path: Path) -> None:
    record = {
        **{"id": "x", "language": "zh", "question": "?", "kind": "fact", "answerable": True, "answers": ["甲"]},
        "evidence": [{"article": "a", "paragraph": 0, "quote": "不在这里"}],
    }
    (tmp_path / "questions.jsonl").write_text(json.dumps(record), "utf-8")
    paragraph = {"text": "甲乙", "start": 0, "end": 2}
    truth = {"file": "p.txt", "articles": [{"id": "a", "paragraphs": [paragraph]}]}
    (tmp_path / "p.truth.json").write_text(json.dumps(truth), "utf-8")
    (tmp_path / "p.txt").write_text("甲乙", "utf-8")
    with pytest.raises(InputError, match="x: the quote"):
        load_builtin(tmp_path, tmp_path)


def test_a_quote_is_counted_off_across_broken_lines() -> None:
    raw = "题目\n\n 甲 乙\n\n丙丁。"
    start, end = locate(raw, 4, len(raw), "乙丙")
    assert raw[start:end] == "乙\n\n丙"
    assert locate(raw, 4, len(raw), "题目") == (-1, -1)
    assert locate(raw, 0, len(raw), "") == (-1, -1)


def squad() -> dict[str, object]:
    def qa(id: str, question: str, answers: list[tuple[str, int]], impossible: bool = False) -> dict[str, object]:
        given = [{"text": text, "answer_start": start} for text, start in answers]
        return {"id": id, "question": question, "answers": given, "is_impossible": impossible}

    first = {"context": "大桥全长2860米。", "qas": [qa("1", "多长？", [("2860米", 4), ("2860", 4)])]}
    second = {"context": "大桥\r有六条车道。", "qas": [qa("2", "几条？", [("六条", 4)]), qa("3", "谁？", [], True)]}
    return {"version": "v2.0", "data": [{"title": "芦江 大桥", "paragraphs": [first, second]}]}


def test_a_squad_file_becomes_one_document_a_title(tmp_path: Path) -> None:
    path = tmp_path / "cmrc_dev.json"
    path.write_text(json.dumps(squad(), ensure_ascii=False), "utf-8")
    questions = load_set(str(path))
    assert (questions.name, len(questions.questions), len(questions.sources)) == ("cmrc_dev", 3, 1)
    assert questions.sources[0].text.startswith("# 芦江 大桥\n\n大桥全长")
    first, second, third = questions.questions
    assert (first.language, first.answers) == ("zh", ("2860米", "2860"))
    for one, quote in ((first, "2860米"), (second, "六条")):
        gold = one.gold[0]
        assert raw_of(questions, gold.source)[gold.quote_start : gold.quote_end] == gold.quote == quote
    assert (third.answerable, third.gold, third.answers) == (False, (), ())
    assert first.gold[0].id != second.gold[0].id


def test_flat_questions_are_read_from_gzip_with_their_own_language(tmp_path: Path) -> None:
    rows = [
        {"id": n, "lang": "kk", "title": "", "context": f"мәтін {n}", "question": "?", "answers": [f"{n}"], "start": 6}
        for n in range(3)
    ]
    path = tmp_path / "set.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))
    questions = load_set(str(path))
    assert [source.text for source in questions.sources] == ["мәтін 0\n\n", "мәтін 1\n\n", "мәтін 2\n\n"]
    assert questions.questions[2].language == "kk"
    assert questions.questions[2].gold[0].quote == "2"


def test_a_beir_folder_is_for_retrieval_only(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text(
        '{"_id":"d1","title":"T","text":"one"}\n{"_id":"d2","title":"","text":"two"}\n', "utf-8"
    )
    (tmp_path / "queries.jsonl").write_text('{"_id":"q1","text":"?"}\n{"_id":"q2","text":"unjudged"}\n', "utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td2\t1\nq1\td1\t0\n", "utf-8")
    questions = load_set(str(tmp_path))
    assert questions.retrieval_only
    assert [one.id for one in questions.questions] == ["q1"]
    assert [(gold.id, gold.quote, gold.grade) for gold in questions.questions[0].gold] == [("d2", "two", 1)]
    assert [source.text for source in questions.sources] == ["T\n\none", "two"]


def test_rgb_with_its_positives_or_with_the_noise_alone(tmp_path: Path) -> None:
    path = tmp_path / "zh.json"
    rows = [
        {"id": 0, "query": "?", "answer": [["A", "a"]], "positive": ["has A"], "negative": ["noise"]},
        {"id": 1, "query": "!", "answer": "B", "positive": [["has B"], ["B too"]], "negative": []},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    questions = load_set(str(path))
    assert [one.answers for one in questions.questions] == [("A", "a"), ("B",)]
    assert len(questions.sources) == 4
    assert questions.questions[0].language == "zh"
    noise = load_rgb(path, rejection=True)
    assert [source.text for source in noise.sources] == ["noise"]
    assert not any(one.answerable for one in noise.questions)


def test_a_users_own_questions_from_csv(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "question,answer,quote,answerable,language\n多长？,2860米|2860,大桥全长2860米。,,\nWho?,,,no,en\n", "utf-8-sig"
    )
    first, second = load_set(str(path)).questions
    assert (first.answers, first.gold[0].quote, first.language) == (("2860米", "2860"), "大桥全长2860米。", "zh")
    assert (second.answerable, second.language) == (False, "en")


def test_feedback_counts_where_it_says_what_is_right(tmp_path: Path) -> None:
    cited = [{"quote": "甲是甲。", "path": "papers/a.txt"}]
    rows = [
        {"question": "甲？", "verdict": "right", "reply": {"short": "甲", "language": "zh", "citations": cited}},
        {"question": "乙？", "verdict": "wrong_answer", "reply": {"short": "错"}, "correction": "对"},
        {"question": "丙？", "verdict": "wrong_answer", "reply": {"short": "错"}},
        {"question": "丁？", "verdict": "wrong_source", "reply": {"short": "丁", "citations": cited}},
        {"question": "戊？", "verdict": "right", "reply": {"short": "", "abstained": True}},
        {"question": "己？", "verdict": "wrong_answer", "reply": {"short": "", "abstained": True}},
    ]
    path = tmp_path / "feedback.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    found = [(one.text, one.answers, one.answerable, len(one.gold)) for one in load_set(str(path)).questions]
    assert found == [
        ("甲？", ("甲",), True, 1),
        ("乙？", ("对",), True, 0),
        ("丁？", ("丁",), True, 0),
        ("戊？", (), False, 0),
    ]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.jsonl", "{\n", "line 1: not JSON"),
        ("a.jsonl", "[1]\n", "not a JSON object"),
        ("a.jsonl", "", "empty"),
        ("a.jsonl", '{"x": 1}', "not a format known"),
        ("a.csv", "frage\nx\n", "no column 'question'"),
        ("a.jsonl", '{"question":"a","answer":"b","id":1}\n{"question":"c","answer":"d","id":1}', "two questions"),
        ("a.csv", "question,answer\n,x\n", "question 1 is empty"),
        ("a.json", '{"data": [1]}', "not as its format should be"),
        ("a.json", '{"data": [{"paragraphs": [{"qas": [{"question": "?"}]}]}]}', "lacks the key 'context'"),
        ("a.json", '{"query": "?", "positive": ["x"]}', "lacks the key 'answer'"),
        ("a.jsonl", '{"question": "?", "verdict": "right", "reply": "yes"}', "not as its format should be"),
    ],
)
def test_a_file_that_is_no_set_gets_one_clear_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=message):
        load_set(str(path))


def test_a_broken_archive_and_a_judgement_of_nothing_get_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(b"no archive")
    with pytest.raises(InputError, match="not as its format should be"):
        load_set(str(tmp_path / "a.jsonl.gz"))
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text('{"_id":"d1","text":"one"}\n', "utf-8")
    (tmp_path / "queries.jsonl").write_text('{"_id":"q1","text":"?"}\n', "utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text("q1\td9\t1\n", "utf-8")
    with pytest.raises(InputError, match="'d9', which is not in corpus"):
        load_set(str(tmp_path))


@pytest.mark.parametrize(("encoding", "mark"), [("utf-8-sig", ","), ("gb18030", ","), ("utf-16", "\t"), ("utf-8", ";")])
def test_a_table_is_read_as_spreadsheets_of_several_countries_write_it(
    tmp_path: Path, encoding: str, mark: str
) -> None:
    rows = [("question", "answer", "id"), ("大桥多长？", "2860米|2860", "7")]
    (tmp_path / "mine.csv").write_bytes("\r\n".join(mark.join(row) for row in rows).encode(encoding))
    [one] = load_set(str(tmp_path / "mine.csv")).questions
    assert (one.id, one.text, one.answers) == ("7", "大桥多长？", ("2860米", "2860"))


def test_a_set_that_does_not_exist_says_what_there_is() -> None:
    with pytest.raises(InputError, match="builtin"):
        load_set("no-such-set")


def test_a_limit_spreads_over_the_set_and_keeps_dialogues_whole() -> None:
    plain = [EvalQuestion(str(number), "?", "zh") for number in range(90)]
    spoken = [EvalQuestion(f"d{number}", "?", "zh", dialogue=str(number // 5)) for number in range(10)]
    questions = QuestionSet("s", (*plain, *spoken))
    part = questions.limited(46).questions
    assert part == questions.limited(46).questions
    assert 38 <= len(part) <= 54
    assert max(int(one.id) for one in part if one.dialogue is None) > 80
    for dialogue in {one.dialogue for one in part if one.dialogue}:
        assert sum(one.dialogue == dialogue for one in part) == 5
    assert questions.limited(None) is questions
    assert questions.limited(1000) is questions
    with pytest.raises(InputError):
        questions.limited(0)


def test_halves_part_the_set_by_article_and_keep_dialogues_whole() -> None:
    questions = load_set("builtin")
    halves = [questions.half("development"), questions.half("test")]
    assert sorted(one.id for half in halves for one in half.questions) == sorted(one.id for one in questions.questions)
    assert [half.name for half in halves] == ["builtin-development", "builtin-test"]
    assert min(len(half.questions) for half in halves) > 0.45 * len(questions.questions)
    firsts, turns = [], []
    for half in halves:
        alone = [one for one in half.questions if one.dialogue is None]
        firsts.append({one.gold[0].id.partition("#")[0] for one in alone if one.gold})
        turns.append({one.dialogue for one in half.questions if one.dialogue})
        assert {one.language for one in half.questions} == {"zh", "en", "ru", "kk"}
        assert 0.2 < sum(not one.answerable for one in half.questions) / len(half.questions) < 0.35
    assert not firsts[0] & firsts[1]
    assert not turns[0] & turns[1]
    assert len(firsts[0] | firsts[1]) == 25
    with pytest.raises(InputError, match="development and test"):
        questions.half("third")


def test_an_opening_question_is_no_follow_up() -> None:
    for one in load_set("builtin").questions:
        opening = one.dialogue is None or one.id.endswith("-1")
        assert (one.standalone is None) == opening, one.id


def test_the_fingerprint_changes_with_any_question_or_source() -> None:
    questions = load_set("builtin")
    assert questions.fingerprint == load_set("builtin").fingerprint
    assert questions.fingerprint != questions.limited(20).fingerprint
