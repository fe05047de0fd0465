import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.reading.agreeing import OF_ANOTHER, fitness
from rag.reading.differing import speaks_of_another
from rag.records import Evidence, Passage
from tests.reading_tools import NASTY


def piece(text: str, *, before: str = "", title: str | None = None, date: str | None = None) -> Evidence:
    passage = Passage("p", "d", 0, before + text, 0, 1, title=title, date=date)
    return Evidence(text, passage, len(before), len(before) + len(text), 1.0, 1)


def differs(question: str, answer: str, said: Evidence) -> bool:
    start = said.text.index(answer)
    return speaks_of_another(question, said, start, start + len(answer))


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("2022年的贸易额是多少？", "2024年，双方贸易额达到948亿美元。", "948亿美元"),
        ("2023年口岸的货运量是多少？", "今年1月至5月，口岸货运量138.2万吨。", "138.2万吨"),
        ("What was the trade in 2022?", "2024年，双方贸易额达到948亿美元。", "948亿美元"),
        ("200米自由泳的成绩是多少？", "男子100米自由泳决赛，他以46秒40夺冠。", "46秒40"),
        ("第四届峰会在哪里举行？", "第二届峰会在这里举行，距首届峰会在西安举行过去了两年。", "西安"),
        ("嫦娥五号带回多少月壤？", "嫦娥六号带回1935.3克。", "1935.3克"),
        ("8月的暴雨转移了多少人？", "7月28日的暴雨转移6850人。", "6850人"),
    ],
)
def test_a_sentence_of_another_year_ordinal_race_or_month_is_told(question: str, text: str, answer: str) -> None:
    assert differs(question, answer, piece(text, date="2025-06-18"))


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("2025年的货运量是多少？", "今年1月至5月，口岸货运量138.2万吨，比2024年多一成。", "138.2万吨"),
        ("2025年亩产多少？", "平均亩产403公斤，比去年减少12公斤。", "403公斤"),
        ("2024年亩产多少？", "平均亩产403公斤，去年的实收亩产为415公斤。", "415公斤"),
        ("第一届峰会是什么时候？", "首届峰会的日期是2023年5月18日。", "2023年5月18日"),
        ("天问二号什么时候发射？", "我国于2024年3月20日发射了天问二号。", "2024年3月20日"),
        ("嫦娥五号和嫦娥六号各带回多少？", "嫦娥六号带回1935.3克。", "1935.3克"),
        ("大桥全长多少米？", "这座桥全长2860米。", "2860米"),
        ("大桥什么时候合龙？", "8月14日上午，大桥合龙。", "8月14日上午"),
    ],
)
def test_a_sentence_of_the_same_one_is_left_alone(question: str, text: str, answer: str) -> None:
    assert not differs(question, answer, piece(text, date="2025-06-18"))


def test_what_was_said_before_counts_but_a_heading_of_its_own_counts_more() -> None:
    crew = "乘组2025年4月30日返回。"
    assert not differs("神舟十九号乘组什么时候返回？", "2025年4月30日", piece(crew, before="神舟十九号\n"))
    assert differs("神舟十八号乘组什么时候返回？", "2025年4月30日", piece(crew, before="神舟十九号\n"))
    both = "神舟十八号\n乘组11月返回。\n神舟十九号\n"
    assert differs("神舟十八号乘组什么时候返回？", "2025年4月30日", piece(crew, before=both))
    titled = piece("第三届在阿拉木图举行。", title="第二届峰会闭幕")
    assert not differs("第二届峰会之后在哪里举行？", "阿拉木图", titled)


def test_a_relative_year_without_a_date_tells_nothing() -> None:
    assert not differs("2023年货运量是多少？", "138.2万吨", piece("今年货运量138.2万吨。"))


def test_such_a_sentence_fits_less() -> None:
    said = piece("2024年，双方贸易额达到948亿美元。")
    start = said.text.index("948")
    assert fitness("2022年的贸易额是多少？", said, start, start + 6) == OF_ANOTHER
    assert fitness("2024年的贸易额是多少？", said, start, start + 6) == 1.0


@pytest.mark.parametrize("text", NASTY)
def test_nonsense_is_borne(text: str) -> None:
    for question in ("第两届？", "2024年8月第十一号？", *NASTY[:6]):
        assert speaks_of_another(question, piece(text), 0, len(text)) in (True, False)


@given(st.text(alphabet="第一二十百零两〇首届号年月米跑12３\n今去，。", max_size=30), st.text(max_size=20))
def test_any_numerals_are_borne(text: str, question: str) -> None:
    assert speaks_of_another(text, piece(text), 0, 0) is False
    assert speaks_of_another(question, piece(text), 0, 0) in (True, False)
