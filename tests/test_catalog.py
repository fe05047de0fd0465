import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest

from rag.catalog import Catalog
from rag.errors import LibraryError
from rag.records import Article, Page, Paragraph, Passage, RawDocument


def document(
    path: str = "/a.txt", text: str = "甲。乙。", identifier: str = "id"
) -> tuple[RawDocument, list[Article], list[Passage], np.ndarray]:
    raw = RawDocument(path, text, "标题", "2025-06-19", (Page(4, 0, len(text), "日报", "2025-06-19"),))
    half = len(text) // 2
    paragraphs = (Paragraph(text[:half], 0, half), Paragraph(text[half:], half, len(text), "subhead"))
    articles = [Article("文章", paragraphs, "记者 某", 4, "2025-06-19", 1, None)]
    found = [
        Passage(f"{identifier}-{i}", identifier, 0, p.text, p.start, p.end, "文章", 4, "2025-06-19")
        for i, p in enumerate(paragraphs)
    ]
    return raw, articles, found, np.eye(2, 3, dtype=np.float32)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "library.sqlite", "encoder@1")


def test_what_is_put_comes_back_the_same(catalog: Catalog) -> None:
    raw, articles, found, vectors = document()
    keys, gone = catalog.put("id", raw, articles, found, vectors)
    assert gone == [] and len(keys) == 2
    stored = catalog.document("id")
    assert (stored.path, stored.title, stored.date, stored.text, stored.passages) == (
        "/a.txt",
        "标题",
        "2025-06-19",
        "甲。乙。",
        2,
    )
    assert catalog.articles("id") == articles
    assert catalog.pages("id") == raw.pages
    assert catalog.passages(keys) == {key: (p, "/a.txt") for key, p in zip(keys, found, strict=True)}
    [(all_keys, all_passages, all_vectors)] = list(catalog.every_passage())
    assert (all_keys, all_passages) == (keys, found)
    assert np.array_equal(all_vectors, vectors)


def test_a_changed_file_replaces_what_stood_at_its_path(catalog: Catalog) -> None:
    first, _ = catalog.put("old", *document(identifier="old"))
    keys, gone = catalog.put("new", *document(text="丙。丁。", identifier="new"))
    assert gone == first and not set(keys) & set(first)
    assert [d.id for d in catalog.documents()] == ["new"]
    assert catalog.passages(first) == {}


def test_removal_takes_everything_of_the_document(catalog: Catalog) -> None:
    keys, _ = catalog.put("a", *document(identifier="a"))
    assert catalog.remove("a") == keys
    assert catalog.count() == 0 and catalog.articles("a") == []
    with pytest.raises(LibraryError, match="No document 'a'"):
        catalog.remove("a")


def test_every_change_of_the_passages_moves_the_generation(catalog: Catalog) -> None:
    seen = [catalog.generation]
    catalog.put("a", *document(identifier="a"))
    seen.append(catalog.generation)
    catalog.remove("a")
    seen.append(catalog.generation)
    assert seen == [0, 1, 2]


def test_a_failed_put_leaves_nothing_behind(catalog: Catalog) -> None:
    raw, articles, found, vectors = document(identifier="a")
    with pytest.raises(sqlite3.IntegrityError):
        catalog.put("a", raw, articles, [found[0], found[0]], vectors)
    assert catalog.documents() == [] and catalog.generation == 0


def test_neighbours_are_of_the_same_article_in_order(catalog: Catalog) -> None:
    raw, articles, found, vectors = document()
    catalog.put("id", raw, articles, found, vectors)
    assert catalog.neighbours(found[0]) == [found[1]]


def test_an_id_may_be_shortened_while_it_is_unique(catalog: Catalog) -> None:
    catalog.put("abc1", *document("/1", identifier="abc1"))
    catalog.put("abc2", *document("/2", identifier="abc2"))
    assert catalog.document("abc1").id == "abc1"
    with pytest.raises(LibraryError, match="More than one"):
        catalog.document("abc")
    with pytest.raises(LibraryError, match="No document"):
        catalog.document("%")


def test_a_file_that_is_no_catalog_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"this is not a database" * 100)
    with pytest.raises(LibraryError, match="not a usable Yinju library"):
        Catalog(path, "encoder@1")
    assert path.read_bytes().startswith(b"this is not")


def test_a_catalog_of_another_version_is_refused(tmp_path: Path) -> None:
    Catalog(tmp_path / "c", "e").close()
    with sqlite3.connect(tmp_path / "c") as db:
        db.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    db.close()
    with pytest.raises(LibraryError, match="format 99"):
        Catalog(tmp_path / "c", "e")


def test_embeddings_are_replaced_with_the_encoder_that_made_them(catalog: Catalog) -> None:
    keys, _ = catalog.put("a", *document(identifier="a"))
    catalog.reembed("encoder@2", [(keys, np.ones((2, 5), dtype=np.float32))])
    assert catalog.encoder == "encoder@2"
    [(_, _, vectors)] = list(catalog.every_passage())
    assert vectors.shape == (2, 5)


def test_closing_while_others_read_harms_nothing(catalog: Catalog) -> None:
    catalog.put("id", *document(text="甲。乙。" * 200))
    passage = document(text="甲。乙。" * 200)[2][0]
    ends: list[str] = []
    started = threading.Barrier(5)

    def read() -> None:
        catalog.neighbours(passage)
        started.wait()
        try:
            while True:
                catalog.neighbours(passage)
        except sqlite3.ProgrammingError as error:
            ends.append(str(error))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    started.wait()
    catalog.close()
    for thread in threads:
        thread.join(10)
    assert ends == ["Cannot operate on a closed database."] * 4
