"""Several networks that point together: their scores are averaged at every step.

A score is a dot product of a query and a key, so the mean of the members' scores is one dot product of their
queries and keys laid end to end: a committee is used as one network is, and what decodes need not know. Trained
apart, members err apart (Hansen and Salamon, 1990). Knows networks and their files, not text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.reading.network import CopyNetwork, Encoded, Floats, read_weights

# The word table is the same for all and is kept with the first member.
SHARED = ("word_codes", "word_scale")
SCALE = ".scale"
SMALL = 4096  # values; matrices with fewer are not worth narrowing


@dataclass(frozen=True, slots=True)
class JointlyEncoded(Encoded):
    """One table as all members encoded it: keys ``[n, members × width]``, and each member's own."""

    parts: tuple[Encoded, ...]


class Committee:
    """Networks over the same table that decide by the mean of their scores.

    Args:
        members: at least one; all with the word table of the first.
    """

    def __init__(self, members: Sequence[CopyNetwork]) -> None:
        self.members = tuple(members)
        self.word_codes = self.members[0].word_codes
        self.word_scale = self.members[0].word_scale

    @classmethod
    def load(cls, folder: Path) -> Committee:
        """Read ``model.safetensors`` and, beside it, ``member-2.safetensors`` and so on.

        Raises:
            OSError: a file is missing.
            ValueError: a file is damaged.
            KeyError: a weight is missing.
        """
        first = CopyNetwork.load(folder)
        shared = {name: getattr(first, name) for name in SHARED}
        others = [{**shared, **widened(read_weights(path))} for path in member_files(folder)]
        return cls([first, *(CopyNetwork(first.config, weights) for weights in others)])

    def encode(self, rows: NDArray[np.uint16]) -> JointlyEncoded:
        """Encode the rows ``[n, columns]`` of one table with every member."""
        parts = tuple(member.encode(rows) for member in self.members)
        share = np.float32(1 / len(parts))
        return JointlyEncoded(
            np.concatenate([part.states for part in parts], axis=-1),
            np.concatenate([part.sentence * share for part in parts], axis=-1),
            np.concatenate([part.first * share for part in parts], axis=-1),
            np.concatenate([part.last * share for part in parts], axis=-1),
            (),
            parts,
        )

    def step(self, encoded: JointlyEncoded, paths: NDArray[np.int64]) -> Floats:
        """Return the queries ``[paths, members × width]`` of the next step of each path (`CopyNetwork.step`)."""
        queries = [member.step(part, paths) for member, part in zip(self.members, encoded.parts, strict=True)]
        return np.concatenate(queries, axis=-1)

    def opinions(self, encoded: JointlyEncoded, query: Floats) -> list[Floats]:
        """Return each member's own scores ``[n]`` of all rows as the sentence pointed at.

        Args:
            encoded: the table.
            query: the query ``[members × width]`` of the first step.
        """
        queries = np.split(query, len(self.members))
        return [part.sentence @ own for part, own in zip(encoded.parts, queries, strict=True)]

    def lengths(self) -> Floats:
        """Return the mean score of an answer by its length alone."""
        result: Floats = np.mean([member.lengths() for member in self.members], axis=0)
        return result


def member_files(folder: Path) -> list[Path]:
    """The files of the members after the first, in order."""
    return sorted(folder.glob("member-*.safetensors"))


def save_members(networks: Sequence[Mapping[str, NDArray[Any]]], folder: Path) -> None:
    """Write the members after the first: their weights but the word table, matrices `narrowed`."""
    from safetensors.numpy import save_file

    for path in member_files(folder):
        path.unlink()
    for number, weights in enumerate(networks, 2):
        kept = {name: array for name, array in weights.items() if name not in SHARED}
        save_file(narrowed(kept), folder / f"member-{number}.safetensors")


def narrowed(weights: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return the weights at a fourth of their size: large matrices as int8 with a scale for each row.

    Other floats become float16. `widened` is the way back, to within half a step of each row's scale.
    """
    made = {}
    for name, array in weights.items():
        if array.ndim == 2 and array.size >= SMALL and array.dtype == np.float32:
            scale = np.abs(array).max(axis=1, keepdims=True) / 127 + 1e-12
            made[name] = np.round(array / scale).astype(np.int8)
            made[name + SCALE] = scale.astype(np.float32)
        else:
            made[name] = array.astype(np.float16) if array.dtype == np.float32 else array
    return made


def widened(weights: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return the weights that `narrowed` was given."""
    return {
        name: array.astype(np.float32) * weights[name + SCALE] if name + SCALE in weights else array
        for name, array in weights.items()
        if not name.endswith(SCALE)
    }
