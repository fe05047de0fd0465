"""One document's line: file → raw text → articles → passages → vectors → catalog → indexes.

Walks the stages for ``Library.add``. Each document is stored in one transaction; the indexes follow for
many together.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.catalog import Catalog
from rag.errors import InternalError, LoadError, MissingExtraError
from rag.indexing import Indexes
from rag.records import AddReport, Article, Failure, Passage, RawDocument

if TYPE_CHECKING:
    from embeddings import Encoder
    from rag.catalog import FloatArray

_INDEX_EVERY = 2000  # passages between two commits of the indexes


class Adding:
    """One call of ``add``: give it files, flush it, ask for the report."""

    def __init__(self, catalog: Catalog, indexes: Indexes, encoder: Encoder) -> None:
        self._catalog, self._indexes, self._encoder = catalog, indexes, encoder
        self._expected = catalog.generation
        self._done: dict[str, list[str]] = {"added": [], "replaced": [], "skipped": []}
        self._failed: list[Failure] = []
        self._stored = 0
        self._clear()

    def file(self, path: Path) -> None:
        """Add what is in the file at ``path``; what cannot be read is noted for the report."""
        from rag.loading import documents_in

        try:
            for place, data in documents_in(path):
                try:
                    self._done[self._document(place, data)].append(str(place))
                except (LoadError, MissingExtraError) as error:
                    self._failed.append(Failure(str(place), str(error)))
                except (MemoryError, ValueError, InternalError) as error:  # one file never loses the others
                    self._failed.append(Failure(str(place), f"{place}: our fault, please report it: {error}"))
        except LoadError as error:
            self._failed.append(Failure(str(path), str(error)))

    def flush(self) -> None:
        """Bring the indexes up to date."""
        import numpy as np

        if self._catalog.generation != self._expected:
            self._indexes.rebuild()  # another process changed the catalog too
        elif self._added or self._gone:
            vectors = np.zeros((len(self._added), self._encoder.dimension), dtype=np.float32)
            for i, (_, vector) in enumerate(self._added.values()):
                vectors[i] = vector
            added = [(key, passage) for key, (passage, _) in self._added.items()]
            self._indexes.update(added, vectors, self._gone, self._expected)
        self._expected = self._catalog.generation
        self._clear()

    def report(self) -> AddReport:
        """Return what was done so far."""
        done = {outcome: tuple(paths) for outcome, paths in self._done.items()}
        return AddReport(done["added"], done["replaced"], done["skipped"], tuple(self._failed), self._stored)

    def _document(self, path: Path, data: bytes | LoadError) -> str:
        """Add one document and return the outcome."""
        from rag.loading import load

        if isinstance(data, LoadError):
            raise data
        identifier = hashlib.sha256(data).hexdigest()[:16]
        before = self._catalog.identifier_at(str(path))
        if before == identifier:
            return "skipped"
        elsewhere = self._catalog.path_of(identifier)
        if elsewhere is not None:
            other = Path(elsewhere)
            if not any(place.is_file() for place in (other, *other.parents)):  # a member's archive counts
                self._catalog.move(identifier, str(path))
            return "skipped"
        raw = load(path, data)
        articles, passages, raw = restored(raw, identifier)
        self._put(identifier, raw, articles, passages)
        return "added" if before is None else "replaced"

    def _put(self, identifier: str, raw: RawDocument, articles: list[Article], passages: list[Passage]) -> None:
        """Store a document; when this returns it is on disk."""
        vectors = self._encoder.encode_passages([searchable(passage) for passage in passages])
        keys, gone = self._catalog.put(identifier, raw, articles, passages, vectors)
        self._expected += 1
        self._stored += len(passages)
        self._added.update(zip(keys, zip(passages, vectors, strict=True), strict=True))
        for key in gone:
            self._added.pop(key, None)
        self._gone.extend(gone)
        if len(self._added) >= _INDEX_EVERY:
            self.flush()

    def _clear(self) -> None:
        self._added: dict[int, tuple[Passage, FloatArray]] = {}
        self._gone: list[int] = []


def restored(raw: RawDocument, identifier: str) -> tuple[list[Article], list[Passage], RawDocument]:
    """Restore the articles of a raw document and split them into passages.

    Articles without a date take the one of the document, else the one printed on the page.
    """
    from rag.newspaper import restore_page, restore_prose
    from rag.splitting import passages

    page = restore_page(raw.text) if raw.wrapped else restore_prose(raw.text)
    date = raw.date or next((printed.date for printed in page.pages if printed.date), None)
    articles = [replace(article, date=article.date or date) for article in page.articles]
    found: list[Passage] = []
    for number, article in enumerate(articles):
        found.extend(passages(article, raw.text, identifier, number, len(found)))
    return articles, found, replace(raw, date=date, pages=raw.pages or page.pages)


def searchable(passage: Passage) -> str:
    """Return what the encoder sees of a passage: its headline, then its text."""
    return f"{passage.title}\n{passage.text}" if passage.title else passage.text
