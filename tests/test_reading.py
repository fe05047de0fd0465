"""What the reader sees: folding, units, question kinds, tables, and the choice of evidence."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rag.reading
from rag.reading import select_evidence
from rag.reading.features import EXACT, FAR, NONE, PAIR, PART, build_table
from rag.reading.folding import fold
from rag.reading.kinds import KINDS, question_kind
from rag.reading.meanings import WordMeanings, fit_edges, script
from rag.reading.selecting import FOREIGN, sentence_scores, told_before, told_scores
from rag.reading.units import TAGS, cut
from rag.reading.vocabulary import STATIC_COLUMNS, Vocabulary
from tests.reading_tools import NASTY, LetterVectors, evidence, tiny_vocabulary

MATCH, LEFT, RIGHT, SOFT_COLUMN, RANK = range(STATIC_COLUMNS, STATIC_COLUMNS + 5)


def test_the_root_exports_what_it_promises() -> None:
    assert rag.reading.__all__ == ["BUILTIN", "Reader", "agree", "load_reader", "select_evidence"]


def test_importing_the_package_loads_no_torch() -> None:
    code = "import sys, rag.reading; sys.exit(any(m in sys.modules for m in ('torch', 'transformers', 'jieba')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_folding_makes_forms_meet() -> None:
    assert fold("２０１５年，臺灣 ABC") == "2015年,台湾 abc"


@pytest.mark.parametrize("text", NASTY)
def test_units_hold_every_character_but_white_space_once(text: str) -> None:
    units = cut(text)
    covered = [place for a, b in zip(units.starts, units.ends, strict=True) for place in range(a, b)]
    assert covered == sorted(set(covered))
    assert not "".join(c for i, c in enumerate(text) if i not in set(covered)).strip()


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_units_are_ordered_and_within_the_text(text: str) -> None:
    units = cut(text)
    ends = (0, *units.ends)
    assert all(before <= start < end for before, start, end in zip(ends, units.starts, units.ends, strict=False))
    assert all(fold(text)[a:b] == w for w, a, b in zip(units.words, units.starts, units.ends, strict=True))


def test_units_carry_the_part_of_speech_or_the_shape() -> None:
    units = cut("2015年，张三 visited Paris，花费3.5%")
    tags = dict(zip(units.words, (TAGS[t] for t in units.tags), strict=True))
    assert tags["2015"] == "year"
    assert tags["张三"] == "nr"
    assert tags["visited"] == "lower"
    assert tags["paris"] == "capital"
    assert tags["3.5"] == "decimal"
    assert tags["%"] == "percent"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("论坛在哪里开幕？", "where"),
        ("谁在开幕式上致辞？", "who"),
        ("双边贸易额达到多少？", "how-many"),
        ("什么时候通车？", "when"),
        ("为什么停电？", "why"),
        ("这种蝴蝶又被称为什么？", "name"),
        ("几点发车？", "when"),
        ("会上提了几点建议？", "how-many"),
        ("一共花了多少钱？", "money"),
        ("When did the forum open?", "when"),
        ("How many people came?", "how-many"),
        ("Who is the mayor?", "who"),
        ("Сколько стран участвовало?", "how-many"),
        ("Кто выступил на форуме?", "who"),
        ("Қанша адам қатысты?", "how-many"),
        ("誰が演説しましたか？", "who"),
        ("", "other"),
    ],
)
def test_question_words_tell_what_is_asked_for(question: str, kind: str) -> None:
    assert KINDS[question_kind(question)] == kind


def test_a_table_says_where_sentences_stand() -> None:
    table = build_table("西安论坛", ["论坛在西安开幕", "北京"], [1, 2], tiny_vocabulary())
    asked = len(cut("西安论坛"))
    assert table.marks[0] == asked
    assert table.marks[1] == asked + 1
    assert table.firsts == tuple(mark + 1 for mark in table.marks[1:])
    assert table.lasts[-1] == len(table.rows)
    assert table.spans[1] == ((0, 2),)


def test_a_table_tells_how_units_meet_the_question() -> None:
    table = build_table("西安论坛？", ["西安论坛开幕", "南方"], [1, 1], tiny_vocabulary())
    first = table.rows[table.firsts[0] : table.lasts[0]]
    assert list(first[:, MATCH]) == [PAIR, PAIR, NONE]
    assert first[2, LEFT] == 0
    assert first[2, RIGHT] == FAR
    assert table.rows[table.firsts[1], MATCH] == NONE
    assert table.coverage[0] > 0.9 > table.coverage[1] == 0
    assert list(table.rows[list(table.marks[1:]), RANK]) == [0, 1]


def test_a_longer_word_meets_its_part() -> None:
    table = build_table("双边贸易额", ["贸易总额增长"], [1], tiny_vocabulary())
    matches = table.rows[table.firsts[0] : table.lasts[0], MATCH]
    assert matches.max() in (PART, EXACT)


@pytest.mark.parametrize("text", NASTY)
def test_tables_of_nasty_text_stay_within_bounds(text: str) -> None:
    table = build_table(text, [text, "西安", text], [1, 0, 9], tiny_vocabulary(), total=200)
    assert len(table.rows) <= 200 + 1
    assert len(table.firsts) == len(table.lasts) == len(table.spans) == 3
    for first, last, spans in zip(table.firsts, table.lasts, table.spans, strict=True):
        assert last - first == len(spans)


def test_vocabulary_comes_back_as_it_was_saved(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "vocabulary.json"
    tiny_vocabulary().save(path)
    again = Vocabulary.load(path)
    assert again.words == tiny_vocabulary().words
    units = cut("北京论坛 president")
    assert np.array_equal(again.columns(units), tiny_vocabulary().columns(units))


def test_vocabulary_of_another_format_is_refused(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "vocabulary.json"
    path.write_text('{"format": 99, "tags": [], "words": [], "pieces": ""}', encoding="utf8")
    with pytest.raises(ValueError, match="another version"):
        Vocabulary.load(path)


def test_closeness_is_highest_for_the_same_word_and_uses_the_encoder_across_scripts() -> None:
    vocabulary = tiny_vocabulary()
    vectors = np.random.default_rng(0).normal(size=(len(vocabulary.words) + 1, 4)).astype(np.float32)
    without = WordMeanings(vocabulary, vectors, (0.0,) * 6)
    steps = without.closeness(["北京", "trade"], ["北京", "贸易"])
    assert steps[0, 0] == 7
    assert list(steps[1]) == [0, 0]
    with_encoder = WordMeanings(vocabulary, vectors, (0.0,) * 6, LetterVectors())
    assert with_encoder.closeness(["trade"], ["贸易"]).shape == (1, 1)
    assert with_encoder.closeness([], ["贸易"]).shape == (0, 1)


def test_edges_rise_and_scripts_differ() -> None:
    edges = fit_edges(np.random.default_rng(0).normal(size=(200, 60)).astype(np.float32))
    assert list(edges) == sorted(edges)
    assert [script(w) for w in ("8", "中", "ア", "word", "слово", "한")] == [0, 1, 2, 3, 4, 5]


def test_selected_evidence_keeps_the_order_and_takes_what_shares_most() -> None:
    offered = evidence("天气晴朗。", "论坛在西安开幕。", "果园丰收。", "西安论坛有四百人参加。", "列车开行。")
    chosen = select_evidence("西安论坛有多少人参加？", offered, 2)
    assert [piece.text for piece in chosen] == ["论坛在西安开幕。", "西安论坛有四百人参加。"]


def test_what_is_told_before_a_sentence_counts_in_part() -> None:
    from dataclasses import replace

    offered = evidence("论坛在西安开幕。", "有四百人参加。", "天气晴朗。")
    titled = [replace(piece, passage=replace(piece.passage, title="西安论坛开幕")) for piece in offered]
    question = "西安论坛有多少人参加？"
    alone = sentence_scores(question, [piece.text for piece in offered])
    told, under = told_scores(question, offered), told_scores(question, titled)
    assert told[1] > max(told[0], told[2]) > 0 == alone[2]
    assert all(0 <= score <= 1 for score in under)
    assert told_before(titled[1]) == "西安论坛开幕\n论坛在西安开幕。\n"
    assert told_scores("完全无关", offered) == [0.0, 0.0, 0.0]


def test_selection_leaves_few_sentences_alone_and_bears_nonsense() -> None:
    offered = evidence("一。", "二。")
    assert select_evidence("?", offered, 5) == offered
    assert select_evidence("", evidence(*"abcdef"), 3)
    assert select_evidence("x", [], 3) == []


def test_the_better_passage_breaks_ties() -> None:
    from dataclasses import replace

    weak = [replace(piece, score=0.1) for piece in evidence("甲", "乙", document="a")]
    strong = [replace(piece, score=0.9) for piece in evidence("丙", "丁", document="b")]
    common = [*weak, *strong, *evidence("问题很多")]
    assert [p.text for p in select_evidence("别的问题", common, 3)][:2] == ["丙", "丁"]


def test_more_sentences_pass_when_no_word_is_shared() -> None:
    offered = evidence(*(f"第{n}句话。" for n in range(20)))
    assert len(select_evidence("Who spoke?", offered, 4)) == 4 * FOREIGN
    assert len(select_evidence("哪句话？", offered, 4)) == 4
