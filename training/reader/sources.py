"""Reading the data sets: gzip JSON Lines, and which question sets train the reader.

Knows nothing of features or models. The held-out tenth of CMRC 2018 is chosen here, by document.
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


def load_questions(data: Path, name: str) -> list[Row]:
    """One question set of ``data/qa``, e.g. ``cmrc2018.zh.train``; unusable rows are left out.

    CMRC takes part names: ``cmrc2018.zh.train:train`` and ``…:held`` are the nine tenths and the tenth.
    """
    stem, _, part = name.partition(":")
    rows = []
    for record in read_rows(data / "qa" / f"{stem}.jsonl.gz"):
        if part and held_out(record["context"]) != (part == "held"):
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
