"""The lexical search across languages: glosses and sounds as alternatives of a question's words."""

from pathlib import Path

import pytest

from rag.lexical import Entry, LexicalIndex

ROWS = [
    Entry(1, "芦江大桥主桥8月14日顺利合龙。", "大桥合龙"),
    Entry(2, "全市早稻平均亩产403公斤，比去年减少12公斤。", "早稻"),
    Entry(3, "嫦娥六号从月球背面带回样品。"),
    Entry(4, "医生在塔什干读完医学院，来到沙岭。"),
    Entry(5, "陆军将领访问了桥梁博物馆。"),
]


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    made = LexicalIndex(tmp_path / "lexical")
    made.rebuild(ROWS, 1)
    return made


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("When was the Lujiang Bridge joined?", 1),
        ("Когда сомкнули мост Луцзян?", 1),
        ("Луцзян көпірі қашан қосылды?", 1),
        ("How much early rice did the city harvest?", 2),
        ("Что привезла «Чанъэ-6»?", 3),
        ("Where did the doctor study before he came to Shaling?", 4),
        ("Ташкентте кім оқыды?", 4),
    ],
)
def test_a_question_finds_the_chinese_passage(index: LexicalIndex, question: str, key: int) -> None:
    assert index.search(question, 5)[0][0] == key


def test_alternatives_of_one_word_count_once(tmp_path: Path) -> None:
    made = LexicalIndex(tmp_path / "lexical")
    made.rebuild([Entry(1, "桥梁 架桥 桥"), Entry(2, "桥梁 公司 甲乙"), Entry(3, "丙丁 戊己 庚")], 1)
    assert made.search("Which company is building the bridge?", 3)[0][0] == 2


def test_words_of_the_questions_own_language_come_before_their_glosses(tmp_path: Path) -> None:
    made = LexicalIndex(tmp_path / "lexical")
    made.rebuild([Entry(1, "大桥合龙的日子"), Entry(2, "the bridge was joined"), Entry(3, "小麦收割")], 1)
    assert [key for key, _ in made.search("When was the bridge joined?", 3)] == [2, 1]


def test_without_chinese_passages_nothing_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = LexicalIndex(tmp_path / "lexical")
    made.rebuild([Entry(1, "the bridge was joined in August"), Entry(2, "wheat harvest of the year")], 1)
    with_glosses = made.search("When was the bridge joined?", 3)
    monkeypatch.setattr("rag.lexical.gloss", lambda question, language: ())
    assert made.search("When was the bridge joined?", 3) == with_glosses


def test_the_score_stays_a_share_of_the_question(index: LexicalIndex) -> None:
    found = dict(index.search("When was the Lujiang Bridge joined?", 5))
    assert 0 < found[1] <= 1.2
    assert found[1] > 2 * found.get(5, 0.0)
