"""How close in meaning two words are, in steps: the soft match between a question and its evidence.

Within one script the reader's own word vectors tell; across scripts (an English question over a Chinese
page) the encoder's, which were trained on translations. Cosines become steps by quantiles over pairs of
unrelated words, so that a step means the same with every encoder. Knows words, not sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.reading.features import SOFT
from rag.reading.vocabulary import Vocabulary

# Share of random pairs below each edge; the highest step is kept for the same word.
QUANTILES = (0.5, 0.8, 0.9, 0.95, 0.98, 0.995)
assert len(QUANTILES) == SOFT - 2


class TokenVectors(Protocol):
    """The encoder as the reader sees it: tokens with their places, and a vector for each token."""

    @property
    def identity(self) -> str:
        """Name and hash of the weights."""
        ...

    def tokens(self, text: str) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        """Return the ids ``[n]`` and the character spans ``[n, 2]`` of the tokens of ``text``."""
        ...

    def vectors(self, ids: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return float32 ``[n, d]`` for token ids ``[n]``."""
        ...


class WordMeanings:
    """Closeness of words by the reader's own vectors, and by the encoder's across scripts.

    Args:
        vocabulary: the reader's vocabulary.
        vectors: float32 ``[len(vocabulary.words) + 1, d]``, row 0 for unknown words.
        edges: cosines at which the next step begins, for the reader's own vectors (`fit_edges`).
        encoder: token vectors for pairs of different scripts; without them those pairs are far.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        vectors: NDArray[np.float32],
        edges: Sequence[float],
        encoder: TokenVectors | None = None,
    ) -> None:
        self._vocabulary = vocabulary
        self._vectors = unit_rows(vectors - vectors[1:].mean(axis=0))
        self._vectors[0] = 0.0
        self._edges = np.array(edges)
        self._encoder = encoder
        self._encoder_edges: NDArray[np.float64] | None = None
        self._encoded: dict[str, NDArray[np.float32]] = {}

    def closeness(self, words: Sequence[str], others: Sequence[str]) -> NDArray[np.uint8]:
        """Return uint8 ``[len(words), len(others)]``, 0 (far or not known) … ``SOFT - 1`` (the same)."""
        steps = np.zeros((len(words), len(others)), dtype=np.uint8)
        if not words or not others:
            return steps
        scripts, other_scripts = np.array([script(w) for w in words]), np.array([script(w) for w in others])
        same = scripts[:, None] == other_scripts[None, :]
        own = self.own_cosines(words, others)
        steps[same] = np.searchsorted(self._edges, own[same])
        if self._encoder is not None and not same.all():
            if self._encoder_edges is None:
                pairs = unrelated(self._vocabulary.words, 3)
                self._encoder_edges = np.array(fit_edges(self.encoder_cosines(*pairs)))
            across = self.encoder_cosines(words, others)
            steps[~same] = np.searchsorted(self._encoder_edges, across[~same])
        steps[np.array(words, dtype=object)[:, None] == np.array(others, dtype=object)[None, :]] = SOFT - 1
        return steps

    def own_vectors(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return the reader's own vectors ``[len(words), d]`` of length 1, of zeros for unknown words."""
        index = self._vocabulary.word_index
        result: NDArray[np.float32] = self._vectors[[index(word) for word in words]]
        return result

    def own_cosines(self, words: Sequence[str], others: Sequence[str]) -> NDArray[np.float32]:
        """Cosines by the reader's own vectors, 0 for unknown words."""
        result: NDArray[np.float32] = self.own_vectors(words) @ self.own_vectors(others).T
        return result

    def encoder_cosines(self, words: Sequence[str], others: Sequence[str]) -> NDArray[np.float32]:
        """Cosines by the mean of the encoder's token vectors."""
        result: NDArray[np.float32] = self._encode(words) @ self._encode(others).T
        return result

    def _encode(self, words: Sequence[str]) -> NDArray[np.float32]:
        if self._encoder is None:
            raise ValueError("no encoder was given")
        if len(self._encoded) > 50_000:
            self._encoded.clear()
        for word in words:
            if word not in self._encoded:
                ids, _ = self._encoder.tokens(word)
                vectors = self._encoder.vectors(ids)
                mean = vectors.mean(axis=0) if len(ids) else np.zeros(vectors.shape[1], dtype=np.float32)
                self._encoded[word] = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return np.stack([self._encoded[word] for word in words]).astype(np.float32)


def unrelated(words: Sequence[str], other_script: int) -> tuple[list[str], list[str]]:
    """Return two lists of words that have nothing to do with each other: Han, and of ``other_script``.

    Words are taken at even steps from those that are neither very frequent nor very rare.
    """
    han = [word for word in words[100:15000] if script(word) == 1 and len(word) > 1]
    other = [word for word in words[100:] if script(word) == other_script and len(word) > 1]
    left = han[:: max(1, len(han) // 1200)]
    right = other[1 :: max(1, len(other) // 1200)]
    return left, right


def fit_edges(cosines: NDArray[np.float32]) -> tuple[float, ...]:
    """Return the cosines at which the steps 1 … ``SOFT - 2`` begin.

    Args:
        cosines: of unrelated words, ``[n, m]``. A word is compared with every word of the question and
            the closest counts, so the quantiles are those of maxima over six.
    """
    if cosines.shape[1] < 6:
        return (1.0,) * len(QUANTILES)
    width = cosines.shape[1] // 6 * 6
    largest = cosines[:, :width].reshape(len(cosines), -1, 6).max(axis=2)
    return tuple(float(edge) for edge in np.quantile(largest, QUANTILES))


def script(word: str) -> int:
    """A number that tells scripts apart: 0 digits and marks, 1 Han, 2 kana, 3 Latin, 4 Cyrillic, 5 other."""
    first = word[:1]
    if not first.isalpha():
        return 0
    if "\u3400" <= first <= "\u9fff":
        return 1
    if "\u3040" <= first <= "\u30ff":
        return 2
    if first < "\u0250":
        return 3
    return 4 if "\u0400" <= first <= "\u052f" else 5


def main_script(text: str) -> int:
    """Return the script of most letters of ``text`` (as `script` numbers them); 0 without letters.

    Han and kana count as one, so that Japanese has one script.
    """
    counts = Counter(1 if found == 2 else found for found in map(script, text) if found)
    return max(counts, key=lambda found: (counts[found], -found)) if counts else 0


def unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows scaled to length 1; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return scaled
