"""A FAISS index over unit vectors, keyed by integer ids: add, remove, search, save, load.

Exact while it is small; past a measured size it becomes an index of cells by itself (``structures``). A loaded index
is mapped from its file, so that opening takes no memory by itself; the first change takes it into memory.
Derived data: the caller owns the vectors and rebuilds the index whenever a file cannot be trusted. Scores
are inner products of unit vectors (cosine similarity, larger is better). Knows nothing of what ids mean.
"""

from __future__ import annotations

import json
import os
import threading
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embeddings import structures
from embeddings.errors import IndexFileError, VectorIndexError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

FORMAT_VERSION = 1
GROWTH = 4  # times the trained size at which cells want training anew


class VectorIndex:
    """Search by inner product. Safe to use from several threads; calls are serialised."""

    def __init__(self, dimension: int, encoder: str, generation: int = 0, expected: int = 0) -> None:
        """An empty index for vectors of one encoder.

        ``encoder`` is the identity of the encoder whose vectors it holds; ``generation`` the state of the
        caller's store that the index reflects. Both are saved and checked on load. ``expected`` is how many
        vectors are about to be added: cells, when they come to be needed, are made for so many.
        """
        self.dimension = dimension
        self.encoder = encoder
        self.generation = generation
        self._lock = threading.RLock()
        self._faiss = structures.new_flat(dimension)
        self._expected = expected
        self._trained_on = 0
        self._mapped = False

    def __len__(self) -> int:
        return int(self._faiss.ntotal)

    def ids(self) -> NDArray[np.int64]:
        """All ids, int64 ``[n]``, in no particular order."""
        with self._lock:
            return structures.ids_of(self._faiss)

    @property
    def kind(self) -> structures.Kind:
        """``flat`` (exact) or ``ivf`` (cells)."""
        return structures.kind_of(self._faiss)

    @property
    def mapped(self) -> bool:
        """Whether the vectors are read from the file as they are needed."""
        return self._mapped

    def _own(self) -> None:
        """Take a mapped index into memory, to be changed."""
        if self._mapped:
            import faiss

            self._faiss = faiss.deserialize_index(faiss.serialize_index(self._faiss))
            self._mapped = False

    @property
    def wants_rebuild(self) -> bool:
        """Whether it has outgrown its cells: still right, but a rebuild from the store makes it faster."""
        return self._trained_on > 0 and len(self) > GROWTH * self._trained_on

    def add(self, ids: ArrayLike, vectors: ArrayLike) -> None:
        """Add vectors float ``[n, dimension]`` under int64 ids ``[n]``; an id already there is replaced.

        Raises:
            VectorIndexError: shapes do not fit, an id occurs twice, or a value is not finite.
        """
        import numpy as np

        keys = np.ascontiguousarray(ids, dtype=np.int64)
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        if rows.ndim != 2 or rows.shape[1] != self.dimension or keys.shape != (len(rows),):
            raise VectorIndexError(
                f"Cannot add ids {keys.shape} with vectors {rows.shape}: "
                f"need [n] and [n, {self.dimension}] with the same n."
            )
        if len(np.unique(keys)) != len(keys):
            raise VectorIndexError("Cannot add the same id twice in one call.")
        if not np.isfinite(rows).all():
            raise VectorIndexError("Cannot add vectors with values that are not finite.")
        with self._lock:
            if len(self):
                self.remove(keys)
            if len(keys):
                self._own()
                self._faiss.add_with_ids(rows, keys)
            if self.kind == "flat" and len(self) > structures.LARGE:
                self._trained_on = max(len(self), self._expected)
                self._faiss = structures.new_ivf(self.ids(), structures.vectors_of(self._faiss), self._trained_on)

    def remove(self, ids: ArrayLike) -> int:
        """Remove ids int64 ``[n]``; ids that are not there are ignored. Returns how many were removed."""
        import faiss
        import numpy as np

        keys = np.ascontiguousarray(ids, dtype=np.int64)
        with self._lock:
            keys = keys[np.isin(keys, self.ids())] if len(keys) else keys
            if not len(keys):
                return 0
            self._own()
            return int(self._faiss.remove_ids(faiss.IDSelectorBatch(keys)))

    def search(self, query: ArrayLike, k: int, allowed: Iterable[int] | None = None) -> list[tuple[int, float]]:
        """The ``k`` ids most similar to ``query`` float ``[dimension]``, best first, with their similarity.

        ``allowed``, when given, restricts the search itself to these ids (it is not a filter afterwards).
        Fewer than ``k`` come back only when fewer are there.
        """
        import numpy as np

        row = np.ascontiguousarray(query, dtype=np.float32).reshape(1, -1)
        if row.shape[1] != self.dimension:
            raise VectorIndexError(f"The query has {row.shape[1]} dimensions, the index {self.dimension}.")
        with self._lock:
            chosen = None if allowed is None else _as_ids(allowed)
            limit = len(self) if chosen is None else min(len(self), len(chosen))
            if k <= 0 or limit == 0:
                return []
            parameters = structures.parameters(self._faiss, chosen)
            scores, found = self._faiss.search(row, min(k, limit), params=parameters)
        return [(int(i), float(s)) for i, s in zip(found[0], scores[0], strict=True) if i >= 0]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the index to ``path`` and its header to ``path + ".json"``, each by atomic rename.

        The header carries the checksum of the index, so that a crash between the two renames is seen.
        """
        import faiss

        target = Path(path)
        with self._lock:
            payload = faiss.serialize_index(self._faiss)
            header = {
                "format": FORMAT_VERSION,
                "encoder": self.encoder,
                "dimension": self.dimension,
                "generation": self.generation,
                "count": len(self),
                "trained_on": self._trained_on,
                "bytes": int(payload.nbytes),
                "crc32": zlib.crc32(payload.data),
            }
        _write_atomically(target, payload.data)
        _write_atomically(_header_path(target), json.dumps(header, indent=1).encode())

    @classmethod
    def load(cls, path: str | os.PathLike[str], encoder: str, dimension: int) -> VectorIndex:
        """Read an index that must belong to this encoder and have this dimension.

        Raises:
            IndexFileError: absent, damaged, of another format, encoder or dimension. Rebuild it.
        """
        target = Path(path)
        header = _read_header(_header_path(target))
        for key, wanted in (("format", FORMAT_VERSION), ("encoder", encoder), ("dimension", dimension)):
            if header.get(key) != wanted:
                raise IndexFileError(
                    f"{target} was made with {key} {header.get(key)!r}, not {wanted!r}: rebuild the index."
                )
        try:
            before = target.stat()
            size, checksum = _checksum(target)
        except OSError as error:
            raise IndexFileError(f"{target} cannot be read ({error.strerror}): rebuild the index.") from error
        if size != header.get("bytes") or checksum != header.get("crc32"):
            raise IndexFileError(f"{target} is damaged or unfinished: rebuild the index.")
        index = cls(dimension, encoder, int(header["generation"]))
        index._faiss, index._mapped = structures.read(target)
        if not os.path.samestat(before, target.stat()):
            raise IndexFileError(f"{target} was replaced while it was being read: rebuild the index.")
        index._trained_on = int(header.get("trained_on", 0))
        return index


def _as_ids(ids: Iterable[int]) -> NDArray[np.int64]:
    import numpy as np

    given = ids if isinstance(ids, np.ndarray) else np.fromiter(ids, dtype=np.int64)
    return np.unique(given.astype(np.int64, copy=False))


def _header_path(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _read_header(path: Path) -> dict[str, Any]:
    try:
        header = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise IndexFileError(f"{path} cannot be read ({error}): rebuild the index.") from error
    if not isinstance(header, dict):
        raise IndexFileError(f"{path} is not an index header: rebuild the index.")
    return header


def _checksum(path: Path) -> tuple[int, int]:
    """Bytes and CRC-32 of a file, read piece by piece."""
    size, checksum = 0, 0
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            size += len(piece)
            checksum = zlib.crc32(piece, checksum)
    return size, checksum


def _write_atomically(path: Path, content: bytes | memoryview) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
