"""The derived indexes: compaction in the background."""

from pathlib import Path

import numpy as np
import pytest

from embeddings import VectorIndex, structures, vector_index
from rag.library import Library
from tests.conftest import FakeEncoder, open_fake


@pytest.fixture
def grown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A library of which the vector index has cells for far fewer passages than it holds."""
    monkeypatch.setattr(structures, "LARGE", 20)
    monkeypatch.setattr(vector_index, "GROWTH", 2)
    library = open_fake(tmp_path / "library")
    folder = tmp_path / "papers"
    folder.mkdir()
    for number in range(25):
        (folder / f"{number}.txt").write_text(f"第{number}号公路今年通车，全长{number + 100}公里。\n", "utf-8")
    library.add(folder, processes=0)
    assert library._indexes._vectors.kind == "ivf" and not library._indexes._vectors.wants_rebuild
    for number in range(25, 60):
        (folder / f"{number}.txt").write_text(f"第{number}号公路今年通车，全长{number + 100}公里。\n", "utf-8")
    assert library._indexes._vectors._trained_on < 30
    library.add(folder, processes=0)
    return library


def same(library: Library) -> None:
    """The vector index holds exactly the catalog's passages and finds each by its own embedding."""
    keys, vectors = [], []
    for some, _, rows in library._catalog.every_passage():
        keys += some
        vectors += list(rows)
    assert sorted(library._indexes._vectors.ids()) == sorted(keys)
    for key, vector in zip(keys, vectors, strict=True):
        assert key in [found for found, _ in library._indexes.dense(vector, 60)]


def test_an_index_that_outgrew_its_cells_is_made_anew_and_written(grown: Library, tmp_path: Path) -> None:
    assert grown._indexes._compacting is not None
    grown._indexes._compacting.join(30)
    index = grown._indexes._vectors
    assert index.kind == "ivf" and index._trained_on == 60 and not index.wants_rebuild
    same(grown)
    grown.close()
    again = VectorIndex.load(tmp_path / "library" / "vectors.faiss", FakeEncoder.identity, FakeEncoder.dimension)
    assert again._trained_on == 60 and len(again) == 60
    with open_fake(tmp_path / "library") as library:
        same(library)


def test_changes_during_compaction_are_taken_over(grown: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    assert grown._indexes._compacting is not None
    grown._indexes._compacting.join(30)
    indexes = grown._indexes
    make = indexes._new_vectors

    def changed_meanwhile(generation: int) -> VectorIndex:
        fresh = make(generation)
        grown.remove(grown.documents()[0].id)  # after the fresh one was read, before it is put in place
        fresh.remove(fresh.ids()[-2:])  # as if two had been added after it was read
        return fresh

    monkeypatch.setattr(indexes, "_new_vectors", changed_meanwhile)
    indexes.compact()
    assert len(indexes._vectors) == 59 and indexes._vectors.generation == grown._catalog.generation
    same(grown)
    grown.close()


def test_cells_are_made_for_as_many_as_are_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structures, "LARGE", 50)
    vectors = np.random.default_rng(1).normal(size=(200, 8)).astype(np.float32)
    index = VectorIndex(8, "e", expected=200)
    for first in range(0, 200, 40):
        index.add(np.arange(first, first + 40), vectors[first : first + 40])
    assert index._trained_on == 200 and index._faiss.nlist == structures.cells_for(200)
