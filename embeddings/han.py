"""The Unigram model over runs of Han characters: the best cut of many runs at once, in numpy.

Knows characters, scores and ids; nothing of texts or of other scripts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WORD_LENGTHS = (2, 3, 4)  # of Han characters


def is_han(character: str) -> bool:
    """Whether a normalised character counts as Han."""
    return character in "々〇" or "\u3400" <= character <= "\u4dbf" or "\u4e00" <= character <= "\u9fff"


def single_ids(vocabulary: Sequence[tuple[str, float]]) -> NDArray[np.int32]:
    """The id of each character as a piece by itself, int32 ``[65536]``, 0 where there is none."""
    import numpy as np

    ids = np.zeros(0x10000, dtype=np.int32)
    for i, (piece, _) in enumerate(vocabulary):
        if len(piece) == 1 and ord(piece) < 0x10000:
            ids[ord(piece)] = i
    return ids


class HanPieces:
    """The Unigram model over Han characters: the best cut of many runs at once (Viterbi)."""

    def __init__(self, vocabulary: Sequence[tuple[str, float]]) -> None:
        import numpy as np

        self._single = single_ids(vocabulary)
        scores = np.array([score for _, score in vocabulary])
        self._scores = scores
        self._single_scores = np.where(self._single > 0, scores[self._single], scores.min() - 10.0)
        # pieces of n characters as the pair (what the first n - 1 are, the last one): node numbers grow with n
        nodes: dict[str, int] = {}
        self._keys: list[NDArray[np.int64]] = []
        self._ids: list[NDArray[np.int32]] = []
        words = {
            piece: i
            for i, (piece, _) in enumerate(vocabulary)
            if len(piece) in _WORD_LENGTHS and all(map(is_han, piece))
        }
        for length in _WORD_LENGTHS:
            beginnings = sorted({word[:length] for word in words if len(word) >= length})
            keys = np.array(
                [((ord(b[0]) if length == 2 else nodes[b[:-1]]) << 16) | ord(b[-1]) for b in beginnings],
                dtype=np.int64,
            )
            order = np.argsort(keys)
            nodes.update((beginnings[at], number) for number, at in enumerate(order.tolist()))
            self._keys.append(keys[order])
            self._ids.append(np.array([words.get(beginnings[at], 0) for at in order.tolist()], dtype=np.int32))
        self._maybe = np.zeros(1 << 20, dtype=bool)  # which pairs of characters may begin a word
        self._maybe[_mixed(self._keys[0])] = True

    def place(
        self,
        characters: NDArray[np.uint16],
        starts: NDArray[np.int64],
        sizes: NDArray[np.int64],
        slots: NDArray[np.int32],
    ) -> None:
        """Write the ids of the runs into ``slots``, each at twice the position of its first character.

        All arrays inside are ordered by the place in the run, then by the run, long runs first: the runs that
        still go on at a place are a slice.
        """
        import numpy as np

        if not len(starts):
            return
        order = np.argsort(-sizes, kind="stable")
        starts, sizes = starts[order], sizes[order]
        places = _within(sizes).astype(np.uint8)
        by_place = np.argsort(places, kind="stable")
        at = (np.repeat(starts, sizes) + places)[by_place]  # position of each character
        left = (np.repeat(sizes, sizes) - places)[by_place]  # characters from here to the end of the run
        going = np.bincount(places)  # runs that have a character at this place
        first = np.cumsum(going) - going  # where the characters of this place begin
        pieces = self._pieces(characters, at, left)
        bounds = {
            length: np.searchsorted(pieces[length].begins, [*first, len(at)]).tolist() for length in _WORD_LENGTHS
        }
        single = self._single_scores[characters[at]]
        best = np.zeros((len(going) + 1, len(starts)))
        back = np.ones(len(at), dtype=np.uint8)  # by the last character: length of the piece that ends there
        for end, count in enumerate(going.tolist(), start=1):
            here = first[end - 1]
            top = np.add(single[here : here + count], best[end - 1, :count], out=best[end, :count])
            chosen = back[here : here + count]
            for length in _WORD_LENGTHS[: end - 1]:  # the longer of two as good
                place = end - length
                these = slice(bounds[length][place], bounds[length][place + 1])
                runs = pieces[length].begins[these] - first[place]
                score = pieces[length].scores[these] + best[place, runs]
                better = score >= top[runs]
                runs = runs[better]
                top[runs] = score[better]
                chosen[runs] = length
        spread = {length: np.zeros(len(at), dtype=np.int32) for length in _WORD_LENGTHS}
        for length, words in pieces.items():
            spread[length][words.begins] = words.ids
        unknown = np.zeros(len(characters) + 1, dtype=bool)
        runs, ends = np.arange(len(starts)), sizes
        while len(runs):
            lengths = back[first[ends - 1] + runs]
            ends = ends - lengths
            here = first[ends] + runs
            ids = self._single[characters[at[here]]]
            for length in _WORD_LENGTHS:
                long = np.flatnonzero(lengths == length)
                ids[long] = spread[length][here[long]]
            slots[2 * at[here]] = ids
            unknown[at[here]] = ids == 0
            more = ends > 0
            runs, ends = runs[more], ends[more]
        again = np.flatnonzero(unknown[1:] & unknown[:-1]) + 1  # neighbouring unknown characters are one token
        slots[2 * again] = -1

    def _pieces(
        self, characters: NDArray[np.uint16], at: NDArray[np.int64], left: NDArray[np.int64]
    ) -> dict[int, _Found]:
        """The words of 2 to 4 characters that begin at the positions ``at`` and end inside the run, by length."""
        import numpy as np

        found: dict[int, _Found] = {}
        begins = np.flatnonzero(left >= 2)
        keys = (characters[at[begins]].astype(np.int64) << 16) | characters[at[begins] + 1]
        maybe = self._maybe[_mixed(keys)]
        begins, keys = begins[maybe], keys[maybe]
        for length in _WORD_LENGTHS:
            table = self._keys[length - 2]
            node = np.minimum(np.searchsorted(table, keys), len(table) - 1)
            hit = table[node] == keys
            begins, node = begins[hit], node[hit]
            ids = self._ids[length - 2][node]
            word = ids > 0
            found[length] = _Found(begins[word], self._scores[ids[word]], ids[word])
            more = left[begins] > length
            begins, node = begins[more], node[more]
            keys = (node << 16) | characters[at[begins] + length]
        return found


@dataclass(frozen=True)
class _Found:
    """Words of one length: where they begin (ascending indices), their scores and their ids, each ``[n]``."""

    begins: NDArray[np.int64]
    scores: NDArray[np.float64]
    ids: NDArray[np.int32]


def _within(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, … within each run: sizes [2, 3] give [0, 1, 0, 1, 2]."""
    import numpy as np

    ends = np.cumsum(sizes)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - sizes, sizes)


def _mixed(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Keys scattered over 2^20 places."""
    return (keys * 0x9E3779B1 >> 12) & 0xFFFFF
