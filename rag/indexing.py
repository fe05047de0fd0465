"""Keep the two derived indexes in step with the catalog.

Both carry the catalog's generation. Absent, stale or damaged ones are rebuilt from the catalog, never
trusted. Nothing here is the truth: deleting the files loses time and nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from rag.catalog import Catalog
from rag.errors import LibraryError
from rag.filters import Filters
from rag.lexical import Entry, LexicalIndex
from rag.records import Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embeddings import VectorIndex
    from rag.catalog import FloatArray

VECTORS = "vectors.faiss"
TERMS = "lexical"
LOCK = "library.lock"
_PATIENCE = 30.0


class Indexes:
    """The vector index and the lexical index of one library folder."""

    def __init__(self, folder: Path, catalog: Catalog, encoder: str, dimension: int) -> None:
        """Open both indexes of ``folder``, rebuilding what is not of the catalog's generation."""
        self._folder = folder
        self._catalog = catalog
        self._encoder = encoder
        self._dimension = dimension
        self._lock = threading.RLock()
        self._file_lock = FileLock(folder / LOCK, thread_local=False)
        self._writing = False
        self._lexical = LexicalIndex(folder / TERMS)
        self._vectors = self._load_vectors()
        self._saved = self._vectors.generation
        self._compacting: threading.Thread | None = None
        self._filtered: tuple[tuple[int, Filters], NDArray[np.int64]] | None = None
        self.refresh()

    def refresh(self) -> None:
        """Bring both indexes to the catalog's generation, whoever changed it."""
        if self._writing or self._vectors.generation == self._lexical.generation == self._catalog.generation:
            return  # while this process adds, questions are answered from what is indexed so far
        with self._lock:
            try:
                self._file_lock.acquire(timeout=0)
            except Timeout:
                self._follow()
                return
            try:
                self.rebuild()
            finally:
                self._file_lock.release()

    def rebuild(self) -> None:
        """Build what is not of the catalog's generation anew; only for the process that holds the lock."""
        with self._lock:
            generation = self._catalog.generation
            if self._vectors.generation != generation:
                self._rebuild_vectors(generation)
                self.save()
            if self._lexical.generation != generation:
                self._rebuild_lexical(generation)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the library's lock against other processes.

        Raises:
            LibraryError: another process has held it for ``_PATIENCE`` seconds.
        """
        try:
            self._file_lock.acquire(timeout=_PATIENCE)
        except Timeout as error:
            raise LibraryError(
                f"{self._folder}: another process is changing this library. Wait for it to finish, then try again."
            ) from error
        try:
            self.refresh()
            self._writing = True
            yield
        finally:
            self._writing = False
            self._file_lock.release()

    def _follow(self) -> None:
        """Catch up in memory while another process writes: nothing on disk is touched."""
        self._lexical.reload()
        generation = self._catalog.generation
        if self._vectors.generation != generation:
            self._rebuild_vectors(generation)
            self._saved = generation  # the writer saves its own

    def update(
        self, added: Sequence[tuple[int, Passage]], vectors: FloatArray, gone: Sequence[int], generation: int
    ) -> None:
        """Add passages with their vectors ``[n, dimension]`` and remove keys.

        ``generation`` is the catalog's after the same change.
        """
        with self._lock:
            self._vectors.remove(gone)
            self._vectors.add([key for key, _ in added], vectors)
            self._vectors.generation = generation
            dates = self._catalog.dates() if added else {}
            self._lexical.update([_entry(key, passage, dates) for key, passage in added], gone, generation)

    def save(self) -> None:
        """Write the vector index when it has changed; the lexical index writes itself.

        A vector index that has outgrown its cells is then made anew in the background (``compact``).
        """
        with self._lock:
            self._write()
            busy = self._compacting is not None and self._compacting.is_alive()
            if self._vectors.wants_rebuild and not busy:
                self._compacting = threading.Thread(target=self.compact, name="yinju-compact", daemon=True)
                self._compacting.start()

    def close(self) -> None:
        """Wait for what runs in the background and write what has changed."""
        if self._compacting is not None:
            self._compacting.join()
        with self._lock:
            self._write()

    def _write(self) -> None:
        if self._saved != self._vectors.generation:
            self._vectors.save(self._folder / VECTORS)
            self._saved = self._vectors.generation

    def compact(self) -> None:
        """Make the vector index anew from the catalog while searches and changes go on, then put it in place.

        What changed meanwhile is taken over from the old one. It is written with the next ``save`` or at the end; a
        process that is killed before has lost nothing, as the old one is right too.
        """
        import numpy as np

        fresh = self._new_vectors(self._vectors.generation)
        with self._lock:
            present, made = self._vectors.ids(), fresh.ids()
            fresh.remove(np.setdiff1d(made, present))
            for keys, rows in self._embeddings_of(np.setdiff1d(present, made)):
                fresh.add(keys, rows)
            fresh.generation = self._vectors.generation
            self._vectors = fresh
            self._saved = -1

    def _embeddings_of(self, keys: NDArray[np.int64]) -> Iterator[tuple[list[int], FloatArray]]:
        import numpy as np

        for first in range(0, len(keys), 4096):
            found = self._catalog.embeddings(keys[first : first + 4096].tolist())
            if found:
                yield list(found), np.stack(list(found.values()))

    def dense(self, vector: FloatArray, k: int, filters: Filters | None = None) -> list[tuple[int, float]]:
        """Return the ``k`` nearest (key, cosine similarity) of a query vector ``[dimension]``, best first.

        Only passages that meet ``filters`` take part in the search.
        """
        return self._vectors.search(vector, k, self._allowed(filters) if filters else None)

    def lexical(self, question: str, k: int, filters: Filters | None = None) -> list[tuple[int, float]]:
        """Return the ``k`` best (key, BM25 score) among the passages that meet ``filters``, best first."""
        return self._lexical.search(question, k, filters=filters)

    def weights(self, question: str) -> dict[str, float]:
        """Return the terms of a question with what each is worth in this library."""
        return self._lexical.weights(question)

    def _allowed(self, filters: Filters) -> NDArray[np.int64]:
        """The keys that meet ``filters``; those of the last filters are kept, as questions come in a row."""
        import numpy as np

        wanted = (self._lexical.generation, filters)
        last = self._filtered
        if last is None or last[0] != wanted:
            last = (wanted, np.array(self._lexical.allowed(filters), dtype=np.int64))
            self._filtered = last
        return last[1]

    def _load_vectors(self) -> VectorIndex:
        from embeddings import VectorIndex
        from embeddings.errors import IndexFileError

        try:
            return VectorIndex.load(self._folder / VECTORS, self._encoder, self._dimension)
        except IndexFileError:
            return VectorIndex(self._dimension, self._encoder, generation=-1)

    def _rebuild_vectors(self, generation: int) -> None:
        self._vectors = self._new_vectors(generation)

    def _new_vectors(self, generation: int) -> VectorIndex:
        """An index of all embeddings in the catalog, its cells trained on as many as there are."""
        from embeddings import VectorIndex

        index = VectorIndex(self._dimension, self._encoder, generation, expected=self._catalog.count())
        for keys, _, vectors in self._catalog.every_passage():
            index.add(keys, vectors)
        return index

    def _rebuild_lexical(self, generation: int) -> None:
        dates = self._catalog.dates()
        rows = (
            _entry(key, passage, dates)
            for keys, passages, _ in self._catalog.every_passage()
            for key, passage in zip(keys, passages, strict=True)
        )
        self._lexical.rebuild(rows, generation)


def _entry(key: int, passage: Passage, dates: Mapping[str, str]) -> Entry:
    """A passage for the lexical index; one without a date has its document's."""
    date = passage.date or dates.get(passage.document)
    return Entry(key, passage.text, passage.title, date, passage.document)
