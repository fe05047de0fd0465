"""The language of a question, told from one sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.languages import DEFAULT, LANGUAGES, UNKNOWN, detect

QUESTIONS = [
    ("zh", "去年中国同中亚国家的双边贸易额达到多少？"),
    ("zh", "雙邊貿易額達到多少？"),
    ("zh", "西安"),
    ("zh", "NASA是什么时候成立的？"),
    ("zh", "Kassym-Jomart Tokayev是谁？"),
    ("zh", "Кремль在哪里？"),
    ("zh", "“カザフスタン”是哪个国家？"),
    ("zh", "那2023年呢？"),
    ("en", "Who chaired the summit?"),
    ("en", "Who wrote 《从历史走向未来》?"),
    ("en", "What did 外交部发言人 say about 中国和中亚?"),
    ("en", "And in Xi'an?"),
    ("en", "GDP 2024"),
    ("en", "Astana"),
    ("ru", "Каков объём торговли Китая с Казахстаном?"),
    ("ru", "Кто написал «War and Peace»?"),
    ("ru", "Астана"),
    ("ru", "А в 2023 году?"),
    ("kk", "Қазақстанның халқы қанша?"),
    ("kk", "Ал Ташкент ше?"),
    ("kk", "Ал былтыр ше?"),
    ("kk", "Бұл кім?"),
    ("uk", "Хто очолив саміт у Києві?"),
    ("uk", "Скільки людей живе в Україні?"),
    ("uz", "Oʻzbekiston aholisi qancha?"),
    ("uz", "Samarqand qayerda joylashgan?"),
    ("uz", "Ўзбекистон аҳолиси қанча?"),
    ("ja", "カザフスタンの首都はどこですか？"),
    ("ja", "誰が書いたの？"),
    ("ja", "the land of storiesのページ数は何ページ？"),
    ("ko", "카자흐스탄의 수도는 어디입니까?"),
    ("ko", "누가 Bohemian Rhapsody를 불렀나요?"),
    ("tr", "Kazakistan’ın başkenti neresi?"),
    ("tr", "Zirve ne zaman yapıldı?"),
    ("ar", "ما هي عاصمة كازاخستان؟"),
    ("fa", "پایتخت قزاقستان کجاست؟"),
    ("fa", "چه کسی ریاست اجلاس را بر عهده داشت؟"),
    ("es", "¿Cuál es la capital de Kazajistán?"),
    ("fr", "Quelle est la capitale du Kazakhstan ?"),
    ("fr", "Où se trouve l’Élysée ?"),
    ("de", "Wie heißt die Hauptstadt von Kasachstan?"),
    ("de", "Wer ist der Präsident?"),
    ("und", "Qual é a capital do Cazaquistão?"),
    ("und", "प्रधानमंत्री कौन हैं?"),
    ("und", "Ποια είναι η πρωτεύουσα;"),
    ("und", "เมืองหลวงคือที่ไหน"),
]


@pytest.mark.parametrize(("language", "question"), QUESTIONS)
def test_the_language_of_a_question(language: str, question: str) -> None:
    assert detect(question) == language


@pytest.mark.parametrize("text", ["", " ", "\n", "2024?", "！？", "😀", "\x00", "。。。"])
def test_without_letters_it_is_the_language_of_the_newspapers(text: str) -> None:
    assert detect(text) == DEFAULT == "zh"


def test_quoted_text_decides_only_when_nothing_else_does() -> None:
    assert detect("Who said “我们的合作根植于两千多年的友好往来”?") == "en"
    assert detect("“我们的合作”") == "zh"
    assert detect("«Қазақстан»") == "kk"


def test_an_unclosed_quotation_mark_hides_nothing() -> None:
    assert detect("“去年的产量是多少") == "zh"


@given(st.text())
def test_any_text_has_one_of_the_codes(text: str) -> None:
    assert detect(text) in {*LANGUAGES, UNKNOWN}
    assert detect(text) == detect(text)


@pytest.mark.parametrize("text", ["“" * 1_000_000, "去年呢？" * 250_000, "a " * 500_000, "«" * 10 + "a" * 1_000_000])
def test_a_megabyte_takes_no_longer_than_its_beginning(text: str) -> None:
    assert detect(text) == detect(text[:4000])


def test_surrounding_space_changes_nothing() -> None:
    for language, question in QUESTIONS:
        assert detect(f"  {question}\n") == language
