"""Why a passage was found."""

from pathlib import Path

import pytest

from rag.explaining import shared_terms
from rag.library import Library
from tests.conftest import NASTY


@pytest.mark.parametrize(
    ("question", "text", "shared"),
    [
        ("双边贸易额是多少", "今年双边贸易额", ("双边贸易额",)),
        ("雙邊貿易額", "双边关系与贸易", ("双边", "贸易")),
        ("双边 贸易", "边贸", ("边", "贸", "易")[:2]),
        ("What did Astana say in 2025?", "Astana, 2025", ("astana", "2025")),
        ("governments", "the governor", ("gove*",)),
        ("小麦", "玉米", ()),
    ],
)
def test_the_longest_shared_runs_and_words_are_named(question: str, text: str, shared: tuple[str, ...]) -> None:
    assert shared_terms(question, text) == shared


@pytest.mark.parametrize("text", NASTY)
def test_any_text_can_be_explained(text: str) -> None:
    assert isinstance(shared_terms(text, text), tuple)


def test_a_search_explains_itself_when_asked(fake_library: Library, two_papers: Path) -> None:
    fake_library.add(two_papers)
    plain, told = fake_library.search("小麦收成"), fake_library.search("小麦收成", explain=True)
    assert [hit.shared for hit in plain] == [(), ()]
    assert told[0].shared == ("小麦", "收成")
    assert [hit.passage.id for hit in plain] == [hit.passage.id for hit in told]
    assert told[0].parts["lexical_rank"] == 1 and told[0].parts["dense_rank"] == 1 and told[0].parts["dense"] > 0.1
