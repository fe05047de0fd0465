"""The words around quotes, and where the quotes stand."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from rag.errors import InternalError
from rag.languages import LANGUAGES, detect
from rag.records import Citation
from rag.rendering import (
    answer_text,
    citation_line,
    closest_text,
    conflict_text,
    date_text,
    refusal_text,
    source_label,
    words,
)
from rag.rendering.words import WORDS

QUOTE = "去年，中国同中亚国家双边贸易额达到948亿美元。"


def citation(number: int, date: str | None, title: str | None) -> Citation:
    return Citation(number, QUOTE, "d", "p.txt", title, 4, 0, 9, 0.9, date)


def test_every_language_has_its_words() -> None:
    assert set(WORDS) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_entry_is_complete_and_in_its_own_language(language: str) -> None:
    entry = WORDS[language]
    for field in fields(entry):
        assert getattr(entry, field.name) or field.name == "months", field.name
    assert len(entry.languages) == len(LANGUAGES) == len(set(entry.languages))
    assert len(entry.months) in (0, 12)
    assert entry.quoted.count("{}") == 1
    assert {"{year}", "{month}", "{day}"} == set(re.findall(r"{\w+}", entry.date))
    said = " ".join((entry.refusal, entry.closest, entry.no_documents, entry.empty_question))
    assert detect(said) == language


def test_no_sentence_is_shared_between_languages() -> None:
    for name in ("refusal", "unsure", "closest", "conflict", "no_documents", "empty_question"):
        assert len({getattr(entry, name) for entry in WORDS.values()}) == len(WORDS)


@pytest.mark.parametrize("language", ["und", "it", ""])
def test_a_language_without_words_gets_english_ones(language: str) -> None:
    assert words(language) is WORDS["en"]
    assert refusal_text(language) == "The documents do not say."


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", "文献中没有提到。"),
        ("ru", "В документах об этом не говорится."),
        ("kk", "Құжаттарда бұл туралы айтылмаған."),
    ],
)
def test_the_refusal_is_in_the_language_of_the_question(language: str, expected: str) -> None:
    assert refusal_text(language) == expected


def test_an_answer_withheld_for_doubt_is_not_called_absent() -> None:
    assert refusal_text("zh", unsure=True) == "没有找到有把握的答案。"
    assert len({refusal_text(language, unsure=unsure) for language in WORDS for unsure in (True, False)}) == 28


def test_an_answer_begins_with_its_short_form_and_its_marks() -> None:
    text = answer_text("948亿美元", [(1, QUOTE), (2, "贸易额948亿美元。")], "zh", "zh")
    assert text == f"948亿美元[1][2]\n\n“{QUOTE}”[1]\n“贸易额948亿美元。”[2]"


def test_a_quote_in_another_language_is_named_and_left_as_it_is() -> None:
    for language, label in [
        ("en", "From the source, in Chinese:"),
        ("ru", "В источнике, на китайском языке:"),
        ("kk", "Дереккөзде, қытай тілінде:"),
        ("ar", "من المصدر، باللغة الصينية:"),
    ]:
        text = answer_text("948亿美元", [(1, QUOTE)], language, "zh")
        assert text.split("\n")[2:] == [label, f"“{QUOTE}”[1]"]


def test_a_source_in_an_unknown_language_is_called_foreign() -> None:
    assert source_label("zh", "und") == "外文原文："
    assert source_label("zh", "zh") == ""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("zh", "“q”[1]"),
        ("ja", "「q」[1]"),
        ("ru", "«q»[1]"),
        ("kk", "«q»[1]"),
        ("de", "„q“[1]"),
        ("fr", "«\u00a0q\u00a0»[1]"),
    ],
)
def test_quotation_marks_are_those_of_the_source(source: str, expected: str) -> None:
    assert answer_text("a", [(1, "q")], source, source).endswith(f"\n{expected}")


def test_evidence_can_be_the_answer() -> None:
    assert answer_text("", [(1, QUOTE)], "zh", "zh") == f"“{QUOTE}”[1]"


def test_nothing_is_said_without_a_citation() -> None:
    with pytest.raises(InternalError, match="without a citation"):
        answer_text("948亿美元", [], "zh", "zh")
    with pytest.raises(InternalError, match="without a citation"):
        conflict_text([("948亿美元", (1,), citation(1, None, None))], [], "zh", "zh")


def test_differing_answers_stand_beside_their_dates_and_sources() -> None:
    answers = [
        ("948亿美元", (1,), citation(1, "2025-06-19", "从历史走向未来")),
        ("950亿美元", (2, 3), citation(2, "2025-07-01", None)),
        ("约900亿美元", (4,), citation(4, None, None)),
    ]
    text = conflict_text(answers, [(n, f"q{n}") for n in (1, 2, 3, 4)], "zh", "zh")
    assert text.split("\n\n")[0].split("\n") == [
        "各来源说法不一：",
        "948亿美元[1]（2025年6月19日，《从历史走向未来》）",
        "950亿美元[2][3]（2025年7月1日）",
        "约900亿美元[4]",
    ]
    assert text.split("\n\n")[1].split("\n") == ["“q1”[1]", "“q2”[2]", "“q3”[3]", "“q4”[4]"]


def test_differing_answers_are_told_in_the_language_of_the_question() -> None:
    answers = [("948亿美元", (1,), citation(1, "2025-06-19", "走向未来"))]
    assert conflict_text(answers, [(1, "q")], "kk", "zh").split("\n") == [
        "Дереккөздердегі мәліметтер әртүрлі:",
        "948亿美元[1] (2025 жылғы 19 маусым, 《走向未来》)",
        "",
        "Дереккөзде, қытай тілінде:",
        "“q”[1]",
    ]


def test_closest_passages_carry_no_numbers() -> None:
    text = closest_text([QUOTE], "zh", "zh")
    assert text == f"最接近的段落，未必回答了这个问题：\n“{QUOTE}”"
    assert "[" not in text
    assert closest_text([], "zh", "zh") == ""


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", "2025年6月9日"),
        ("en", "9 June 2025"),
        ("ru", "9 июня 2025 г."),
        ("kk", "2025 жылғы 9 маусым"),
        ("ko", "2025년 6월 9일"),
        ("de", "9. Juni 2025"),
        ("es", "9 de junio de 2025"),
        ("und", "9 June 2025"),
    ],
)
def test_dates_are_written_as_the_language_writes_them(language: str, expected: str) -> None:
    assert date_text("2025-06-09", language) == expected


@pytest.mark.parametrize("date", ["", "2025", "2025-06", "2025-13-01", "2025-06-40", "June", "９９９９-01-01x"])
def test_what_is_no_date_stays_as_it_is(date: str) -> None:
    assert date_text(date, "ru") == date


def test_a_citation_is_ready_to_copy() -> None:
    assert (
        citation_line("人民日报", "2025-06-19", 4, "从历史走向未来")
        == "《人民日报》2025年6月19日，第4版，《从历史走向未来》"
    )


def test_a_citation_leaves_out_what_is_not_known() -> None:
    assert citation_line("人民日报", None, None, None) == "《人民日报》"
    assert citation_line("人民日报", None, 4, "") == "《人民日报》，第4版"
    assert citation_line("", "2025-06-19", None, "标题") == "2025年6月19日，《标题》"


def test_title_marks_inside_a_title_become_single() -> None:
    assert citation_line("《人民日报》", None, None, "读《史记》有感") == "《人民日报》，《读〈史记〉有感》"


def test_only_the_sentences_that_hold_the_short_answer_stand_behind_it() -> None:
    text = answer_text("948亿美元", [(1, "港口很忙。"), (2, QUOTE)], "zh", "zh", [2])
    assert text.splitlines()[0] == "948亿美元[2]"
    assert "“港口很忙。”[1]" in text
