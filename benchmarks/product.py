"""A library filled with ready passages, so that benchmarks search exactly as the product does."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from embeddings import Encoder
from rag.library import Library
from rag.records import Article, Paragraph, Passage, RawDocument
from rag.settings import Settings


@contextmanager
def filled(encoder: Encoder, passages: Sequence[str], settings: Settings | None = None) -> Iterator[Library]:
    """A library in a temporary folder that holds ``passages``; the id of passage ``i`` is ``d-i``."""
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder), settings or Settings(), encoder) as library:
        fill(library, encoder, passages)
        yield library


def fill(library: Library, encoder: Encoder, passages: Sequence[str], document: str = "d") -> None:
    """Put ``passages`` into a library as one document, past the reading of files."""
    raw = RawDocument(document, "\n".join(passages), document)
    starts = [0]
    for passage in passages:
        starts.append(starts[-1] + len(passage) + 1)
    made = [
        Passage(f"{document}-{i}", document, i, text, starts[i], starts[i] + len(text))
        for i, text in enumerate(passages)
    ]
    articles = [Article(None, (Paragraph(p.text, p.start, p.end),)) for p in made]
    vectors = encoder.encode_passages(passages)
    keys, gone = library._catalog.put(document, raw, articles, made, vectors)
    added = list(zip(keys, made, strict=True))
    library._indexes.update(added, vectors, gone, library._catalog.generation)


def ranking(library: Library, question: str, k: int) -> list[int]:
    """Numbers of the passages found, best first."""
    return [int(hit.passage.id.rpartition("-")[2]) for hit in library.search(question, k)]
