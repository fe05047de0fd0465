"""Articles that go on in another document: the pages of one issue that were added as files of their own.

A （下转第四版） in one file and the （上接第一版） in another of the same paper and day are linked. Each document
keeps its own raw text and spans; the link is what the two have in common. Kept in the library's SQLite file
through connections of its own.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from rag.catalog import Catalog
from rag.records import Article, Passage

_SCHEMA = """
CREATE TABLE IF NOT EXISTS continuations (
    document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE, article INTEGER NOT NULL,
    next_document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE, next_article INTEGER NOT NULL,
    PRIMARY KEY (document, article), UNIQUE (next_document, next_article)) WITHOUT ROWID
"""
_PASSAGE = "id, document, article, text, start, stop, title, page, date"

_Pair = tuple[tuple[str, int], tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Continuation:
    """Article ``article`` of a document goes on in (or, with ``comes`` set, comes from) article ``other_article``
    of document ``other``, which stands at ``path``, on the page printed ``page``.
    """

    article: int
    other: str
    other_article: int
    path: str
    page: int | None
    title: str | None
    comes: bool = False


class Continuations:
    """The links of one library. Safe to use from several threads and processes."""

    def __init__(self, catalog: Path) -> None:
        """Use the library file ``catalog``, which must exist."""
        self._path = catalog
        with self._connected() as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'continuations'").fetchone():
                db.execute(_SCHEMA)

    def of(self, document: str) -> list[Continuation]:
        """Where articles of a document go on and where they come from, in order of article."""
        query = (
            "SELECT c.{a}, c.{b}document, c.{b}article, path, page, articles.title FROM continuations c "
            "JOIN documents ON documents.id = c.{b}document "
            "JOIN articles ON articles.document = c.{b}document AND articles.number = c.{b}article WHERE c.{d} = ?"
        )
        onward = query.format(a="article", b="next_", d="document")
        back = query.replace("{b}", "").format(a="next_article", d="next_document")
        with self._connected() as db:
            found = [Continuation(*row) for row in db.execute(onward, (document,))]
            found += [replace(Continuation(*row), comes=True) for row in db.execute(back, (document,))]
        return sorted(found, key=lambda one: (one.article, not one.comes))

    def neighbours(self, passage: Passage) -> list[Passage]:
        """The passage that ends the piece before, or begins the next piece, when ``passage`` stands at the seam."""
        with self._connected() as db:
            edges = db.execute(
                "SELECT number = (SELECT max(number) FROM passages q WHERE q.document = p.document AND "
                "q.article = p.article), number = (SELECT min(number) FROM passages q WHERE "
                "q.document = p.document AND q.article = p.article) FROM passages p WHERE id = ?",
                (passage.id,),
            ).fetchone() or (0, 0)
            here = (passage.document, passage.article)
            found: list[Passage] = []
            for at_edge, there, end in ((edges[1], "previous", "DESC"), (edges[0], "next", "ASC")):
                if not at_edge:
                    continue
                side = (
                    "SELECT next_document, next_article FROM continuations WHERE document = ? AND article = ?"
                    if there == "next"
                    else "SELECT document, article FROM continuations WHERE next_document = ? AND next_article = ?"
                )
                for other in db.execute(side, here).fetchall():
                    rows = db.execute(
                        f"SELECT {_PASSAGE} FROM passages WHERE document = ? AND article = ? "
                        f"ORDER BY number {end} LIMIT 1",
                        other,
                    )
                    found.extend(Passage(*row) for row in rows)
        return found

    def headed(self, passages: Iterable[Passage]) -> list[Passage]:
        """The passages, those of the rest of an article with the headline that it has in the document it began in."""
        return [one if one.title else replace(one, title=self._headline(one.document, one.article)) for one in passages]

    def _headline(self, document: str, article: int) -> str | None:
        seen: set[tuple[str, int]] = set()
        title: str | None = None
        with self._connected() as db:
            here: tuple[str, int] | None = (document, article)
            while here and not title and here not in seen:
                seen.add(here)
                here = db.execute(
                    "SELECT document, article FROM continuations WHERE next_document = ? AND next_article = ?", here
                ).fetchone()
                if here:
                    (title,) = db.execute(
                        "SELECT title FROM articles WHERE document = ? AND number = ?", here
                    ).fetchone() or (None,)
        return title

    def issues(self, dates: Iterable[str]) -> Iterator[list[str]]:
        """The documents with open jumps of each issue of these dates: one paper, one day.

        A file whose paper is not printed on it belongs to the issue that its folder's other files belong to.
        """
        for date in sorted(set(dates)):
            with self._connected() as db:
                rows = db.execute(
                    "SELECT id, path, pages FROM documents WHERE date = ? AND EXISTS (SELECT 1 FROM articles "
                    "WHERE document = documents.id AND (jump_from IS NOT NULL OR jump_to IS NOT NULL)) ORDER BY path",
                    (date,),
                ).fetchall()
            papers = {
                i: next((page["paper"] for page in json.loads(pages) if page.get("paper")), None)
                for i, _, pages in rows
            }
            folders: dict[str, set[str]] = defaultdict(set)
            for i, path, _ in rows:
                if papers[i]:
                    folders[str(PurePath(path).parent)].add(papers[i] or "")
            issues: dict[str, list[str]] = defaultdict(list)
            for i, path, _ in rows:
                folder = str(PurePath(path).parent)
                known = folders[folder]
                issues[papers[i] or (next(iter(known)) if len(known) == 1 else f"in {folder}")].append(i)
            yield from (issue for issue in issues.values() if len(issue) > 1)

    def replace(self, documents: Iterable[str], pairs: Iterable[_Pair]) -> None:
        """Make ``pairs`` the links of these documents: (document, article) goes on in (document, article)."""
        with self._connected() as db:
            db.execute("BEGIN IMMEDIATE")
            for document in documents:
                db.execute("DELETE FROM continuations WHERE document = ? OR next_document = ?", (document, document))
            db.executemany("INSERT OR REPLACE INTO continuations VALUES (?, ?, ?, ?)", [(*a, *b) for a, b in pairs])
            db.execute("COMMIT")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as db:
            db.execute("PRAGMA foreign_keys = ON")
            yield db


def link(continuations: Continuations, catalog: Catalog, dates: Iterable[str]) -> None:
    """Find out anew which articles of these days' issues go on in another document."""
    from rag.newspaper import links

    for issue in continuations.issues(dates):
        numbers: dict[str, list[int]] = {}
        pieces: dict[str, list[Article]] = {}
        for document in issue:
            open_ones = [
                (number, article)
                for number, article in enumerate(catalog.articles(document))
                if article.jump_from is not None or article.jump_to is not None
            ]
            numbers[document] = [number for number, _ in open_ones]
            pieces[document] = [article for _, article in open_ones]
        continuations.replace(
            issue,
            [
                (
                    (here.document, numbers[here.document][here.article]),
                    (there.document, numbers[there.document][there.article]),
                )
                for here, there in links(pieces)
            ],
        )
