"""The support test and the citation scores, on cases checked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.support import content, quote_is_exact, score_citations, statements, supports


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("貿易額達９４８億美元。", "贸易额达 948 亿美元"),
        ("“ＮＢＡ”", "nba"),
        ("1,935.3克", "1935.3 克"),
        ("国 家 元 首", "国家元首"),
        ("３５％", "35%"),
    ],
)
def test_width_script_case_and_punctuation_are_folded(first: str, second: str) -> None:
    assert content(first) == content(second)


@pytest.mark.parametrize(("first", "second"), [("9.48亿", "948亿"), ("35%", "35"), ("$5", "5"), ("甲", "乙")])
def test_what_changes_the_meaning_stays(first: str, second: str) -> None:
    assert content(first) != content(second)


@given(st.text(alphabet="中亚峰会Abcе，。“” \n9"))
def test_white_space_and_punctuation_never_matter(text: str) -> None:
    assert content(" ".join(text)) == content(text) == content(text + "。\n")


def test_an_answer_is_supported_when_it_stands_in_the_quote() -> None:
    assert supports(["双边贸易额达到 948 亿\n美元，创历史新高。"], "948亿美元")
    assert not supports(["双边贸易额达到948亿美元。"], "848亿美元")
    assert not supports(["948万，亿美元"], "948亿美元")


def test_sentences_of_one_statement_may_stand_in_different_quotes() -> None:
    assert supports(["大桥合龙。", "全长2860米。"], "大桥合龙。全长2860米。")
    assert not supports(["大桥合龙。"], "大桥合龙。全长2860米。")


def test_nothing_is_supported_by_nothing() -> None:
    assert not supports([], "甲")
    assert not supports(["甲"], "。！")
    assert not supports(["甲"], "")


def test_statements_are_cut_at_marks_and_labels_are_none() -> None:
    text = "948亿美元[1][2]\n\nFrom the source, in Chinese:\n“额达948亿美元。”[1]\n“九百四十八亿”[2]（2025年，《甲》）"
    found = statements(text)
    assert [one.citations for one in found] == [(1, 2), (1,), (2,)]
    assert found[0].text == "948亿美元"


def test_text_without_marks_is_an_uncited_statement() -> None:
    assert [one.citations for one in statements("甲乙丙。\n丁[1]戊己")] == [(), (1,), ()]


def test_recall_counts_statements_and_precision_the_citations_they_need() -> None:
    text = "甲乙[1][2]\n“丙丁”[2]\n戊己[9]"
    score = score_citations(text, {1: "甲乙。", 2: "丙丁。"})
    # [1] carries 甲乙 alone; [2] adds nothing there, but carries 丙丁; [9] does not exist.
    assert (score.statements, score.supported) == (3, 2)
    assert (score.citations, score.needed) == (4, 2)


def test_two_citations_that_carry_a_statement_only_together_are_both_needed() -> None:
    score = score_citations("甲乙。丙丁。[1][2]", {1: "甲乙", 2: "丙丁"})
    assert (score.supported, score.needed) == (1, 2)


def test_a_quote_is_exact_when_only_white_space_differs() -> None:
    raw = "前文。国 家\n\n元 首会晤。后文"
    assert quote_is_exact(raw, 3, 14, "国家元首会晤。")
    assert not quote_is_exact(raw, 3, 13, "国家元首会晤。")
    assert not quote_is_exact(raw, 3, 99, "国家元首会晤。")
    assert not quote_is_exact(raw, 3, 3, "")
    assert not quote_is_exact("", 0, 0, "")
