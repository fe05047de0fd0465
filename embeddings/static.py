"""A static encoder: the mean of token vectors, read without torch.

Reads the folder that sentence-transformers writes for one ``StaticEmbedding`` (with or without a
``Normalize`` after it), including its quantised form: int8 ``embeddings`` with one float ``weights`` per
token, which stay int8 in memory. Knows nothing of prompts: a static model has none.
"""

from __future__ import annotations

import hashlib
import json
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from embeddings.bulk import BulkTokenizer

_TEXTS_AT_ONCE = 256
_FEW = 16  # texts that are tokenised one by one
_BULK = 100_000  # characters encoded that make the tables of the bulk tokenizer (0.1 s) worth their making


class StaticEncoder:
    """Mean of token vectors, scaled to unit norm; also gives the tokens and their vectors."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        table: NDArray[np.float32] | NDArray[np.int8],
        identity: str,
        weights: NDArray[np.float32] | None = None,
    ) -> None:
        """``table`` is float32 or int8 ``[vocabulary, dimension]``, row ``i`` for token id ``i``, to be multiplied by
        ``weights[i]`` (float32 ``[vocabulary]``) when there are weights.
        """
        if tokenizer.get_vocab_size() > len(table):
            raise EncoderError(
                f"{identity}: the tokenizer has {tokenizer.get_vocab_size()} tokens "
                f"but there are vectors for {len(table)}."
            )
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self._table = table
        self._weights = weights
        self._identity = identity
        self._bulk: BulkTokenizer | None = None
        self._bulk_tried = False
        self._encoded = 0  # characters
        self._bulk_lock = threading.Lock()

    @classmethod
    def load(cls, folder: Path, name: str | None = None) -> StaticEncoder:
        """Load from a sentence-transformers folder; ``name`` begins the identity (default: the folder's)."""
        from tokenizers import Tokenizer

        root = folder / _static_subfolder(folder)
        files = [root / "model.safetensors", root / "tokenizer.json"]
        digest = hashlib.sha256()
        for path in files:
            if not path.is_file():
                raise EncoderError(f"{folder} holds no usable encoder: {path.name} is missing.")
            digest.update(path.read_bytes())
        try:
            tokenizer = Tokenizer.from_file(str(files[1]))
        except Exception as error:  # the library raises bare Exception
            raise EncoderError(f"{files[1]} cannot be read as a tokenizer: {error}") from error
        table, weights = _read_table(files[0])
        return cls(tokenizer, table, f"{name or folder.name}@{digest.hexdigest()[:16]}", weights)

    @property
    def identity(self) -> str:
        """``name@hash`` of the weights and the tokenizer."""
        return self._identity

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._table.shape[1])

    def cut(self, dimension: int) -> StaticEncoder:
        """The same encoder with the first ``dimension`` numbers of its vectors only; the identity says so."""
        if not 1 <= dimension <= self.dimension:
            raise EncoderError(f"{self._identity} has {self.dimension} dimensions: {dimension} cannot be kept of them.")
        if dimension == self.dimension:
            return self
        identity = f"{self._identity}/{dimension}"
        return StaticEncoder(self._tokenizer, self._table[:, :dimension].copy(), identity, self._weights)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode ``n`` texts as float32 ``[n, dimension]`` of unit norm.

        A text without tokens gets one fixed unit vector, so that nothing downstream meets NaN.
        """
        import numpy as np

        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        # text by text: the rows of one text stay in the cache, ten times faster than one large gather
        for row, ids in enumerate(self.token_ids(texts)):
            if len(ids):
                rows = self._table.take(ids, axis=0).astype(np.float32, copy=False)
                weights = np.ones(len(ids), np.float32) if self._weights is None else self._weights.take(ids)
                np.matmul(weights, rows, out=out[row])
        norms = np.linalg.norm(out, axis=1, keepdims=True)
        empty = norms[:, 0] < 1e-12
        out[empty] = 1.0 / np.sqrt(self.dimension)
        norms[empty] = 1.0
        out /= norms
        return out

    def token_ids(self, texts: Sequence[str]) -> Iterator[NDArray[np.int64]]:
        """The token ids of each text, int64 ``[n]``."""
        import numpy as np

        bulk = self._bulk_tokenizer(texts)
        for first in range(0, len(texts), _TEXTS_AT_ONCE):
            part = list(texts[first : first + _TEXTS_AT_ONCE])
            if bulk:
                bags = bulk(part)
                yield from (
                    bags.ids[a:b] for a, b in zip(bags.starts[:-1].tolist(), bags.starts[1:].tolist(), strict=True)
                )
            else:
                for encoding in self._tokenizer.encode_batch_fast(part, add_special_tokens=False):
                    yield np.array(encoding.ids, dtype=np.int64)

    def _bulk_tokenizer(self, texts: Sequence[str]) -> BulkTokenizer | None:
        """The faster way to the same ids, for many texts; None for few, or when the tokenizer is of another form."""
        if len(texts) < _FEW or (self._bulk_tried and self._bulk is None):
            return None
        with self._bulk_lock:
            self._encoded += sum(map(len, texts))
            if not self._bulk_tried and self._encoded >= _BULK:
                from embeddings.bulk import bulk_tokenizer

                self._bulk, self._bulk_tried = bulk_tokenizer(self._tokenizer), True
        return self._bulk

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode queries; a static model treats them like passages."""
        return self.encode_passages(texts)

    def tokens(self, text: str) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        """Token ids uint32 ``[n]`` and their spans int32 ``[n, 2]``, half-open, in characters of ``text``.

        The spans are those of the text as given, whatever normalisation did to it:

            tokens("ＡＢＣ 中国")  ->  ids of "abc", "中国";  spans [[0, 3], [4, 6]]
        """
        import numpy as np

        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        ids = np.array(encoding.ids, dtype=np.uint32)
        offsets = encoding.offsets
        if not unicodedata.is_normalized("NFC", text):
            offsets = _with_marks(text, offsets)
        return ids, np.array(offsets, dtype=np.int32).reshape(-1, 2)

    def vectors(self, ids: NDArray[np.integer]) -> NDArray[np.float32]:
        """Vectors of tokens, float32 ``[n, dimension]``. Not of unit norm: the norm is the token's weight."""
        import numpy as np

        rows: NDArray[np.float32] = self._table[ids].astype(np.float32, copy=False)
        return rows if self._weights is None else rows * self._weights[ids][..., None]


def _with_marks(text: str, offsets: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans stretched over the combining marks that follow them, up to the next span.

    Composition reports a letter and its mark as the letter alone: "e\u0301" as [0, 1), meant is [0, 2).
    """
    limits = [start for start, _ in offsets[1:]] + [len(text)]
    stretched = []
    for (start, end), limit in zip(offsets, limits, strict=True):
        while end < limit and unicodedata.category(text[end]).startswith("M"):
            end += 1
        stretched.append((start, end))
    return stretched


def _static_subfolder(folder: Path) -> str:
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    return str(modules[0].get("path", ""))


def _read_table(path: Path) -> tuple[NDArray[np.float32] | NDArray[np.int8], NDArray[np.float32] | None]:
    """The token table and the factor of each token, from any of the forms sentence-transformers reads.

    ``embedding.weight`` alone, or ``embeddings`` with an optional ``mapping`` (token to row) and optional
    ``weights`` (one factor per token). int8 stays int8, all else becomes float32.
    """
    import numpy as np
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        tensors = load_file(path)
    except (SafetensorError, OSError, KeyError, TypeError) as error:
        raise EncoderError(f"{path} cannot be read as safetensors: {error}") from error
    table = tensors.get("embedding.weight", tensors.get("embeddings"))
    if table is None or table.ndim != 2:
        raise EncoderError(f"{path} holds no token table (embedding.weight or embeddings, two-dimensional).")
    if "mapping" in tensors:
        table = table[tensors["mapping"]]
    table = np.ascontiguousarray(table, dtype=np.int8 if table.dtype == np.int8 else np.float32)
    if "weights" not in tensors:
        return table, None
    weights = tensors["weights"].astype(np.float32)
    if weights.shape != (len(table),):
        raise EncoderError(f"{path}: {weights.shape} weights for {len(table)} tokens.")
    return table, weights
