"""What the question maker reads and writes: articles, answer candidates, question rows.

A span is half-open, ``[start, end)``, in characters of one sentence. This module knows nothing of
languages or of how a question is worded.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

Kind = Literal["who", "when", "where", "how_many", "how_much", "which", "what", "why", "how", "list"]
KINDS: tuple[Kind, ...] = (
    "who",
    "when",
    "where",
    "how_many",
    "how_much",
    "which",
    "what",
    "why",
    "how",
    "list",
)
Trap = Literal["", "swapped", "removed", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Article:
    """One source article, cleaned and split. ``id`` is stable for a given source file."""

    id: str
    language: str
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a sentence: ``sentence[start:end] == word``; ``flag`` is its part of speech."""

    word: str
    flag: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that could answer a question.

    ``role`` says what stands there (``date``, ``person``, ``money``, …) and picks the question forms;
    ``unit`` is the measure word of a number or the head noun of a list; ``about`` is, for clause answers
    (why, how, a speech), the span of the sentence the question is made of.
    """

    start: int
    end: int
    kind: Kind
    role: str
    unit: str = ""
    about: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One training row.

    ``sentences[index][start:end]`` is the answer; ``index`` is -1 and the span empty when the evidence
    does not say. ``trap`` says how an unanswerable row was made: ``swapped`` (an entity, number, date or
    direction in the question was exchanged), ``removed`` (right article, the answering sentence is
    missing), ``elsewhere`` (a question about another article). ``language`` is the question's language,
    ``source`` that of the evidence.
    """

    question: str
    sentences: tuple[str, ...]
    index: int
    start: int
    end: int
    kind: Kind
    answerable: bool
    language: str
    source: str
    article: str
    trap: Trap = ""

    @property
    def answer(self) -> str:
        """The answer's text, empty when there is none."""
        return self.sentences[self.index][self.start : self.end] if self.answerable else ""

    def without_answer(self, sentences: tuple[str, ...], trap: Trap, question: str = "") -> Question:
        """The row as one that ``sentences`` do not answer."""
        return replace(
            self,
            question=question or self.question,
            sentences=sentences,
            index=-1,
            start=0,
            end=0,
            answerable=False,
            trap=trap,
        )


def write_questions(rows: Iterable[Question], path: Path) -> int:
    """Write rows as gzip JSON Lines, atomically; return how many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    count = 0
    with (
        partial.open("wb") as binary,
        gzip.GzipFile(filename="", mode="wb", fileobj=binary, compresslevel=5, mtime=0) as stream,
    ):
        for row in rows:
            stream.write((json.dumps(asdict(row), ensure_ascii=False) + "\n").encode("utf-8"))
            count += 1
    partial.replace(path)
    return count


def read_questions(path: Path) -> Iterator[Question]:
    """Read rows written by :func:`write_questions`."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            record["sentences"] = tuple(record["sentences"])
            yield Question(**record)
