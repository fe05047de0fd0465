"""Hard negatives: for every question the passages that BM25 ranks high and that are not its own.

Works on bags of token ids. Batches made of a question and the questions of its hard negatives hold
difficult negatives at no extra cost, because all other passages of a batch are negatives (``batches``).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from training.encoder.bags import Bags

K1, B = 1.2, 0.75


def _counts(bags: Bags, rows: np.ndarray, vocabulary: int) -> sparse.csr_matrix:
    """Term frequencies ``[rows, vocabulary]``."""
    lengths = bags.lengths[rows]
    pieces = [bags.ids[bags.starts[row] : bags.starts[row + 1]] for row in rows]
    columns = np.concatenate(pieces).astype(np.int64)
    owner = np.repeat(np.arange(len(rows)), lengths)
    matrix = sparse.csr_matrix((np.ones(len(columns), np.float32), (owner, columns)), shape=(len(rows), vocabulary))
    matrix.sum_duplicates()
    return matrix


def hard_negatives(
    queries: Bags, passages: Bags, own: np.ndarray, rows: np.ndarray, depth: int, block: int = 512
) -> np.ndarray:
    """Indices into ``rows`` int32 ``[queries, depth]`` of the best BM25 passages that are not the query's own.

    Args:
        queries: the question bags; question ``i`` of the result is bag ``i``.
        passages: the passage bags.
        own: for each question, the position in ``rows`` of its own passage.
        rows: the bags of the distinct passages.
        depth: how many hard negatives to keep.
        block: questions at a time.
    """
    vocabulary = int(max(queries.ids.max(), passages.ids.max())) + 1
    counts = _counts(passages, rows, vocabulary)
    length = np.asarray(counts.sum(axis=1)).ravel()
    found_in = np.bincount(counts.indices, minlength=vocabulary)
    idf = np.log(1 + (len(rows) - found_in + 0.5) / (found_in + 0.5)).astype(np.float32)
    norm = K1 * (1 - B + B * length / max(length.mean(), 1.0))
    weights = counts.copy()
    weights.data = counts.data * (K1 + 1) / (counts.data + np.repeat(norm, np.diff(counts.indptr)))
    weights = (weights @ sparse.diags(idf)).T.tocsr()
    asked = _counts(queries, np.arange(len(queries)), vocabulary)
    depth = min(depth, len(rows) - 1)
    best = np.zeros((len(queries), depth), dtype=np.int32)
    for first in range(0, len(queries), block):
        scores = (asked[first : first + block] @ weights).toarray()
        scores[np.arange(len(scores)), own[first : first + block]] = -1.0
        best[first : first + block] = np.argpartition(-scores, depth - 1, axis=1)[:, :depth]
    return best
