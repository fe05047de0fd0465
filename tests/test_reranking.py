"""The second look at hits: sentences, likeness, order."""

from collections.abc import Sequence

import numpy as np
import pytest

from rag.records import Hit, Passage
from rag.reranking import Reranking, rerank
from tests.conftest import NASTY


class Letters:
    """Every letter a token with an axis of its own; capital and small letters lie close."""

    def token_ids(self, texts: Sequence[str]) -> list[np.ndarray]:
        return [np.array([ord(c) - 65 for c in text if c.isalpha() and c.isascii()], dtype=np.int64) for text in texts]

    def vectors(self, ids: np.ndarray) -> np.ndarray:
        table = np.zeros((64, 32), dtype=np.float32)
        for letter in range(26):
            table[letter, letter] = 1.0
            table[letter + 32, letter] = 0.8
            table[letter + 32, 31] = 0.6
        return table[ids]


def hits(texts: Sequence[str], scores: Sequence[float]) -> list[Hit]:
    return [
        Hit(rank, score, Passage(f"p{rank}", "d", 0, text, 0, len(text)), "/p", {"lexical": score})
        for rank, (text, score) in enumerate(zip(texts, scores, strict=True), start=1)
    ]


def whole(found: Sequence[Hit]) -> list[list[tuple[int, int]]]:
    return [[(0, len(hit.passage.text))] for hit in found]


def only(**found: float) -> Reranking:
    return Reranking(**({"window": 0, "words": 0, "tokens": 0, "sentence": 0, "brevity": 0} | found))


WEIGHTS = {"小麦": 2.0, "收割": 1.0, "甲": 1.0}


def test_terms_that_stand_together_count_more_than_terms_far_apart() -> None:
    together, apart = "乙丙。小麦收割。丁。", "小麦。乙丙。丁戊。收割。"
    found = hits([apart, together], [0.5, 0.5])
    spans = [[(0, 3), (3, 6), (6, 9), (9, 12)], [(0, 3), (3, 8), (8, 10)]]
    again = rerank("小麦收割甲", found, spans, Letters(), WEIGHTS, only(window=1))
    assert [hit.passage.text for hit in again] == [together, apart]
    assert [hit.parts["window"] for hit in again] == [pytest.approx(0.75), pytest.approx(0.5)]
    assert [hit.score for hit in again] == [pytest.approx(0.625), pytest.approx(0.5)]
    assert [hit.rank for hit in again] == [1, 2]


def test_likeness_of_tokens_is_that_of_the_best_in_the_passage() -> None:
    found = hits(["XY", "ab", "AB"], [0.3, 0.3, 0.3])
    again = rerank("AB", found, whole(found), Letters(), {}, only(tokens=1))
    assert [hit.passage.text for hit in again] == ["AB", "ab", "XY"]
    assert [hit.parts["tokens"] for hit in again] == [pytest.approx(1.0), pytest.approx(0.8), pytest.approx(0.0)]


def test_the_nearest_sentence_counts_not_the_mean() -> None:
    found = hits(["ABCDXYZ", "AXBYCZ"], [0.3, 0.3])
    spans = [[(0, 4), (4, 7)], [(0, 3), (3, 6)]]
    again = rerank("ABCD", found, spans, Letters(), {}, only(sentence=1))
    assert again[0].parts["sentence"] == pytest.approx(1.0) and again[0].passage.text == "ABCDXYZ"


def test_words_count_that_one_sentence_holds_whole() -> None:
    weights = {"麦": 1.0, "小": 1.0, "小麦": 3.0, "麦地": 3.0, "地": 1.0, "30": 2.0, "kazakh": 2.0}
    found = hits(["小麦。麦地。", "小麦地 300。", "小麦地 30 KAZAKH。", "小麦地。30。"], [0.3] * 4)
    spans = [[(0, 3), (3, 6)], [(0, 8)], [(0, len(found[2].passage.text))], [(0, 4), (4, 7)]]
    again = rerank("小麦地 30 Kazakh", found, spans, Letters(), weights, only(words=1))
    assert [hit.passage.id for hit in again] == ["p3", "p2", "p4", "p1"]
    assert [hit.parts["words"] for hit in again] == [pytest.approx(x / 7) for x in (7, 3, 3, 0)]


def test_a_passage_of_more_than_the_usual_length_counts_for_less() -> None:
    found = hits(["长" * 1000, "中" * 320, "短" * 40], [0.3, 0.3, 0.3])
    again = rerank("AB", found, whole(found), Letters(), {}, only(brevity=1))
    assert [hit.passage.text[0] for hit in again] == ["中", "短", "长"]
    brevity = [hit.parts["brevity"] for hit in again]
    assert brevity[:2] == [1.0, 1.0] and 0 < brevity[2] < 1


def test_hits_beyond_the_depth_stay_behind_in_their_order() -> None:
    found = hits(["X", "AB", "AB", "AB"], [0.9, 0.8, 0.7, 0.6])
    again = rerank("AB", found, whole(found)[:2], Letters(), {}, Reranking(depth=2))
    assert [hit.passage.id for hit in again] == ["p2", "p1", "p3", "p4"]
    assert [hit.rank for hit in again] == [1, 2, 3, 4]
    scores = [hit.score for hit in again]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("text", ["", *NASTY])
def test_any_text_can_be_looked_at(text: str) -> None:
    found = hits([text, "AB"], [0.2, 0.1])
    assert len(rerank(text, found, whole(found), Letters(), {"a": 1.0}, Reranking())) == 2
    assert len(rerank("AB", found, [[], []], Letters(), {"a": 1.0}, Reranking())) == 2
    assert rerank("AB", [], [], Letters(), {}, Reranking()) == []
