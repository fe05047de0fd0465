from pathlib import Path

import pytest

from rag.lexical import Entry, LexicalIndex
from tests.conftest import NASTY

ROWS = [Entry(1, "双边贸易额达到948亿美元", "贸易"), Entry(2, "小麦收割"), Entry(5, "贸易额下降")]


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    made = LexicalIndex(tmp_path / "lexical")
    made.rebuild(ROWS, 7)
    return made


def test_the_passage_that_shares_most_rare_terms_is_first(index: LexicalIndex) -> None:
    assert [key for key, _ in index.search("雙邊貿易額是多少", 5)] == [1, 5]


def test_chinese_scores_are_not_zero(index: LexicalIndex) -> None:
    assert all(score > 0 for _, score in index.search("小麦", 5))


def test_the_score_says_how_much_of_the_question_is_met(index: LexicalIndex) -> None:
    whole = index.search("小麦收割", 1)[0][1]
    part = index.search("小麦收割 what nobody wrote anywhere", 1)[0][1]
    assert 0.4 < whole <= 1.2 and part < whole / 2


def test_the_headline_counts(index: LexicalIndex) -> None:
    index.update([Entry(8, "正文", "沙漠治理"), Entry(9, "正文")], [], 8)
    assert [key for key, _ in index.search("沙漠", 5)] == [8]


def test_added_again_replaces_and_removed_is_gone(index: LexicalIndex) -> None:
    index.update([Entry(2, "玉米播种")], [1], 8)
    assert index.search("小麦 双边", 5) == []
    assert [key for key, _ in index.search("玉米", 5)] == [2]
    assert len(index) == 2


def test_it_is_found_again_after_a_restart_with_its_generation(index: LexicalIndex, tmp_path: Path) -> None:
    again = LexicalIndex(tmp_path / "lexical")
    assert again.generation == 7 and again.search("小麦", 3) == index.search("小麦", 3)


@pytest.mark.parametrize("damage", ["state", "files", "all"])
def test_damage_is_seen_not_trusted(index: LexicalIndex, tmp_path: Path, damage: str) -> None:
    if damage in ("state", "all"):
        (tmp_path / "lexical" / "state.json").write_text("{")
    if damage in ("files", "all"):
        for file in (tmp_path / "lexical" / "tantivy").iterdir():
            file.write_bytes(b"damage")
    again = LexicalIndex(tmp_path / "lexical")
    assert again.generation == -1
    again.rebuild(ROWS, 9)
    assert again.search("小麦", 1)[0][0] == 2


@pytest.mark.parametrize("question", ["", "。", *NASTY, "长" * 100_000])
def test_any_question_is_answered_or_finds_nothing(index: LexicalIndex, question: str) -> None:
    assert isinstance(index.search(question, 3), list)
