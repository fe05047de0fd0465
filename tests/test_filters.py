"""Restrictions: what they admit, and that they act inside both searches."""

from pathlib import Path

import numpy as np
import pytest

from embeddings import VectorIndex, structures
from rag.errors import InputError, LibraryError
from rag.filters import Filters, day_number
from rag.lexical import Entry, LexicalIndex
from rag.library import Library

ROWS = [
    Entry(1, "港口货物吞吐量增长", "港口新闻", "2025-06-18", "aa"),
    Entry(2, "港口去年新建码头", "航运", "2025-07-01", "aa"),
    Entry(3, "港口工人的一天", None, None, "bb"),
    Entry(4, "The port of 港口 grew by a third last year, the mayor said", "Port 港口", "2024-02-29", "cc"),
    Entry(5, "小麦收割", "农业", "2025", "bb"),
]


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    made = LexicalIndex(tmp_path / "lexical")
    made.rebuild(ROWS, 1)
    return made


CASES = [
    (Filters(since="2025-06"), {1, 2}),
    (Filters(until="2025-06-18"), {1, 4, 5}),
    (Filters(since="2024-02", until="2024-02"), {4}),
    (Filters(documents=("aa",)), {1, 2}),
    (Filters(documents=("aa", "bb")), {1, 2, 3, 5}),
    (Filters(title="港口"), {1, 4}),
    (Filters(title="新闻港口"), set()),
    (Filters(title="。"), set()),
    (Filters(language="en"), {4}),
    (Filters(language="zh", since="2025-06-19"), {2}),
    (Filters(documents=("zz",)), set()),
]


@pytest.mark.parametrize(("filters", "kept"), CASES)
def test_exactly_the_passages_that_meet_all_restrictions_are_allowed_and_found(
    index: LexicalIndex, filters: Filters, kept: set[int]
) -> None:
    assert set(index.allowed(filters)) == kept
    found = dict(index.search("港口", 10, filters=filters))
    everything = dict(index.search("港口", 10))
    assert found == {key: pytest.approx(everything[key]) for key in kept & set(everything)}


def test_the_best_of_few_is_found_among_many_better_ones(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path / "lexical")
    index.rebuild([Entry(n, "港口港口港口", "港口", "2025-01-01", "x") for n in range(1, 500)], 1)
    index.update([Entry(900, "很长的一段文字里只有一次提到港口", None, "1999-01-01", "y")], [], 2)
    assert [key for key, _ in index.search("港口", 5, filters=Filters(until="2000"))] == [900]


def test_a_text_that_only_looks_like_a_title_does_not_count(index: LexicalIndex) -> None:
    assert 3 not in index.allowed(Filters(title="港口"))


@pytest.mark.parametrize("large", [10_000, 100])
def test_the_vector_search_takes_only_what_is_allowed(large: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structures, "LARGE", large)
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(600, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = VectorIndex(16, "e")
    index.add(np.arange(600), vectors)
    assert index.kind == ("flat" if large > 600 else "ivf")
    for allowed in (np.arange(7, 600, 50), np.array([3]), np.arange(599, -1, -2)):
        query = rng.normal(size=16).astype(np.float32)
        best = allowed[np.argsort(-(vectors[allowed] @ query))][:5]
        found = index.search(query, 5, allowed)
        if index.kind == "flat":
            assert [key for key, _ in found] == list(best)
        else:
            assert {key for key, _ in found} <= set(allowed.tolist()) and len(found) == min(5, len(allowed))
            assert len({key for key, _ in found} & set(best.tolist())) >= min(4, len(allowed))
    far = VectorIndex(16, "e")
    far.add([5, 2**40], vectors[:2])
    assert [key for key, _ in far.search(vectors[0], 2, [2**40])] == [2**40]


@pytest.mark.parametrize(
    "wrong", [{"since": "June"}, {"since": "2025-13"}, {"until": "2025-02-30"}, {"since": "2025", "until": "2024"}]
)
def test_what_is_no_date_is_said(wrong: dict[str, str]) -> None:
    with pytest.raises(InputError, match="date"):
        Filters(**wrong)


def test_an_unknown_language_is_said() -> None:
    with pytest.raises(InputError, match="One of: zh"):
        Filters(language="xx")


def test_dates_order_as_days_do() -> None:
    assert day_number("2024-2", last=True) == 20240229 and day_number("2023-02", last=True) == 20230228
    assert not Filters() and Filters(title="x")


def test_a_library_searches_and_answers_within_its_restrictions(fake_library: Library, two_papers: Path) -> None:
    fake_library.add(two_papers)
    trade, wheat = (next(d for d in fake_library.documents() if d.path.endswith(n)) for n in ("18.txt", "wheat.txt"))
    question = "小麦每亩收成多少？"
    assert {hit.passage.document for hit in fake_library.search(question)} == {trade.id, wheat.id}
    only = fake_library.search(question, filters=Filters(since="2025-06"))  # the day is in the file's name
    assert [hit.passage.document for hit in only] == [trade.id]
    assert fake_library.answer(question).short.startswith("620")
    assert fake_library.answer(question, filters=Filters(documents=(trade.id[:8],))).abstained
    assert fake_library.answer(question, filters=Filters(documents=(wheat.id[:8],))).short.startswith("620")
    with pytest.raises(LibraryError, match="No document"):
        fake_library.search(question, filters=Filters(documents=("nope",)))


def test_filters_follow_a_change(fake_library: Library, two_papers: Path) -> None:
    fake_library.add(two_papers)
    restricted = Filters(language="zh")
    assert len(fake_library.search("港口", filters=restricted)) == 2
    fake_library.remove(fake_library.documents()[0].id)
    assert len(fake_library.search("港口", filters=restricted)) == 1
