"""The choice among likely spans: what is seen of a span, the trees, and that the reader follows them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingRegressor

from rag.errors import SettingsError
from rag.reading.copying import RANKER, load_copy_reader, whole_spans
from rag.reading.model import save_copy_reader
from rag.reading.ranking import SPAN_COLUMNS, Span, Trees, likeness, span_features
from tests.reading_tools import evidence, tiny_model, tiny_reader
from training.reader.ranker import exported
from training.reader.sources import part_of

READER = tiny_reader()
TEXTS = ("论坛在西安开幕，总统出席。", "“北京论坛”讨论贸易，历时三天。")


def described(question: str, *spans: Span) -> list[dict[str, float]]:
    rows = span_features(question, TEXTS, spans, {0: 0.6, 1: 0.3}, 0.1, READER.vocabulary, READER.meanings)
    assert rows.shape == (len(spans), len(SPAN_COLUMNS)) and np.isfinite(rows).all()
    return [dict(zip(SPAN_COLUMNS, map(float, row), strict=True)) for row in rows]


def column_tree(name: str, edge: float, sign: float) -> Trees:
    """One split: spans whose column is larger than ``edge`` get ``sign``."""
    column = SPAN_COLUMNS.index(name)
    return Trees(
        np.array([[column, -1, -1]]),
        np.array([[edge, 0, 0]]),
        np.array([[[1, 2], [0, 0], [0, 0]]]),
        np.array([[0, 0, sign]]),
        0.5,
    )


def test_a_span_is_described_by_what_it_is_and_what_stands_around_it() -> None:
    xian, opening, quoted = described(
        "论坛在哪个城市开幕？", Span(0, 3, 5, 0.3), Span(0, 3, 7, 0.2), Span(1, 1, 5, 0.1)
    )
    assert (xian["characters"], xian["places"], xian["at beginning"]) == (2, 1, 0)
    assert (xian["right"], opening["last shared"], xian["last shared"]) == (1, 1, 0)
    assert quoted["quoted"] == 1 and xian["quoted"] == 0
    assert xian["belief"] > opening["belief"] > quoted["belief"]
    assert opening["clause ends"] == 1 and xian["clause ends"] == 0
    assert xian["fits kind"] == 1


def test_spans_that_overlap_lend_each_other_belief() -> None:
    alone, *_ = described("论坛在哪里？", Span(0, 3, 5, 0.3), Span(1, 1, 5, 0.3))
    together, *_ = described("论坛在哪里？", Span(0, 3, 5, 0.3), Span(0, 3, 7, 0.3))
    assert together["overlap of all"] > alone["overlap of all"]
    assert together["inside"] > alone["inside"]


def test_a_span_as_asked_ends_in_the_thing_asked() -> None:
    right, wrong = described("什么论坛讨论贸易？", Span(1, 1, 5, 0.2), Span(1, 7, 9, 0.2))
    assert (right["ends as asked"], wrong["ends as asked"]) == (1, 0)
    assert right["something asked"] == wrong["something asked"] == 1


@given(
    st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(1, 9)),
    st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(1, 9)),
)
def test_likeness_is_symmetric_and_whole_only_for_the_same(
    one: tuple[int, int, int], two: tuple[int, int, int]
) -> None:
    a, b = (Span(index, start, start + length, 0.1) for index, start, length in (one, two))
    assert likeness(a, b) == likeness(b, a)
    assert 0 <= likeness(a, b) <= 1
    assert (likeness(a, b) == 1) == (one == two)


def test_trees_run_as_scikit_learn_runs_them(tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    rows = chance.normal(size=(600, len(SPAN_COLUMNS))).astype(np.float32)
    worth = rows[:, 0] * (rows[:, 1] > 0) + 0.1 * chance.normal(size=600)
    model = HistGradientBoostingRegressor(max_iter=20, max_leaf_nodes=7).fit(rows, worth)
    trees = exported(model)
    np.testing.assert_allclose(trees.predict(rows), model.predict(rows), atol=1e-5)
    trees.save(tmp_path / RANKER)
    np.testing.assert_allclose(Trees.load(tmp_path / RANKER).predict(rows), model.predict(rows), atol=1e-5)


def test_trees_for_other_columns_are_refused(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"columns": np.zeros((1, 1), dtype=np.int8)}, tmp_path / RANKER, {"columns": "another"})
    with pytest.raises(ValueError, match="other columns"):
        Trees.load(tmp_path / RANKER)
    (tmp_path / RANKER).write_bytes(b"not trees")
    with pytest.raises(ValueError, match=r"ranker\.safetensors"):
        Trees.load(tmp_path / RANKER)


def test_the_reader_takes_the_span_that_the_trees_prefer() -> None:
    question, pieces = "论坛在哪里开幕？", evidence(*TEXTS)
    reader = tiny_reader()
    for sign, long in ((1.0, True), (-1.0, False)):
        reader.ranker = column_tree("characters", 3.5, sign)
        best = reader.read(question, pieces).claims[0]
        assert (best.end - best.start > 3) == long


def test_claims_never_overlap_and_rivals_fall_in_score() -> None:
    for seed in range(3):
        claims = tiny_reader(seed=seed).read("总统讨论什么？", evidence(*TEXTS)).claims
        for place, one in enumerate(claims):
            for other in claims[:place]:
                assert one.index != other.index or one.start >= other.end or other.start >= one.end
        assert [claim.score for claim in claims[1:]] == sorted((c.score for c in claims[1:]), reverse=True)


def test_spans_that_become_one_are_added_up() -> None:
    question, pieces = "论坛历时几天？", evidence(*TEXTS)
    table, decoded, chosen = READER.examine(question, pieces)
    spans = whole_spans(question, list(TEXTS), table, decoded, chosen)
    assert len({(span.index, span.start, span.end) for span in spans}) == len(spans)
    assert sum(span.probability for span in spans) <= sum(found.probability for found in decoded.spans) + 1e-9
    assert spans[0].probability == max(span.probability for span in spans)


def test_a_ranker_travels_with_the_reader(tmp_path: Path) -> None:
    reader = tiny_reader()
    reader.ranker = column_tree("characters", 3.5, 1.0)
    save_copy_reader([tiny_model()], reader, tmp_path)
    loaded = load_copy_reader(tmp_path, None)
    pieces = evidence(*TEXTS)
    assert loaded.read("论坛在哪里？", pieces).claims[0].start == reader.read("论坛在哪里？", pieces).claims[0].start
    before = loaded.identity
    reader.ranker = column_tree("characters", 3.5, -1.0)
    save_copy_reader([tiny_model()], reader, tmp_path)
    assert load_copy_reader(tmp_path, None).identity != before
    (tmp_path / RANKER).write_bytes(b"not trees")
    with pytest.raises(SettingsError, match="not a usable reader"):
        load_copy_reader(tmp_path, None)


def test_every_training_document_is_learned_from_or_ranked_on_never_both() -> None:
    contexts = [f"第{number}篇文章。" for number in range(400)]
    for stem in ("cmrc2018.zh.train", "jaquad.ja.train"):
        parts = [part_of(stem, context) for context in contexts]
        assert all(part == {"held"} or ("train" in part and len(part) == 2) for part in parts)
        share = sum("rank" in part for part in parts) / sum("train" in part for part in parts)
        assert 0.2 < share < 0.4
    assert not any("held" in part_of("jaquad.ja.train", context) for context in contexts)
