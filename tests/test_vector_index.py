"""The vector index: exact order, ids, removal, restriction, and files that are trusted only when whole."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import VectorIndex, structures
from embeddings.errors import EmbeddingError, IndexFileError, VectorIndexError


def unit(rows: int, dimension: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def small() -> VectorIndex:
    """Three axes: ids 10, 20, 30."""
    index = VectorIndex(3, "fake@1")
    index.add([10, 20, 30], np.eye(3, dtype=np.float32))
    return index


def test_search_returns_the_nearest_first_with_its_similarity() -> None:
    found = small().search([0.8, 0.6, 0.0], k=2)
    assert [i for i, _ in found] == [10, 20]
    assert [s for _, s in found] == pytest.approx([0.8, 0.6])


def test_asking_for_more_than_there_is_gives_what_there_is() -> None:
    assert len(small().search([1, 0, 0], k=99)) == 3
    assert VectorIndex(3, "fake@1").search([1, 0, 0], k=5) == []
    assert small().search([1, 0, 0], k=0) == []


def test_a_removed_id_is_never_found_again() -> None:
    index = small()
    assert index.remove([10, 999]) == 1
    assert len(index) == 2
    assert [i for i, _ in index.search([1, 0, 0], k=3)] != [] and 10 not in index.ids()
    assert 10 not in [i for i, _ in index.search([1, 0, 0], k=3)]


def test_adding_an_id_again_replaces_its_vector() -> None:
    index = small()
    index.add([10], [[0.0, 0.0, 1.0]])
    assert len(index) == 3
    assert index.search([1, 0, 0], k=1)[0][1] == pytest.approx(0.0)


def test_allowed_restricts_the_search_itself() -> None:
    vectors = unit(500, 8)
    index = VectorIndex(8, "fake@1")
    index.add(np.arange(500), vectors)
    worst = np.argsort(vectors @ vectors[0])[:5]
    found = index.search(vectors[0], k=5, allowed=worst.tolist())
    assert sorted(i for i, _ in found) == sorted(worst.tolist())
    assert index.search(vectors[0], k=5, allowed=[]) == []
    assert index.search(vectors[0], k=5, allowed=[7777]) == []


@given(seed=st.integers(0, 10_000), rows=st.integers(1, 60), k=st.integers(1, 12))
@settings(max_examples=30, deadline=None)
def test_search_agrees_with_brute_force(seed: int, rows: int, k: int) -> None:
    vectors = unit(rows, 16, seed)
    query = unit(1, 16, seed + 1)[0]
    index = VectorIndex(16, "fake@1")
    index.add(np.arange(rows) * 3, vectors)
    exact = np.sort(vectors @ query)[::-1][:k]
    assert [s for _, s in index.search(query, k)] == pytest.approx(exact.tolist(), abs=1e-5)


def test_what_does_not_fit_is_refused_in_words() -> None:
    index = small()
    with pytest.raises(VectorIndexError, match="3"):
        index.add([1], [[1.0, 0.0]])
    with pytest.raises(VectorIndexError, match="twice"):
        index.add([1, 1], np.eye(3)[:2])
    with pytest.raises(VectorIndexError, match="finite"):
        index.add([1], [[np.nan, 0, 0]])
    with pytest.raises(VectorIndexError, match="2 dimensions"):
        index.search([1, 0], k=1)
    assert issubclass(VectorIndexError, EmbeddingError) and issubclass(EmbeddingError, ValueError)


def test_save_and_load_keep_everything(tmp_path: Path) -> None:
    index = small()
    index.generation = 41
    index.save(tmp_path / "vectors.faiss")
    again = VectorIndex.load(tmp_path / "vectors.faiss", "fake@1", 3)
    assert again.generation == 41
    assert sorted(again.ids().tolist()) == [10, 20, 30]
    assert again.search([0, 1, 0], k=1) == index.search([0, 1, 0], k=1)
    again.add([40], [[0.0, 1.0, 0.0]])
    assert again.remove([20]) == 1
    assert again.search([0, 1, 0], k=1)[0][0] == 40
    assert sorted(path.name for path in tmp_path.iterdir()) == ["vectors.faiss", "vectors.faiss.json"]


@pytest.mark.skipif(os.name != "posix", reason="files stay replaceable under a mapping on POSIX systems only")
@pytest.mark.parametrize("large", [10_000, 100])
def test_a_loaded_index_is_mapped_until_it_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(structures, "LARGE", large)
    path, vectors = tmp_path / "vectors.faiss", unit(400, 16, 8)
    index = VectorIndex(16, "fake@1")
    index.add(np.arange(400), vectors)
    assert not index.mapped
    index.save(path)
    mapped, changed = (VectorIndex.load(path, "fake@1", 16) for _ in range(2))
    assert mapped.mapped and changed.mapped
    assert changed.remove([12345]) == 0 and changed.mapped
    before = path.read_bytes()
    changed.add([1000], vectors[:1])
    changed.remove([0])
    assert not changed.mapped and mapped.mapped
    assert path.read_bytes() == before
    assert changed.search(vectors[0], k=1)[0][0] == 1000
    changed.save(path)  # another process put a new file in its place
    assert mapped.search(vectors[0], k=7) == index.search(vectors[0], k=7)
    assert sorted(mapped.ids().tolist()) == list(range(400))
    assert VectorIndex.load(path, "fake@1", 16).search(vectors[0], k=1)[0][0] == 1000


@pytest.fixture
def grown(monkeypatch: pytest.MonkeyPatch) -> tuple[VectorIndex, np.ndarray]:
    """An index that has turned to cells: 900 vectors in 30 clumps, the turning point set at 500."""
    monkeypatch.setattr(structures, "LARGE", 500)
    centres = unit(30, 16, 4)
    vectors = centres[np.arange(900) % 30] + 0.3 * unit(900, 16, 5)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = VectorIndex(16, "fake@1")
    index.add(np.arange(400), vectors[:400])
    assert index.kind == "flat"
    index.add(np.arange(400, 900), vectors[400:])
    return index, vectors.astype(np.float32)


def test_past_its_size_the_index_turns_to_cells_and_finds_what_exact_search_finds(grown) -> None:
    index, vectors = grown
    assert index.kind == "ivf" and len(index) == 900 and not index.wants_rebuild
    assert sorted(index.ids().tolist()) == list(range(900))
    hits = 0
    for query in vectors[:100]:
        exact = set(np.argsort(-(vectors @ query))[:10].tolist())
        hits += len(exact & {i for i, _ in index.search(query, k=10)})
    assert hits / 1000 >= 0.9  # one byte per dimension reorders near ties


def test_cells_add_remove_replace_and_restrict_without_a_rebuild(grown) -> None:
    index, vectors = grown
    assert index.remove([7, 8, 12345]) == 2
    assert 7 not in [i for i, _ in index.search(vectors[7], k=20)]
    index.add([9000, 3], vectors[[7, 8]])
    assert len(index) == 899
    assert index.search(vectors[7], k=1)[0][0] == 9000
    assert [i for i, _ in index.search(vectors[8], k=5, allowed=[3])] == [3]
    far = np.argsort(vectors @ vectors[50])[:3].tolist()
    assert {i for i, _ in index.search(vectors[50], k=3, allowed=far)} == set(far)


def test_cells_survive_saving_and_say_when_they_are_outgrown(grown, tmp_path: Path) -> None:
    index, vectors = grown
    index.save(tmp_path / "vectors.faiss")
    again = VectorIndex.load(tmp_path / "vectors.faiss", "fake@1", 16)
    assert again.kind == "ivf"
    assert again.search(vectors[1], k=5) == index.search(vectors[1], k=5)
    again.add(np.arange(10_000, 13_000), unit(3000, 16, 6))
    assert again.wants_rebuild


def damage_truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def damage_flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)


def damage_header(path: Path) -> None:
    path.with_name(path.name + ".json").write_text("{")


def damage_header_absent(path: Path) -> None:
    path.with_name(path.name + ".json").unlink()


def damage_absent(path: Path) -> None:
    path.unlink()


def damage_header_of_another_save(path: Path) -> None:
    header = path.with_name(path.name + ".json")
    before = header.read_text()
    index = small()
    index.remove([10])
    index.save(path)
    header.write_text(before)


def damage_header_list(path: Path) -> None:
    path.with_name(path.name + ".json").write_text("[]")


@pytest.mark.parametrize(
    "damage",
    [
        damage_truncate,
        damage_flip,
        damage_header,
        damage_header_list,
        damage_header_absent,
        damage_absent,
        damage_header_of_another_save,
    ],
)
def test_a_damaged_index_is_refused_and_names_the_remedy(tmp_path: Path, damage) -> None:
    path = tmp_path / "vectors.faiss"
    small().save(path)
    damage(path)
    with pytest.raises(IndexFileError, match="rebuild"):
        VectorIndex.load(path, "fake@1", 3)


def test_an_index_of_another_encoder_dimension_or_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    small().save(path)
    with pytest.raises(IndexFileError, match="other@2"):
        VectorIndex.load(path, "other@2", 3)
    with pytest.raises(IndexFileError, match="dimension"):
        VectorIndex.load(path, "fake@1", 4)
    header_path = path.with_name(path.name + ".json")
    header = json.loads(header_path.read_text())
    header_path.write_text(json.dumps(header | {"format": 99}))
    with pytest.raises(IndexFileError, match="format 99"):
        VectorIndex.load(path, "fake@1", 3)
