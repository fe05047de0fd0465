"""The reader's own vocabulary: words and word pieces as numbers, and how rare a word is.

A word outside the vocabulary is known by its pieces: the characters of a Han word, the hashed beginning
and end of any other. Knows nothing of questions or models.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.reading.units import TAG_INDEX, TAGS, Units

PIECES = 4
HASHED = 3072
STATIC_COLUMNS = 3 + PIECES
TAG_COLUMN = STATIC_COLUMNS - 2
RARITIES = 16

# Tags whose words carry no meaning of their own: particles, prepositions, conjunctions, pronouns, marks.
_EMPTY = (
    "u uj ul uz ug ud uv p c y e o x k r hiragana comma stop question colon dash open-quote close-quote "
    "open-title close-title open-bracket close-bracket symbol none question-mark sentence-mark"
)
_EMPTY_TAGS = frozenset(TAG_INDEX[tag] for tag in _EMPTY.split())
_FREQUENT = 90
_NUMBER_TAGS = frozenset(
    TAG_INDEX[tag] for tag in ("digit-1", "digit-2", "digit-3", "digit-4", "year", "digits", "decimal")
)


class Vocabulary:
    """Words by falling frequency; 0 stands for a word that is not among them.

    Args:
        words: the words, most frequent first.
        pieces: single characters that have a row of their own in the piece table.
    """

    def __init__(self, words: Sequence[str], pieces: Sequence[str]) -> None:
        self.words = tuple(words)
        self.pieces = tuple(pieces)
        self._word_index = {word: index for index, word in enumerate(self.words, 1)}
        self._piece_index = {piece: index for index, piece in enumerate(self.pieces, 1)}
        self._scale = (RARITIES - 1) / math.log2(len(self.words) + 2)

    @property
    def piece_rows(self) -> int:
        """Rows of the piece table: nothing, the characters, the hashed beginnings and ends."""
        return 1 + len(self.pieces) + HASHED

    def word_index(self, word: str) -> int:
        """Return the row of ``word`` in the word table, 0 when it is not in the vocabulary."""
        return self._word_index.get(word, 0)

    def columns(self, units: Units) -> NDArray[np.uint16]:
        """Return uint16 ``[n, 7]``: word, four pieces, tag, rarity (0 frequent … 15 rare)."""
        rows = [self._row(word, tag) for word, tag in zip(units.words, units.tags, strict=True)]
        return np.array(rows, dtype=np.uint16).reshape(len(rows), STATIC_COLUMNS)

    def weight(self, word: str, tag: int) -> float:
        """Return what a match of ``word`` is worth, from 0 (an empty word) to 1 (a rare one)."""
        index = self._word_index.get(word, 0)
        if tag in _EMPTY_TAGS or (0 < index <= _FREQUENT and tag not in _NUMBER_TAGS):
            return 0.0
        return self._rarity(index) / (RARITIES - 1)

    def save(self, path: Path) -> None:
        """Write the vocabulary as JSON."""
        record = {"format": 1, "tags": TAGS, "words": self.words, "pieces": "".join(self.pieces)}
        path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf8")

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read what `save` wrote; ValueError when it was made for other tags or another format."""
        record = json.loads(path.read_text(encoding="utf8"))
        if record.get("format") != 1 or tuple(record["tags"]) != TAGS:
            raise ValueError(f"{path}: made for another version of the reader")
        return cls(record["words"], record["pieces"])

    def _rarity(self, index: int) -> int:
        return RARITIES - 1 if index == 0 else int(math.log2(index + 1) * self._scale)

    def _row(self, word: str, tag: int) -> tuple[int, ...]:
        index = self._word_index.get(word, 0)
        if word[:1] in self._piece_index:
            pieces = [self._piece_index.get(character, 0) for character in word[:PIECES]]
        elif len(word) > 1:
            pieces = [
                self._hash(f"{len(word[:8])}"),
                self._hash(f"^{word[:3]}"),
                self._hash(f"{word[-3:]}$"),
                self._hash(word),
            ]
        else:
            pieces = [self._hash(word)]
        return (index, *pieces, *(0,) * (PIECES - len(pieces)), tag, self._rarity(index))

    def _hash(self, piece: str) -> int:
        return 1 + len(self.pieces) + zlib.crc32(piece.encode("utf8")) % HASHED
