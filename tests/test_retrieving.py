import pytest

from rag.records import Passage
from rag.retrieving import Fusion, fuse, retrieve


def passage(key: int) -> tuple[Passage, str]:
    return Passage(f"p{key}", "d", 0, f"text {key}", 0, 6), "/path"


def test_the_fused_score_is_the_weighted_sum_of_both() -> None:
    rows = fuse([(1, 0.8), (2, 0.6)], [(2, 0.5), (3, 0.4)], {3: 0.4}, Fusion(0.25))
    assert {key: pytest.approx(score) for key, score, _ in rows} == {1: 0.2, 2: 0.525, 3: 0.4}
    assert [key for key, _, _ in rows] == [2, 3, 1]


def test_each_hit_says_where_it_stood() -> None:
    [(_, _, parts), *_] = fuse([(1, 0.1), (2, 0.6)], [(2, 0.5)], {}, Fusion(0.5))
    assert parts == {"dense": 0.6, "dense_rank": 2.0, "lexical": 0.5, "lexical_rank": 1.0}


@pytest.mark.parametrize(("weight", "first"), [(1.0, 1), (0.0, 2)])
def test_the_weight_chooses_between_the_lists(weight: float, first: int) -> None:
    assert fuse([(1, 0.9)], [(2, 0.3)], {}, Fusion(weight))[0][0] == first


def test_a_question_of_which_the_terms_are_nowhere_is_left_to_the_dense_list() -> None:
    rows = fuse([(1, 0.6), (2, 0.3)], [(2, 0.02)], {}, Fusion(0.2))
    assert [key for key, _, _ in rows] == [1, 2]


def test_passages_that_no_longer_exist_are_left_out_and_ranks_stay_whole() -> None:
    hits = retrieve(
        "q",
        2,
        lambda q, k: [(1, 0.9), (2, 0.8), (3, 0.7)],
        lambda q, k: [],
        lambda q, keys: {},
        lambda keys: {key: passage(key) for key in keys if key != 1},
        Fusion(),
    )
    assert [(hit.rank, hit.passage.id) for hit in hits] == [(1, "p2"), (2, "p3")]


def test_nothing_found_is_no_hit() -> None:
    assert retrieve("q", 5, lambda q, k: [], lambda q, k: [], lambda q, keys: {}, lambda keys: {}, Fusion()) == []
