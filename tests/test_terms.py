import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.terms import fold, fold_character, terms
from tests.conftest import NASTY


@pytest.mark.parametrize(
    ("one", "other"),
    [("雙邊貿易額", "双边贸易额"), ("９４８億", "948亿"), ("ＡＢＣ", "abc"), ("Қазақстан", "қазақстан"), ("ﬁ", "fi")],
)
def test_forms_a_reader_takes_for_the_same_meet(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_han_runs_give_unigrams_and_bigrams() -> None:
    assert terms("中亚国") == ["中", "亚", "国", "中亚", "亚国"]


def test_chinese_beside_letters_gives_the_terms_it_gives_alone() -> None:
    assert terms("中国GDP增长5G网络") == ["中", "国", "中国", "gdp", "增", "长", "增长", "5", "g", "网", "络", "网络"]
    assert set(terms("A股")) <= set(terms("周一A股大涨"))


def test_words_give_themselves_and_their_beginning_numbers_stay_whole() -> None:
    assert terms("Trade grew 3.5 percent") == ["trade", "trad*", "grew", "3.5", "percent", "perc*"]


def test_inflected_forms_share_a_term() -> None:
    assert set(terms("Қазақстанның")) & set(terms("Қазақстанда"))


@pytest.mark.parametrize("text", ["", "。，！", *NASTY])
def test_terms_are_folded_and_never_empty(text: str) -> None:
    assert all(term and not term.isspace() for term in terms(text))


@given(st.characters(exclude_categories=["Cs"]))
def test_a_folded_character_is_one_character(char: str) -> None:
    assert len(fold_character(char)) == 1
