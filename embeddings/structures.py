"""The two FAISS structures behind ``VectorIndex``, and everything that differs between them.

``flat``: every vector, exact, for up to ``LARGE`` vectors. ``ivf``: vectors in cells around trained centres,
one byte per dimension, a share of the cells searched per query. Both add and remove without a rebuild. Knows nothing
of headers, encoders or threads.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Kind = Literal["flat", "ivf"]

# Measured by `python -m benchmarks.scale --crossover` on one core, news passages, 256 dimensions: an exact search takes
# 3.6 ms at 100,000 vectors, 7.4 ms at 200,000 and 11.4 ms at 300,000 (docs/scale.md).
LARGE = 200_000  # vectors; beyond it one exact query takes longer than 10 ms on one core
# recall@10 at 300,000: .948 at 0.24, .967 at 0.4, .983 at 0.6; at a million: .969 at 0.5, .974 at 0.6, .977 at 0.8
PROBED = 0.6  # share of the cells searched per query
LEAST_PROBED = 64  # cells
POINTS_PER_CELL = 48  # vectors per cell that train the centres
ROUNDS = 8  # of k-means


def new_flat(dimension: int) -> Any:
    """An empty exact index."""
    import faiss

    return faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))


def cells_for(count: int) -> int:
    """How many cells for ``count`` vectors: 2 √n, at least 8."""
    return max(8, int(2 * count**0.5))


def new_ivf(ids: NDArray[np.int64], vectors: NDArray[np.float32], count: int) -> Any:
    """An index of cells for ``count`` vectors, trained on these (float32 ``[n, d]``) and holding them."""
    import faiss

    cells, dimension = min(cells_for(count), len(vectors)), vectors.shape[1]
    centres = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(
        centres, dimension, cells, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.own_fields = True
    centres.this.disown()  # type: ignore[attr-defined]
    index.cp.niter = ROUNDS
    index.cp.max_points_per_centroid = POINTS_PER_CELL
    index.cp.min_points_per_centroid = 1
    index.cp.spherical = True
    index.train(vectors)
    index.add_with_ids(vectors, ids)
    return index


def read(path: Path) -> tuple[Any, bool]:
    """The index in a file, and whether it is mapped: its vectors are then read from the file as they are needed.

    A mapped index must not be changed (FAISS would end the process). Files stay replaceable under a mapping except on
    Windows, where the index is read into memory.
    """
    import faiss
    import numpy as np

    if os.name == "posix":
        return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC), True
    return faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8)), False


def kind_of(index: Any) -> Kind:
    """Which of the two structures an index is."""
    import faiss

    return "ivf" if isinstance(faiss.downcast_index(index), faiss.IndexIVF) else "flat"


def ids_of(index: Any) -> NDArray[np.int64]:
    """All ids, int64 ``[n]``, in no particular order."""
    import faiss
    import numpy as np

    if kind_of(index) == "flat":
        return np.asarray(faiss.vector_to_array(index.id_map), dtype=np.int64)
    lists = index.invlists
    parts = [
        faiss.rev_swig_ptr(lists.get_ids(cell), lists.list_size(cell)).copy()
        for cell in range(lists.nlist)
        if lists.list_size(cell)
    ]
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)


def vectors_of(index: Any) -> NDArray[np.float32]:
    """All vectors of a flat index, float32 ``[n, d]``, in the order of its ids."""
    import faiss
    import numpy as np

    flat: Any = faiss.downcast_index(index.index)
    rows = np.asarray(faiss.rev_swig_ptr(flat.get_xb(), flat.ntotal * flat.d), dtype=np.float32)
    return rows.reshape(flat.ntotal, flat.d).copy()


def parameters(index: Any, allowed: NDArray[np.int64] | None) -> Any:
    """Search parameters: the ids allowed, and how many cells to search.

    Under a restriction as many more cells are searched as fewer vectors count, so that as many are compared.
    """
    import faiss

    selector = None if allowed is None else _selector(allowed)
    if kind_of(index) == "ivf":
        share = 1.0 if allowed is None else max(len(allowed), 1) / max(index.ntotal, 1)
        probed = min(max(math.ceil(PROBED * index.nlist / min(share, 1.0)), LEAST_PROBED), index.nlist)
        return faiss.SearchParametersIVF(sel=selector, nprobe=probed)  # type: ignore[call-arg]
    return None if selector is None else faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]


def _selector(allowed: NDArray[np.int64]) -> Any:
    """The ids allowed, as one bit per id where ids are small numbers, else as a hashed set."""
    import faiss
    import numpy as np

    if len(allowed) and allowed.min() >= 0 and allowed.max() < 64 * len(allowed) + 10_000_000:
        bits = np.zeros(int(allowed.max()) + 1, dtype=bool)
        bits[allowed] = True
        return faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))  # type: ignore[call-arg, arg-type]
    return faiss.IDSelectorBatch(allowed)
