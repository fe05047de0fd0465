"""The library's one truth: documents, articles, passages, embeddings and conversations in SQLite.

Everything else on disk is derived from here and carries this catalog's *generation*, which grows with every change
of the passages. Knows nothing of search. Safe from several threads (a connection each) and processes (write-ahead log).
"""

from __future__ import annotations

import datetime
import json
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import LibraryError
from rag.records import Article, Document, Page, Paragraph, Passage, RawDocument
from rag.schema import SCHEMA, SCHEMA_VERSION

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float32]

_PASSAGE = "id, document, article, text, start, stop, title, page, date"


class Catalog:
    """The SQLite store of one library folder. ``encoder`` is the identity its embeddings were made with."""

    def __init__(self, path: Path, encoder: str) -> None:
        """Open the catalog at ``path``, creating it when absent.

        Raises:
            LibraryError: the file is not a Yinju catalog, is of a newer version, or was embedded with
                another encoder.
        """
        self._path = path
        self._local = threading.local()
        self._write = threading.RLock()
        self._closed = False
        try:
            self._prepare(encoder)
        except sqlite3.DatabaseError as error:
            raise LibraryError(
                f"{path}: this is not a usable Yinju library ({error}). Restore it from a backup, or name another "
                "folder with --library."
            ) from error

    @property
    def generation(self) -> int:
        """The number of changes of the passages so far; derived indexes carry it."""
        return int(self._meta("generation"))

    @property
    def encoder(self) -> str:
        """The identity of the encoder that made the embeddings."""
        return self._meta("encoder")

    def put(
        self,
        identifier: str,
        raw: RawDocument,
        articles: Sequence[Article],
        passages: Sequence[Passage],
        embeddings: FloatArray,
    ) -> tuple[list[int], list[int]]:
        """Store one document; see ``put_all``."""
        return self.put_all([(identifier, raw, articles, passages, embeddings)])[0]

    def put_all(
        self, documents: Sequence[tuple[str, RawDocument, Sequence[Article], Sequence[Passage], FloatArray]]
    ) -> list[tuple[list[int], list[int]]]:
        """Store documents in one transaction, each replacing what stood at its path.

        Args:
            documents: for each its id, raw text, articles and passages in order, and the embeddings of
                these, float32 ``[len(passages), dimension]``.

        Returns:
            For each the keys of the passages now stored, and of those that were removed with the old version.
        """
        done = []
        with self._transaction() as db:
            for identifier, raw, articles, passages, embeddings in documents:
                old = db.execute("SELECT id FROM documents WHERE path = ? OR id = ?", (raw.path, identifier)).fetchall()
                gone = [key for (document,) in old for key in self._delete(db, document)]
                row = (identifier, raw.path, raw.title, raw.date, raw.text, _pages_json(raw.pages), _now())
                boxes = None if raw.boxes is None else zlib.compress(raw.boxes, 6)
                db.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, boxes))
                for number, article in enumerate(articles):
                    _insert_article(db, identifier, number, article)
                keys = [
                    _insert_passage(db, number, passage, embeddings[number]) for number, passage in enumerate(passages)
                ]
                self._advance(db)
                done.append((keys, gone))
        return done

    def remove(self, identifier: str) -> list[int]:
        """Remove a document; return the keys of its passages.

        Raises:
            LibraryError: there is no such document.
        """
        with self._transaction() as db:
            if db.execute("SELECT 1 FROM documents WHERE id = ?", (identifier,)).fetchone() is None:
                raise LibraryError(f"No document {identifier!r} in this library. See the ids with: yinju list")
            gone = self._delete(db, identifier)
            self._advance(db)
        return gone

    def move(self, identifier: str, path: str) -> None:
        """Record that a document's file now stands at ``path``."""
        with self._transaction() as db:
            db.execute("UPDATE documents SET path = ? WHERE id = ?", (path, identifier))

    def documents(self) -> list[Document]:
        """Return all documents, in order of path, their raw text left empty (see ``document``)."""
        rows = self._db.execute(
            "SELECT id, path, title, date, added, (SELECT count(*) FROM passages WHERE document = documents.id) "
            "FROM documents ORDER BY path"
        )
        return [
            Document(id=i, path=path, title=title, date=date, text="", added=added, passages=count)
            for i, path, title, date, added, count in rows
        ]

    def papers(self) -> dict[str, str]:
        """Return the first paper printed on a page of every document that has one, by id."""
        return dict(
            self._db.execute(
                "SELECT documents.id, json_extract(page.value, '$.paper') FROM documents, json_each(pages) AS page "
                "WHERE json_extract(page.value, '$.paper') IS NOT NULL ORDER BY page.key DESC"
            )
        )

    def headlines(self) -> dict[str, list[str]]:
        """Return the headlines of every document that has any, by id, in the order of its articles."""
        found: dict[str, list[str]] = {}
        for document, title in self._db.execute(
            "SELECT document, title FROM articles WHERE title IS NOT NULL ORDER BY document, number"
        ):
            found.setdefault(document, []).append(title)
        return found

    def dates(self) -> dict[str, str]:
        """Return the date of every document that has one, by id."""
        return dict(self._db.execute("SELECT id, date FROM documents WHERE date IS NOT NULL"))

    def identifier_at(self, path: str) -> str | None:
        """Return the id of the document stored for ``path``."""
        row = self._db.execute("SELECT id FROM documents WHERE path = ?", (path,)).fetchone()
        return row[0] if row else None

    def path_of(self, identifier: str) -> str | None:
        """Return the path of the document with exactly this id."""
        row = self._db.execute("SELECT path FROM documents WHERE id = ?", (identifier,)).fetchone()
        return row[0] if row else None

    def under(self, folder: str) -> list[tuple[str, str]]:
        """Return (id, path) of the documents whose path begins with ``folder`` and a slash."""
        query = "SELECT id, path FROM documents WHERE substr(path, 1, length(?1)) = ?1"
        return self._db.execute(query, (f"{folder}/",)).fetchall()

    def document(self, identifier: str) -> Document:
        """Return one document with its raw text; the id may be shortened while it stays unique.

        Raises:
            LibraryError: no document or several have this id.
        """
        rows = self._db.execute(
            "SELECT id, path, title, date, text, added, "
            "(SELECT count(*) FROM passages WHERE document = documents.id) FROM documents "
            "WHERE substr(id, 1, length(?)) = ? LIMIT 2",
            (identifier, identifier),
        ).fetchall()
        if not identifier or len(rows) != 1:
            state = "No" if not rows or not identifier else "More than one"
            raise LibraryError(f"{state} document {identifier!r} in this library. See the ids with: yinju list")
        i, path, title, date, text, added, count = rows[0]
        return Document(id=i, path=path, title=title, date=date, text=text, added=added, passages=count)

    def pages(self, identifier: str) -> tuple[Page, ...]:
        """Return the pages recorded for a document."""
        row = self._db.execute("SELECT pages FROM documents WHERE id = ?", (identifier,)).fetchone()
        return tuple(Page(**page) for page in json.loads(row[0])) if row else ()

    def boxes(self, identifier: str) -> bytes | None:
        """Return the character boxes of a document that has page images (see ``RawDocument.boxes``)."""
        row = self._db.execute("SELECT boxes FROM documents WHERE id = ?", (identifier,)).fetchone()
        return zlib.decompress(row[0]) if row and row[0] is not None else None

    def articles(self, identifier: str) -> list[Article]:
        """Return a document's articles with their paragraphs, in order."""
        paragraphs: dict[int, list[Paragraph]] = {}
        for article, kind, text, start, stop in self._db.execute(
            "SELECT article, kind, text, start, stop FROM paragraphs WHERE document = ? ORDER BY article, number",
            (identifier,),
        ):
            paragraphs.setdefault(article, []).append(Paragraph(text, start, stop, kind))
        rows = self._db.execute(
            "SELECT number, title, byline, page, date, jump_from, jump_to FROM articles WHERE document = ? "
            "ORDER BY number",
            (identifier,),
        )
        return [
            Article(title, tuple(paragraphs.get(number, ())), byline, page, date, jump_from, jump_to)
            for number, title, byline, page, date, jump_from, jump_to in rows
        ]

    def passages(self, keys: Iterable[int]) -> dict[int, tuple[Passage, str]]:
        """Return the passage and its document's path for each key that still exists."""
        found: dict[int, tuple[Passage, str]] = {}
        columns = ", ".join(f"passages.{name}" for name in _PASSAGE.split(", "))
        for batch in _batches(list(keys)):
            marks = ",".join("?" * len(batch))
            for key, path, *row in self._db.execute(
                f"SELECT key, path, {columns} FROM passages JOIN documents ON documents.id = passages.document "
                f"WHERE key IN ({marks})",
                batch,
            ):
                found[key] = (Passage(*row), path)
        return found

    def embeddings(self, keys: Sequence[int]) -> dict[int, FloatArray]:
        """Return the embedding, float32 ``[dimension]``, for each key that still exists."""
        import numpy as np

        found: dict[int, FloatArray] = {}
        for batch in _batches(list(keys)):
            marks = ",".join("?" * len(batch))
            for key, blob in self._db.execute(f"SELECT key, embedding FROM passages WHERE key IN ({marks})", batch):
                found[key] = np.frombuffer(blob, dtype="<f4")
        return found

    def neighbours(self, passage: Passage, reach: int = 1) -> list[Passage]:
        """Return the passages of the same article up to ``reach`` before and after, in order, without it."""
        rows = self._db.execute(
            f"SELECT {_PASSAGE} FROM passages WHERE document = ? AND article = ? AND id != ? AND abs(number - "
            "(SELECT number FROM passages WHERE id = ?)) <= ? ORDER BY number",
            (passage.document, passage.article, passage.id, passage.id, reach),
        )
        return [Passage(*row) for row in rows]

    def every_passage(self, batch: int = 4096) -> Iterator[tuple[list[int], list[Passage], FloatArray]]:
        """Yield all passages in key order as (keys, passages, embeddings float32 ``[n, dimension]``)."""
        import numpy as np

        last = 0
        while rows := self._db.execute(
            f"SELECT key, embedding, {_PASSAGE} FROM passages WHERE key > ? ORDER BY key LIMIT ?",
            (last, batch),
        ).fetchall():
            last = rows[-1][0]
            vectors = np.stack([np.frombuffer(row[1], dtype="<f4") for row in rows]).astype(np.float32)
            yield [row[0] for row in rows], [Passage(*row[2:]) for row in rows], vectors

    def count(self) -> int:
        """Return the number of passages."""
        return int(self._db.execute("SELECT count(*) FROM passages").fetchone()[0])

    def reembed(self, encoder: str, batches: Iterable[tuple[Sequence[int], FloatArray]]) -> None:
        """Replace all embeddings in one transaction and record the encoder that made them."""
        with self._transaction() as db:
            for keys, vectors in batches:
                blobs = [vector.astype("<f4").tobytes() for vector in vectors]
                db.executemany("UPDATE passages SET embedding = ? WHERE key = ?", zip(blobs, keys, strict=True))
            db.execute("UPDATE meta SET value = ? WHERE key = 'encoder'", (encoder,))
            self._advance(db)

    def close(self) -> None:
        """Close the catalog for good; what another thread reads from right now closes when it lets go."""
        self._closed = True
        self._local = threading.local()  # held the connections; closing one in use would bring the process down

    @property
    def _db(self) -> sqlite3.Connection:
        if self._closed:
            raise sqlite3.ProgrammingError("Cannot operate on a closed database.")
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # what add has reported survives a power cut
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
        return connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._write:
            db = self._db
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    def _prepare(self, encoder: str) -> None:
        with self._transaction() as db:
            fresh = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
            if fresh:
                for statement in filter(str.strip, SCHEMA.split(";")):
                    db.execute(statement)
                meta = {"schema": str(SCHEMA_VERSION), "generation": "0", "encoder": encoder}
                db.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        version = int(self._meta("schema"))
        if version != SCHEMA_VERSION:
            raise LibraryError(
                f"{self._path}: made by another version of Yinju (format {version}, this one reads {SCHEMA_VERSION}). "
                "Use that version, or add the files to a new library."
            )

    def _meta(self, key: str) -> str:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise sqlite3.DatabaseError(f"no {key} recorded")
        return str(row[0])

    def _advance(self, db: sqlite3.Connection) -> None:
        db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")

    def _delete(self, db: sqlite3.Connection, document: str) -> list[int]:
        keys = [key for (key,) in db.execute("SELECT key FROM passages WHERE document = ?", (document,))]
        db.execute("DELETE FROM documents WHERE id = ?", (document,))
        return keys


def _insert_article(db: sqlite3.Connection, document: str, number: int, article: Article) -> None:
    db.execute(
        "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            document,
            number,
            article.title,
            article.byline,
            article.page,
            article.date,
            article.jump_from,
            article.jump_to,
        ),
    )
    db.executemany(
        "INSERT INTO paragraphs VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(document, number, i, p.kind, p.text, p.start, p.end) for i, p in enumerate(article.paragraphs)],
    )


def _insert_passage(db: sqlite3.Connection, number: int, passage: Passage, embedding: FloatArray) -> int:
    cursor = db.execute(
        f"INSERT INTO passages (number, embedding, {_PASSAGE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            embedding.astype("<f4").tobytes(),
            passage.id,
            passage.document,
            passage.article,
            passage.text,
            passage.start,
            passage.end,
            passage.title,
            passage.page,
            passage.date,
        ),
    )
    return int(cursor.lastrowid or 0)


def _pages_json(pages: Sequence[Page]) -> str:
    return json.dumps([asdict(page) for page in pages], ensure_ascii=False)


def _batches(keys: list[int], size: int = 500) -> Iterator[list[int]]:
    for i in range(0, len(keys), size):
        yield keys[i : i + size]


def _now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
