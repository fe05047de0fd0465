"""Exact match and F1 as the official scripts give them."""

from __future__ import annotations

import random

import pytest
from official_scorers import cmrc, korquad, squad

from eval.scoring import AnswerScore, longest_common_run, mixed_segmentation, score, treebank_words


@pytest.mark.parametrize(
    ("prediction", "answer", "exact", "f1"),
    [
        ("948亿美元", "948亿美元", 1.0, 1.0),
        ("948亿美元。", "《948亿美元》", 1.0, 1.0),  # both are in the script's list of punctuation
        ("约948亿美元", "948亿美元", 0.0, 2 * (4 / 5) * 1 / (4 / 5 + 1)),
        ("948", "948亿美元", 0.0, 2 * 1 * (1 / 4) / (1 + 1 / 4)),
        ("94", "948亿美元", 0.0, 0.0),  # a number is one token
        ("", "948亿美元", 0.0, 0.0),
        ("。", "，", 1.0, 0.0),  # nothing is left of either: equal, but no common run
        ("美元948亿", "948亿美元", 0.0, 0.5),  # a run, not a bag: two of four
        ("ＮＢＡ总决赛", "NBA总决赛", 0.0, 2 * (3 / 4) ** 2 / (2 * 3 / 4)),  # width is not folded
        ("nba总决赛", "NBA总决赛", 1.0, 1.0),
        ("2024 年", "2024年", 0.0, 1.0),  # white space stays for exact match, not for F1
        ("貿易", "贸易", 0.0, 2 * 0.5 * 0.5 / 1.0),  # script is not folded
        ("他说：“好”", "他说好", 1.0, 1.0),
    ],
)
def test_chinese_answers_are_scored_as_cmrc_scores_them(prediction: str, answer: str, exact: float, f1: float) -> None:
    found = score(prediction, [answer], "zh")
    assert found.exact == exact
    assert found.f1 == pytest.approx(f1)


@pytest.mark.parametrize(
    ("prediction", "answer", "exact", "f1"),
    [
        ("The Great Wall!", "great wall", 1.0, 1.0),
        ("a b c", "b c d", 0.0, 2 * (2 / 2) * (2 / 3) / (2 / 2 + 2 / 3)),  # "a" is an article
        ("", "", 1.0, 1.0),
        ("the", "", 1.0, 1.0),
        ("", "wall", 0.0, 0.0),
        ("wall", "", 0.0, 0.0),
        ("wall wall", "wall", 0.0, 2 * 0.5 * 1 / 1.5),
        ("“wall”", "wall", 0.0, 0.0),  # only ASCII punctuation goes
        ("3.5%", "35", 1.0, 1.0),  # the point goes too: the script's wart
        ("ＷＡＬＬ", "wall", 0.0, 0.0),
    ],
)
def test_english_answers_are_scored_as_squad_scores_them(prediction: str, answer: str, exact: float, f1: float) -> None:
    found = score(prediction, [answer], "en")
    assert found.exact == exact
    assert found.f1 == pytest.approx(f1)


def test_korean_answers_are_scored_by_characters() -> None:
    found = score("서울특별시", ["서울"], "ko")
    assert found.exact == 0.0
    assert found.f1 == pytest.approx(2 * (2 / 5) * 1 / (2 / 5 + 1))
    assert score("《서울》", ["서울"], "ko") == AnswerScore(1.0, 1.0)
    assert score("", ["서울"], "ko") == AnswerScore(0.0, 0.0)


def test_japanese_answers_are_scored_by_characters_without_punctuation() -> None:
    assert score("「奈良」", ["奈良"], "ja") == AnswerScore(1.0, 1.0)
    assert score("奈良県", ["奈良"], "ja").f1 == pytest.approx(2 * (2 / 3) / (5 / 3))


def test_russian_and_kazakh_answers_are_scored_by_words() -> None:
    assert score("«Астана».", ["астана"], "ru") == AnswerScore(1.0, 1.0)
    assert score("38,9 кДж", ["38,9 кдж энергия"], "kk").f1 == pytest.approx(2 * 1 * (2 / 3) / (5 / 3))


def test_a_german_article_is_not_part_of_the_answer() -> None:
    assert score("der Rhein", ["Rhein"], "de") == AnswerScore(1.0, 1.0)


def test_a_chinese_answer_to_a_russian_question_is_scored_by_the_chinese_rules() -> None:
    assert score("948亿", ["948亿美元"], "ru").f1 == pytest.approx(2 * 1 * 0.5 / 1.5)


def test_the_best_gold_answer_counts_and_no_gold_answer_gives_nothing() -> None:
    assert score("8月14日", ["8月14日上午", "8月14日"], "zh") == AnswerScore(1.0, 1.0)
    assert score("8月14日", [], "zh") == AnswerScore(0.0, 0.0)


def test_mixed_text_is_cut_into_characters_and_words() -> None:
    assert mixed_segmentation(" 第2届CBA（联赛）, 2024-25赛季 ") == [
        *["第", "2", "届", "cba", "联", "赛", ",", "202425", "赛", "季"]
    ]
    assert mixed_segmentation("") == []
    assert mixed_segmentation("😀我") == ["😀", "我"]


def test_the_longest_common_run_is_that_of_a_brute_force_search() -> None:
    choose = random.Random(1)
    for _ in range(200):
        first = [choose.choice("abc") for _ in range(choose.randrange(8))]
        second = [choose.choice("abc") for _ in range(choose.randrange(8))]
        runs = {tuple(first[a:b]) for a in range(len(first)) for b in range(a + 1, len(first) + 1)}
        runs &= {tuple(second[a:b]) for a in range(len(second)) for b in range(a + 1, len(second) + 1)}
        assert longest_common_run(first, second) == max((len(run) for run in runs), default=0)


def test_latin_words_are_cut_as_nltk_cuts_them() -> None:
    nltk = pytest.importorskip("nltk.tokenize.destructive", reason="nltk is not installed; nothing to compare with")
    theirs = nltk.NLTKWordTokenizer()
    choose = random.Random(2)
    pieces = ["don't", "it's", "3.5", "1,000", "$", "5%", "(", ")", "U.S.", "end.", "...", "“", "”", "a", '"', "'"]
    pieces += ["cannot", "!", "?", ";", "@", "—", "»", " ", " ", " ", "they'll", "x"]
    for _ in range(3000):
        text = "".join(choose.choice(pieces) for _ in range(choose.randrange(1, 7)))
        assert treebank_words(text) == theirs.tokenize(text), text


def made(choose: random.Random, pieces: list[str], longest: int, between: str = "") -> str:
    return between.join(choose.choice(pieces) for _ in range(choose.randrange(longest)))


def test_random_answers_are_scored_as_the_official_scripts_score_them() -> None:
    nltk = pytest.importorskip("nltk.tokenize.destructive", reason="nltk is not installed; CMRC's script needs it")
    tokenize = nltk.NLTKWordTokenizer().tokenize
    choose = random.Random(5)
    chinese = [*"二〇年增长了百分之，。“”《》、（）－～…· 9 4 8亿美元ＮＢＡ％%.,-:a的"]
    chinese += ["2024", "12.5", "don't", "CBA联赛", "  ", "U.S."]
    english = ["the", "a", "An", "wall", "Wall!", "3.5%", "“", "U.S.", "", "-", "ten", " ", "ＷＡ", "é", "don't"]
    korean = [*"서울 특별시《》<>()'\"‘’a9.,-"]
    for _ in range(1500):
        gold = [made(choose, chinese, 9) + "亿", made(choose, chinese, 4) + "元"]
        given = gold[0] + choose.choice(chinese) if choose.random() < 0.3 else made(choose, chinese, 9)
        assert score(given, gold, "zh") == pytest.approx(cmrc(gold, given, tokenize)), (given, gold)
        gold = [made(choose, english, 5, " ") for _ in range(2)]
        given = made(choose, english, 5, " ")
        assert score(given, gold, "en") == pytest.approx(squad(gold, given)), (given, gold)
        gold, given = [made(choose, korean, 7)], made(choose, korean, 7)
        assert score(given, gold, "ko") == pytest.approx(korquad(gold, given)), (given, gold)
