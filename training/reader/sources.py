"""Reading the data sets: gzip JSON Lines, and which question sets train the reader.

Knows nothing of features or models. Which documents are held out of training is chosen here: a tenth of CMRC 2018
for the figures, and of CMRC and JaQuAD those on which the choice among spans is learned (`training.reader.ranker`).
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One question over one context. ``start`` is None when the context does not answer it."""

    id: str
    source: str
    language: str
    title: str
    context: str
    question: str
    answers: tuple[str, ...]
    start: int | None


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a gzip JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf8") as lines:
        for line in lines:
            yield json.loads(line)


def held_out(context: str) -> bool:
    """Whether a CMRC document belongs to the held-out tenth (by a hash of its text)."""
    return hashlib.sha256(context.encode("utf8")).digest()[0] < 26


def ranked(context: str) -> bool:
    """Whether a training document is kept for learning the choice among spans: three in ten, by a hash of its text."""
    return hashlib.sha256(context.encode("utf8")).digest()[1] < 77


def part_of(stem: str, context: str) -> set[str]:
    """The parts that a document of a question set belongs to, of ``held``, ``train``, ``learn`` and ``rank``.

    ``train`` is all but the tenth ``held`` of CMRC, and falls into ``learn`` and ``rank``.
    """
    if stem.startswith("cmrc") and held_out(context):
        return {"held"}
    return {"train", "rank" if ranked(context) else "learn"}


def load_questions(data: Path, name: str) -> list[Row]:
    """One question set of ``data/qa``, e.g. ``cmrc2018.zh.train``; unusable rows are left out.

    A part may follow, e.g. ``cmrc2018.zh.train:held`` (`part_of`).
    """
    stem, _, part = name.partition(":")
    rows = []
    for record in read_rows(data / "qa" / f"{stem}.jsonl.gz"):
        if part and part not in part_of(stem, record["context"]):
            continue
        start = record["start"] if record["answerable"] else None
        if record["answerable"] and (start is None or not record["answers"]):
            continue
        rows.append(
            Row(
                id=str(record["id"]),
                source=stem,
                language=record["lang"],
                title=record["title"],
                context=record["context"],
                question=record["question"].strip(),
                answers=tuple(record["answers"]),
                start=start,
            )
        )
    return rows
