"""A library: the two straight lines from end to end.

    a document:  file → loading → newspaper → splitting → encoder → catalog → indexes
    a question:  question → conversing → retrieving → reading → citing → rendering → reply

This is the only module that knows all stages. Models are loaded when first needed.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.catalog import Catalog
from rag.continuations import Continuation, Continuations
from rag.errors import InputError, LibraryError
from rag.filters import Filters
from rag.indexing import Indexes
from rag.models import token_vectors, without_garbage_collection
from rag.records import AddReport, Article, Document, Hit, Page, Passage, RawDocument, Reply, Turn
from rag.settings import Settings

if TYPE_CHECKING:
    from embeddings import Encoder
    from rag.reading import Reader

CATALOG = "library.sqlite"
SETTINGS = "settings.json"
LONGEST_QUESTION = 2000  # characters
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
        self._continuations = Continuations(folder / CATALOG)
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
        return cls(path, chosen, _load_encoder(chosen))

    # ── a document's line ────────────────────────────────────────────────────────────────────────────

    def add(
        self,
        paths: Sequence[str | os.PathLike[str]] | str | os.PathLike[str],
        progress: Progress | None = None,
        processes: int | None = None,
    ) -> AddReport:
        """Add files and folders; unchanged files are skipped, changed ones replaced.

        What the report names as added is on disk: it survives a crash of the process or the machine. Stopped
        half-way, the same call again goes on where it was.

        Args:
            paths: files and folders.
            progress: called before each file with (files done, files in all, path).
            processes: how many processes read files side by side; 0 for none but this one, None for as many
                as are worth starting.

        Raises:
            InputError: a path does not exist. A file that cannot be read is reported, not raised.
        """
        from rag.adding import Adding, plan
        from rag.continuations import link
        from rag.loading import discover
        from rag.workers import Workers

        given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
        roots = [Path(path).absolute() for path in given]
        total, count = plan(discover(roots), processes)
        with self._writing(), Workers(count, self.settings.passage_characters) as workers:
            adding = Adding(self._catalog, self._indexes, self._encoder, workers)
            try:
                adding.files(discover(roots), total, progress)
            finally:
                adding.flush()
                link(self._continuations, self._catalog, adding.dates)
                self._indexes.save()
        return adding.report()

    def remove(self, identifier: str) -> Document:
        """Remove a document by its id (a unique beginning of it is enough); return what was removed.

        Raises:
            LibraryError: there is no such document.
        """
        return self.remove_all([identifier])[0]

    def remove_all(self, identifiers: Sequence[str]) -> list[Document]:
        """Remove documents by their ids; return what was removed.

        Raises:
            LibraryError: there is no such document; none is removed then.
        """
        import numpy as np

        documents = [self._catalog.document(identifier) for identifier in identifiers]
        with self._writing():
            gone = [key for document in documents for key in self._catalog.remove(document.id)]
            nothing = np.zeros((0, self._encoder.dimension), dtype=np.float32)
            self._indexes.update([], nothing, gone, self._catalog.generation)
            self._indexes.save()
        return documents

    def reindex(self) -> int:
        """Embed all passages again and build both indexes anew; return how many passages there are.

        Questions are answered meanwhile, from what was indexed before.
        """
        from rag.adding import searchable

        with self._writing():
            batches = [  # made before the transaction, so that nobody else's writing waits for the encoder
                (keys, self._encoder.encode_passages([searchable(passage) for passage in passages]))
                for keys, passages, _ in self._catalog.every_passage()
            ]
            self._catalog.reembed(self._encoder.identity, batches)
            self._indexes.rebuild()
            return self._catalog.count()

    def continuations(self, identifier: str) -> list[Continuation]:
        """Return where articles of a document go on in, or come from, other documents of the same issue.

        Raises:
            LibraryError: there is no such document.
        """
        return self._continuations.of(self._catalog.document(identifier).id)

    def documents(self) -> list[Document]:
        """Return the documents in order of path, without their text."""
        return self._catalog.documents()

    def papers(self) -> dict[str, str]:
        """Return the paper printed on every document that names one, by the document's id."""
        return self._catalog.papers()

    def headlines(self) -> dict[str, list[str]]:
        """Return the headlines of every document that has any, by the document's id."""
        return self._catalog.headlines()

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

    def page_picture(self, identifier: str, start: int, end: int) -> bytes | None:
        """Return the page of a document with the span ``[start, end)`` boxed, as PNG; None when it has no pictures.

        Raises:
            LoadError: the source file is gone or cannot be drawn.
            LibraryError: there is no such document.
        """
        from rag.loading.pdf import page_picture

        document = self._catalog.document(identifier)
        boxes = self._catalog.boxes(document.id)
        if boxes is None:
            return None
        pages = self._catalog.pages(document.id)
        raw = RawDocument(document.path, document.text, document.title, document.date, pages, boxes)
        return page_picture(Path(document.path), raw, start, end)

    def __len__(self) -> int:
        """Return the number of passages that can be found."""
        return self._catalog.count()

    # ── a question's line ────────────────────────────────────────────────────────────────────────────

    def search(self, question: str, k: int = 10, *, filters: Filters | None = None, explain: bool = False) -> list[Hit]:
        """Return the ``k`` passages that fit ``question`` best.

        Args:
            question: in any language.
            k: how many passages at the most.
            filters: what every passage must meet; applied inside the search, so that ``k`` are still found.
            explain: also name the terms that each passage shares with the question (``Hit.shared``).

        Raises:
            InputError: the question is empty or ``k`` is under 1.
            LibraryError: the filters name a document that is not there.
        """
        from rag.explaining import explained
        from rag.reranking import Reranking, rerank
        from rag.retrieving import Fusion, retrieve
        from rag.splitting import sentences

        text = _clean(question)
        chosen = self._resolved(filters)
        if k < 1:
            raise InputError(f"k = {k}: ask for at least one passage.")
        self._indexes.refresh()
        vector = self._encoder.encode_queries([text])[0]
        reranking = Reranking()
        hits = retrieve(
            text,
            max(k, reranking.depth),
            lambda _, depth: self._indexes.dense(vector, depth, chosen),
            lambda asked, depth: self._indexes.lexical(asked, depth, chosen),
            lambda _, keys: {key: float(row @ vector) for key, row in self._catalog.embeddings(keys).items()},
            self._catalog.passages,
            Fusion(self.settings.dense_weight, self.settings.depth),
        )
        spans = [sentences(hit.passage.text) for hit in hits[: reranking.depth]]
        hits = rerank(text, hits, spans, token_vectors(self._encoder), self._indexes.weights(text), reranking)[:k]
        passages = self._continuations.headed(hit.passage for hit in hits)
        hits = [replace(hit, passage=passage) for hit, passage in zip(hits, passages, strict=True)]
        return explained(hits, text) if explain else hits

    def _resolved(self, filters: Filters | None) -> Filters | None:
        """Filters with documents named in full; None when nothing is restricted."""
        if not filters:
            return None
        return replace(filters, documents=tuple(self._catalog.document(given).id for given in filters.documents))

    def answer(self, question: str, history: Sequence[Turn] = (), *, filters: Filters | None = None) -> Reply:
        """Answer a question from the documents, with citations, or abstain.

        Args:
            question: in any language.
            history: the finished exchanges of this conversation, oldest first.
            filters: what every passage must meet that the answer is read from.

        Raises:
            InputError: the question is empty.
            LibraryError: the filters name a document that is not there.
        """
        *_, last = self.stream(question, history, filters=filters)
        return last

    def stream(self, question: str, history: Sequence[Turn] = (), *, filters: Filters | None = None) -> Iterator[Reply]:
        """Yield the reply as it grows: the passages found first, then the answer. The last is complete.

        Raises:
            InputError: the question is empty.
        """
        from rag.answering import answer_steps
        from rag.conversing import standalone

        asked = _clean(question)
        yield from answer_steps(
            question=standalone(asked, history),
            search=lambda text: self.search(text, self.settings.passages, filters=filters),
            neighbours=lambda passage: self._neighbours(passage, self._resolved(filters)),
            document=self._catalog.document,
            reader=self.reader,
            settings=self.settings,
        )

    def reader(self) -> Reader:
        """Return the reader, loaded on first use (seconds); call it early to warm up."""
        with self._loading:
            if self._reader is None:
                from rag.reading import load_reader

                with without_garbage_collection():
                    self._reader = load_reader(self.settings.reader, token_vectors(self._encoder))
            return self._reader

    @property
    def models(self) -> dict[str, str]:
        """The identities (name and hash of the weights) of the encoder and the reader in use; loads the reader."""
        return {"encoder": self._encoder.identity, "reader": self.reader().identity}

    def close(self) -> None:
        """Close the files; the library cannot be used afterwards."""
        self._indexes.close()
        self._catalog.close()

    def __enter__(self) -> Library:
        """Use the library in a ``with`` statement; it is closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _neighbours(self, passage: Passage, filters: Filters | None) -> list[Passage]:
        """The passages around one in its article, on the pages of other documents too where these are not left out."""
        near = self._continuations.headed(
            [*self._catalog.neighbours(passage), *self._continuations.neighbours(passage)]
        )
        return [one for one in near if filters is None or not filters.documents or one.document in filters.documents]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the right to change this library: one thread of one process at a time."""
        with self._adding, self._indexes.writing():
            yield


def reindex(folder: str | os.PathLike[str]) -> int:
    """Embed all passages of a library again with the encoder its settings name; return how many.

    Raises:
        LibraryError: there is no library in ``folder``.
    """
    from rag.adding import searchable

    path = Path(folder).expanduser()
    if not (path / CATALOG).exists():
        raise LibraryError(f"{path}: no library there.")
    encoder = _load_encoder(Settings.load(path / SETTINGS))
    catalog = Catalog(path / CATALOG, encoder.identity)
    try:
        catalog.reembed(
            encoder.identity,
            (
                (keys, encoder.encode_passages([searchable(passage) for passage in passages]))
                for keys, passages, _ in catalog.every_passage()
            ),
        )
        return catalog.count()
    finally:
        catalog.close()


def _load_encoder(chosen: Settings) -> Encoder:
    from embeddings.encoder import EncoderOptions, load_encoder
    from embeddings.errors import EncoderError

    options = EncoderOptions(
        chosen.encoder_dimension, chosen.encoder_length, chosen.query_prompt, chosen.passage_prompt
    )
    try:
        return load_encoder(chosen.encoder, options)
    except EncoderError as error:
        raise LibraryError(str(error)) from error


def _clean(question: str) -> str:
    """Return the question without what cannot be stored or searched.

    Raises:
        InputError: nothing is left of it, or it is longer than a question.
    """
    text = question.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ").strip()
    if not text:
        raise InputError("The question is empty. Type a question about your documents.")
    if len(text) > LONGEST_QUESTION:
        raise InputError(
            f"The question has {len(text):,} characters; at most {LONGEST_QUESTION:,} are read. Shorten it."
        )
    return text
