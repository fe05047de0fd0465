"""A library: the two straight lines from end to end.

    a document:  file → loading → newspaper → splitting → encoder → catalog → indexes
    a question:  question → conversing → retrieving → reading → citing → rendering → reply

This is the only module that knows all stages. Models are loaded when first needed.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.catalog import Catalog
from rag.errors import InputError, InternalError, LibraryError, LoadError, MissingExtraError
from rag.indexing import Indexes
from rag.records import AddReport, Article, Document, Failure, Hit, Page, Passage, RawDocument, Reply, Turn
from rag.settings import BUILTIN, Settings

if TYPE_CHECKING:
    from embeddings import Encoder
    from rag.catalog import FloatArray
    from rag.reading import Reader

CATALOG = "library.sqlite"
SETTINGS = "settings.json"
_INDEX_EVERY = 2000  # passages added between two commits of the indexes

Progress = Callable[[int, int, str], None]


class Library:
    """Documents one can ask. Open with ``Library.open``; safe to use from several threads."""

    def __init__(self, folder: Path, settings: Settings, encoder: Encoder) -> None:
        """Use ``Library.open`` instead."""
        self.folder = folder
        self.settings = settings
        self._encoder = encoder
        self._reader: Reader | None = None
        self._loading = threading.Lock()
        self._adding = threading.Lock()
        self._catalog = Catalog(folder / CATALOG, encoder.identity)
        if self._catalog.encoder != encoder.identity:
            made = self._catalog.encoder
            self._catalog.close()
            raise LibraryError(
                f"{folder}: its passages were embedded with {made}, but the encoder set is {encoder.identity}. "
                f"Embed them again with: yinju reindex --library {folder}"
            )
        self._indexes = Indexes(folder, self._catalog, encoder.identity, encoder.dimension)

    @classmethod
    def open(cls, folder: str | os.PathLike[str], settings: Settings | None = None) -> Library:
        """Open the library in ``folder``, created when absent.

        Args:
            folder: where the library is kept.
            settings: replaces the settings stored in the folder for this process.

        Raises:
            LibraryError: the folder cannot be used as a library, or was embedded with another encoder.
            SettingsError: a stored setting cannot be used.
        """
        path = Path(folder).expanduser()
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(f"{path}: cannot be used as a library folder ({error.strerror}).") from error
        chosen = settings or Settings.load(path / SETTINGS)
        return cls(path, chosen, _load_encoder(chosen.encoder))

    # ── a document's line ────────────────────────────────────────────────────────────────────────────

    def add(
        self,
        paths: Sequence[str | os.PathLike[str]] | str | os.PathLike[str],
        progress: Progress | None = None,
    ) -> AddReport:
        """Add files and folders; unchanged files are skipped, changed ones replaced.

        What the report names as added is on disk: it survives a crash of the process or the machine.

        Args:
            paths: files and folders.
            progress: called before each file with (files done, files in all, path).

        Raises:
            InputError: a path does not exist. A file that cannot be read is reported, not raised.
        """
        from rag.loading import discover

        given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
        files = list(dict.fromkeys(path.absolute() for path in discover(given)))
        done: dict[str, list[str]] = {"added": [], "replaced": [], "skipped": []}
        failed: list[Failure] = []
        stored = 0
        with self._writing():
            batch = _Batch(self._catalog, self._indexes, self._encoder)
            try:
                for i, path in enumerate(files):
                    if progress is not None:
                        progress(i, len(files), str(path))
                    try:
                        outcome, count = self._add_file(path, batch)
                    except (LoadError, MissingExtraError) as error:
                        failed.append(Failure(str(path), str(error)))
                        continue
                    except (MemoryError, ValueError, InternalError) as error:  # one file never loses the others
                        failed.append(Failure(str(path), f"{path}: our fault, please report it: {error}"))
                        continue
                    done[outcome].append(str(path))
                    stored += count
            finally:
                batch.flush()
                self._indexes.save()
        if progress is not None and files:
            progress(len(files), len(files), "")
        return AddReport(tuple(done["added"]), tuple(done["replaced"]), tuple(done["skipped"]), tuple(failed), stored)

    def remove(self, identifier: str) -> Document:
        """Remove a document by its id (a unique beginning of it is enough); return what was removed.

        Raises:
            LibraryError: there is no such document.
        """
        import numpy as np

        document = self._catalog.document(identifier)
        with self._writing():
            gone = self._catalog.remove(document.id)
            nothing = np.zeros((0, self._encoder.dimension), dtype=np.float32)
            self._indexes.update([], nothing, gone, self._catalog.generation)
            self._indexes.save()
        return document

    def documents(self) -> list[Document]:
        """Return the documents in order of path, without their text."""
        return self._catalog.documents()

    def document(self, identifier: str) -> Document:
        """Return one document with its raw text.

        Raises:
            LibraryError: no document, or more than one, has an id that begins so.
        """
        return self._catalog.document(identifier)

    def articles(self, identifier: str) -> list[Article]:
        """Return a document's articles as restored.

        Raises:
            LibraryError: there is no such document.
        """
        return self._catalog.articles(self._catalog.document(identifier).id)

    def pages(self, identifier: str) -> tuple[Page, ...]:
        """Return a document's pages: the paper, date and number printed on each, where known.

        Raises:
            LibraryError: there is no such document.
        """
        return self._catalog.pages(self._catalog.document(identifier).id)

    def __len__(self) -> int:
        """Return the number of passages that can be found."""
        return self._catalog.count()

    # ── a question's line ────────────────────────────────────────────────────────────────────────────

    def search(self, question: str, k: int = 10) -> list[Hit]:
        """Return the ``k`` passages that fit ``question`` best.

        Raises:
            InputError: the question is empty or ``k`` is under 1.
        """
        from rag.retrieving import Fusion, retrieve

        text = _clean(question)
        if k < 1:
            raise InputError(f"k = {k}: ask for at least one passage.")
        self._indexes.refresh()
        return retrieve(
            text,
            k,
            lambda query, depth: self._indexes.dense(self._encoder.encode_queries([query])[0], depth),
            self._indexes.lexical,
            self._catalog.passages,
            Fusion(self.settings.dense_weight, self.settings.depth),
        )

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Reply:
        """Answer a question from the documents, with citations, or abstain.

        Args:
            question: in any language.
            history: the finished exchanges of this conversation, oldest first.

        Raises:
            InputError: the question is empty.
        """
        *_, last = self.stream(question, history)
        return last

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Reply]:
        """Yield the reply as it grows: the passages found first, then the answer. The last is complete.

        Raises:
            InputError: the question is empty.
        """
        from rag.answering import answer_steps
        from rag.conversing import standalone

        asked = _clean(question)
        yield from answer_steps(
            question=standalone(asked, history),
            search=lambda text: self.search(text, self.settings.passages),
            neighbours=self._catalog.neighbours,
            document=self._catalog.document,
            reader=self.reader,
            settings=self.settings,
        )

    def reader(self) -> Reader:
        """Return the reader, loaded on first use (seconds); call it early to warm up."""
        with self._loading:
            if self._reader is None:
                from rag.reading import load_reader

                self._reader = load_reader(self.settings.reader, _token_vectors(self._encoder))
            return self._reader

    def close(self) -> None:
        """Close the files; the library cannot be used afterwards."""
        self._indexes.save()
        self._catalog.close()

    def __enter__(self) -> Library:
        """Use the library in a ``with`` statement; it is closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the right to change this library: one thread of one process at a time."""
        with self._adding, self._indexes.writing():
            yield

    def _add_file(self, path: Path, batch: _Batch) -> tuple[str, int]:
        from rag.loading import load, read_bytes

        data = read_bytes(path)
        identifier = hashlib.sha256(data).hexdigest()[:16]
        known = self._catalog.paths()
        if known.get(str(path)) == identifier:
            return "skipped", 0
        other = next((p for p, i in known.items() if i == identifier), None)
        if other is not None:
            if not Path(other).exists():
                self._catalog.move(identifier, str(path))
            return "skipped", 0
        raw = load(path, data)
        articles, passages, raw = _restored(raw, identifier)
        batch.put(identifier, raw, articles, passages)
        return ("replaced" if str(path) in known else "added"), len(passages)


def reindex(folder: str | os.PathLike[str]) -> int:
    """Embed all passages of a library again with the encoder its settings name; return how many.

    Raises:
        LibraryError: there is no library in ``folder``.
    """
    path = Path(folder).expanduser()
    if not (path / CATALOG).exists():
        raise LibraryError(f"{path}: no library there.")
    encoder = _load_encoder(Settings.load(path / SETTINGS).encoder)
    catalog = Catalog(path / CATALOG, encoder.identity)
    try:
        catalog.reembed(
            encoder.identity,
            (
                (keys, encoder.encode_passages([_searchable(passage) for passage in passages]))
                for keys, passages, _ in catalog.every_passage()
            ),
        )
        return catalog.count()
    finally:
        catalog.close()


class _Batch:
    """Stores each document at once, and the index changes of many together."""

    def __init__(self, catalog: Catalog, indexes: Indexes, encoder: Encoder) -> None:
        self._catalog, self._indexes, self._encoder = catalog, indexes, encoder
        self._expected = catalog.generation
        self._clear()

    def put(self, identifier: str, raw: RawDocument, articles: Sequence[Article], passages: Sequence[Passage]) -> None:
        """Store a document; when this returns it is on disk."""
        vectors = self._encoder.encode_passages([_searchable(passage) for passage in passages])
        keys, gone = self._catalog.put(identifier, raw, articles, passages, vectors)
        self._expected += 1
        self._added.update(zip(keys, zip(passages, vectors, strict=True), strict=True))
        for key in gone:
            self._added.pop(key, None)
        self._gone.extend(gone)
        if len(self._added) >= _INDEX_EVERY:
            self.flush()

    def flush(self) -> None:
        """Bring the indexes up to date."""
        import numpy as np

        if self._catalog.generation != self._expected:
            self._indexes.refresh()  # another process changed the catalog too
        elif self._added or self._gone:
            vectors = np.zeros((len(self._added), self._encoder.dimension), dtype=np.float32)
            for i, (_, vector) in enumerate(self._added.values()):
                vectors[i] = vector
            added = [(key, passage) for key, (passage, _) in self._added.items()]
            self._indexes.update(added, vectors, self._gone, self._expected)
        self._expected = self._catalog.generation
        self._clear()

    def _clear(self) -> None:
        self._added: dict[int, tuple[Passage, FloatArray]] = {}
        self._gone: list[int] = []


def _restored(raw: RawDocument, identifier: str) -> tuple[list[Article], list[Passage], RawDocument]:
    """Restore the articles of a raw document and split them into passages.

    Articles without a date take the one printed on the page, else the document's own.
    """
    from rag.newspaper import restore_page
    from rag.splitting import passages

    restored = restore_page(raw.text)
    printed = next((page.date for page in restored.pages if page.date), None)
    date = raw.date or printed
    articles = [replace(article, date=article.date or date) for article in restored.articles]
    found: list[Passage] = []
    for number, article in enumerate(articles):
        found.extend(passages(article, raw.text, identifier, number, len(found)))
    return articles, found, replace(raw, date=date, pages=raw.pages or restored.pages)


def _searchable(passage: Passage) -> str:
    """Return what the encoder sees of a passage: its headline, then its text."""
    return f"{passage.title}\n{passage.text}" if passage.title else passage.text


def _load_encoder(name: str) -> Encoder:
    from embeddings import load_encoder
    from embeddings.errors import EncoderError

    try:
        return load_encoder(name)
    except EncoderError as error:
        raise LibraryError(str(error)) from error


def _token_vectors(encoder: Encoder) -> Encoder:
    """Return the encoder whose token vectors the reader was trained with: the built-in one."""
    return encoder if encoder.identity.startswith(f"{BUILTIN}@") else _load_encoder(BUILTIN)


def _clean(question: str) -> str:
    """Return the question without what cannot be stored or searched.

    Raises:
        InputError: nothing is left of it.
    """
    text = question.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ").strip()
    if not text:
        raise InputError("The question is empty. Type a question about your documents.")
    return text
