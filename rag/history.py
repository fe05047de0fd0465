"""Conversations and feedback, kept in the library so that they outlive the page and the process.

A message is stored with its whole reply, so that its citations are still there, and still right, after a
restart. Uses the tables of the library's SQLite file through connections of its own; knows nothing of
passages, models or pages. Safe to use from several threads and processes.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.errors import LibraryError
from rag.records import Citation, Hit, Passage, Reply

REPLY_FORMAT = 1
VERDICTS = ("right", "wrong_answer", "wrong_source")
_TITLE_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Message:
    """One question as typed and its reply. ``number`` counts from 1 within its conversation."""

    number: int
    question: str
    reply: Reply
    created: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation as listed: ``messages`` is how many there are, times are ISO in UTC."""

    id: int
    title: str
    created: str
    updated: str
    messages: int


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thought of one reply: ``verdict`` is one of ``VERDICTS``."""

    question: str
    verdict: str
    reply: Reply
    created: str


class History:
    """The conversations of one library. ``owner`` keeps the conversations of several users apart."""

    def __init__(self, catalog: Path) -> None:
        """Use the tables in the library file ``catalog``, which must exist."""
        self._path = catalog
        with self._changing() as db:
            columns = {row[1] for row in db.execute("PRAGMA table_info(conversations)")}
            if "owner" not in columns:
                db.execute("ALTER TABLE conversations ADD COLUMN owner TEXT NOT NULL DEFAULT ''")

    def append(self, conversation: int | None, question: str, reply: Reply, owner: str = "") -> tuple[int, Message]:
        """Store an exchange, in a new conversation when ``conversation`` is None or was deleted meanwhile.

        Returns:
            The conversation's id and the message as stored.
        """
        now = _now()
        with self._changing() as db:
            known = db.execute(
                "SELECT id FROM conversations WHERE id = ? AND owner = ?", (conversation, owner)
            ).fetchone()
            if known is None:
                title = " ".join(question.split())[:_TITLE_CHARACTERS]
                cursor = db.execute(
                    "INSERT INTO conversations (title, created, updated, owner) VALUES (?, ?, ?, ?)",
                    (title, now, now, owner),
                )
                conversation = int(cursor.lastrowid or 0)
            (number,) = db.execute(
                "SELECT coalesce(max(number), 0) + 1 FROM messages WHERE conversation = ?", (conversation,)
            ).fetchone()
            db.execute(
                "INSERT INTO messages VALUES (?, ?, ?, ?, ?)",
                (conversation, number, question, reply_to_json(reply), now),
            )
            db.execute("UPDATE conversations SET updated = ? WHERE id = ?", (now, conversation))
        assert conversation is not None
        return conversation, Message(number, question, reply, now)

    def truncate(self, conversation: int, number: int, owner: str = "") -> None:
        """Drop message ``number`` and those after it."""
        with self._changing() as db:
            db.execute(
                "DELETE FROM messages WHERE number >= ? AND conversation IN "
                "(SELECT id FROM conversations WHERE id = ? AND owner = ?)",
                (number, conversation, owner),
            )

    def conversations(self, owner: str = "") -> list[Conversation]:
        """Return the conversations that hold a message, the last used first."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT id, title, conversations.created, updated, count(*) FROM conversations "
                "JOIN messages ON conversation = id WHERE owner = ? GROUP BY id ORDER BY updated DESC, id DESC",
                (owner,),
            ).fetchall()
        return [Conversation(*row) for row in rows]

    def conversation(self, identifier: int, owner: str = "") -> Conversation | None:
        """Return one conversation, None when there is none of this owner."""
        return next((found for found in self.conversations(owner) if found.id == identifier), None)

    def messages(self, conversation: int, owner: str = "") -> list[Message]:
        """Return the messages of a conversation in order; none when it does not exist."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT number, question, reply, messages.created FROM messages "
                "JOIN conversations ON id = conversation WHERE id = ? AND owner = ? ORDER BY number",
                (conversation, owner),
            ).fetchall()
        return [Message(number, question, reply_from_json(reply), made) for number, question, reply, made in rows]

    def rename(self, conversation: int, title: str, owner: str = "") -> None:
        """Give a conversation another title; an empty one is refused.

        Raises:
            LibraryError: the title is empty.
        """
        cleaned = " ".join(title.split())[:_TITLE_CHARACTERS]
        if not cleaned:
            raise LibraryError("A conversation needs a title. Type one and rename again.")
        with self._changing() as db:
            db.execute("UPDATE conversations SET title = ? WHERE id = ? AND owner = ?", (cleaned, conversation, owner))

    def delete(self, conversation: int, owner: str = "") -> None:
        """Delete a conversation with its messages; nothing happens when it does not exist."""
        with self._changing() as db:
            db.execute("DELETE FROM conversations WHERE id = ? AND owner = ?", (conversation, owner))

    def judge(self, question: str, verdict: str, reply: Reply) -> None:
        """Store what a reader thought of a reply; a later verdict on the same reply replaces the earlier.

        Raises:
            LibraryError: the verdict is not one of ``VERDICTS``.
        """
        if verdict not in VERDICTS:
            raise LibraryError(f"No verdict {verdict!r}. There are: {', '.join(VERDICTS)}")
        stored = reply_to_json(reply)
        with self._changing() as db:
            db.execute("DELETE FROM feedback WHERE question = ? AND reply = ?", (question, stored))
            db.execute(
                "INSERT INTO feedback (question, verdict, reply, created) VALUES (?, ?, ?, ?)",
                (question, verdict, stored, _now()),
            )

    def verdicts(self, messages: Sequence[Message]) -> dict[int, str]:
        """Return the verdicts on ``messages`` by their place; one without a verdict is left out."""
        found = {}
        with self._reading() as db:
            for place, message in enumerate(messages):
                row = db.execute(
                    "SELECT verdict FROM feedback WHERE question = ? AND reply = ?",
                    (message.question, reply_to_json(message.reply)),
                ).fetchone()
                if row:
                    found[place] = str(row[0])
        return found

    def feedback(self) -> list[Feedback]:
        """Return all verdicts in the order in which they were given."""
        with self._reading() as db:
            rows = db.execute("SELECT question, verdict, reply, created FROM feedback ORDER BY id").fetchall()
        return [Feedback(question, verdict, reply_from_json(reply), made) for question, verdict, reply, made in rows]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as db:
            db.execute("PRAGMA foreign_keys = ON")
            yield db

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")


def reply_to_json(reply: Reply) -> str:
    """Return a reply as one JSON object with a format version."""
    return json.dumps({"format": REPLY_FORMAT, **asdict(reply)}, ensure_ascii=False)


def reply_from_json(text: str) -> Reply:
    """Return the reply that ``reply_to_json`` wrote.

    Raises:
        LibraryError: it was written by a newer version.
    """
    values: dict[str, Any] = json.loads(text)
    if values.pop("format", None) != REPLY_FORMAT:
        raise LibraryError("This conversation was stored by another version of Yinju. Use that version to read it.")
    values["citations"] = tuple(Citation(**citation) for citation in values["citations"])
    values["hits"] = tuple(_hit(hit) for hit in values["hits"])
    return Reply(**values)


def _hit(values: dict[str, Any]) -> Hit:
    passage = Passage(**values["passage"])
    return Hit(**{**values, "passage": passage, "shared": tuple(values.get("shared", ()))})


def _now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
