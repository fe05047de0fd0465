"""Training examples packed into flat arrays, so that the training loop does no text work.

One shard holds many examples: all rows in one uint16 array, the rest in short arrays. Knows tables and
labels, not text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.reading.features import Table
from rag.reading.vocabulary import STATIC_COLUMNS

RANK_COLUMN = STATIC_COLUMNS + 4


@dataclass(frozen=True, slots=True)
class Label:
    """Where the answer stands: sentence in the evidence, first and last unit in it; sentence -1 for none."""

    sentence: int
    first: int = -1
    last: int = -1


@dataclass(frozen=True, slots=True)
class Example:
    """One table with its label."""

    table: Table
    label: Label


@dataclass(frozen=True, slots=True)
class Piece:
    """One unpacked example: ``gold`` is (place in ``marks``, first row, last row), ``end`` its sentence's end."""

    rows: np.ndarray
    marks: np.ndarray
    gold: tuple[int, int, int]
    end: int


@dataclass(frozen=True, slots=True)
class Shard:
    """Packed examples: example ``i`` has rows ``offsets[i]:offsets[i + 1]``.

    ``marks`` is int16 ``[examples, most marks]`` filled up with -1, ``gold`` int16 ``[examples, 3]``
    (place in ``marks``, first and last row; -1 for none), ``ends`` int16 ``[examples]`` (where the gold
    sentence ends).
    """

    rows: np.ndarray
    offsets: np.ndarray
    marks: np.ndarray
    gold: np.ndarray
    ends: np.ndarray

    def __len__(self) -> int:
        return len(self.gold)


def locate(table: Table, sentence: int, start: int, end: int) -> Label | None:
    """The label for characters ``[start, end)`` of a sentence; None when the table cut them off."""
    units = [number for number, (a, b) in enumerate(table.spans[sentence]) if a < end and start < b]
    if not units or end > table.spans[sentence][-1][1]:
        return None
    return Label(sentence, units[0], units[-1])


def pack(examples: Sequence[Example]) -> Shard:
    """Pack examples into one shard."""
    most = max(len(example.table.marks) for example in examples)
    marks = np.full((len(examples), most), -1, dtype=np.int16)
    gold = np.full((len(examples), 3), -1, dtype=np.int16)
    ends = np.zeros(len(examples), dtype=np.int16)
    for number, example in enumerate(examples):
        table, label = example.table, example.label
        marks[number, : len(table.marks)] = table.marks
        gold[number, 0] = label.sentence + 1
        if label.sentence >= 0:
            first = table.firsts[label.sentence]
            gold[number, 1:] = first + label.first, first + label.last
            ends[number] = table.lasts[label.sentence]
    lengths = [len(example.table.rows) for example in examples]
    return Shard(
        np.concatenate([example.table.rows for example in examples]),
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        marks,
        gold,
        ends,
    )


def save(shard: Shard, path: Path) -> None:
    """Write a shard as one .npz, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part.npz")
    np.savez(temporary, rows=shard.rows, offsets=shard.offsets, marks=shard.marks, gold=shard.gold, ends=shard.ends)
    temporary.replace(path)


def load(path: Path) -> Shard:
    """Read a shard."""
    data = np.load(path)
    return Shard(data["rows"], data["offsets"], data["marks"], data["gold"], data["ends"])


def unpack(shard: Shard, number: int) -> Piece:
    """Example ``number`` of a shard."""
    marks = shard.marks[number]
    place, first, last = (int(x) for x in shard.gold[number])
    return Piece(
        shard.rows[shard.offsets[number] : shard.offsets[number + 1]],
        marks[marks >= 0].astype(np.int64),
        (place, first, last),
        int(shard.ends[number]),
    )


def shorten(piece: Piece, most: int, chance: np.random.Generator) -> Piece:
    """Drop whole sentences, never the gold one and rather the worse ranked, until ``most`` rows are left.

    Shorter examples train faster, and every pass sees other company for the answer.
    """
    if len(piece.rows) <= most:
        return piece
    starts = piece.marks[1:]
    ends = np.append(starts[1:], len(piece.rows))
    rank = piece.rows[starts, RANK_COLUMN] + chance.random(len(starts)) * 4
    if piece.gold[0] > 0:
        rank[piece.gold[0] - 1] = -1
    room = most - int(starts[0])
    kept = []
    for sentence in np.argsort(rank):
        size = int(ends[sentence] - starts[sentence])
        if not kept or size <= room:
            kept.append(int(sentence))
            room -= size
    kept.sort()
    index = np.concatenate([np.arange(starts[0]), *(np.arange(starts[s], ends[s]) for s in kept)])
    shifted = np.concatenate([[0], np.cumsum([ends[s] - starts[s] for s in kept])])[:-1] + starts[0]
    marks = np.concatenate([piece.marks[:1], shifted])
    if piece.gold[0] == 0:
        return Piece(piece.rows[index], marks, piece.gold, piece.end)
    place = kept.index(piece.gold[0] - 1)
    move = int(shifted[place] - starts[piece.gold[0] - 1])
    return Piece(
        piece.rows[index],
        marks,
        (place + 1, piece.gold[1] + move, piece.gold[2] + move),
        piece.end + move,
    )
