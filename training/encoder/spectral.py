"""A start for the token table in closed form: positive pointwise mutual information and its eigenvectors.

Every training pair is one document in which both sides stand together, so that words of two languages meet
(cross-language latent semantic indexing, Dumais et al., 1997, on the PPMI of Levy and Goldberg, 2014).
Training from here needs a fraction of the steps that random vectors need, and rare tokens get a place.
"""

from __future__ import annotations

import logging

import numpy as np
from scipy import sparse

from training.encoder.batches import Mixture

SIDE = 40  # tokens kept per side of a pair
SMOOTHING = 0.75


def documents(mix: Mixture, batches: int, size: int, vocabulary: int, seed: int) -> sparse.csr_matrix:
    """``[pairs, vocabulary]``: which tokens stand in each drawn pair, every row of unit norm."""
    rng = np.random.default_rng([seed, 99])
    parts: list[sparse.csr_matrix] = []
    for _ in range(batches):
        batch = mix.draw(lambda _: size, rng)
        rows: list[np.ndarray] = []
        columns: list[np.ndarray] = []
        for ids, starts in (batch.left, batch.right):
            lengths = np.diff(np.append(starts, len(ids)))
            owner = np.repeat(np.arange(len(starts)), lengths)
            kept = rng.random(len(ids)) < (SIDE / np.maximum(lengths, 1))[owner]
            rows.append(owner[kept])
            columns.append(ids[kept])
        row, column = np.concatenate(rows), np.concatenate(columns)
        count = len(batch.left[1])
        matrix = sparse.csr_matrix((np.ones(len(row), np.float32), (row, column)), shape=(count, vocabulary))
        matrix.data[:] = 1.0
        norms = np.sqrt(np.maximum(np.diff(matrix.indptr), 1)).astype(np.float32)
        matrix.data /= np.repeat(norms, np.diff(matrix.indptr))
        parts.append(matrix)
    return sparse.vstack(parts, format="csr")


def ppmi(counts: sparse.csr_matrix, least: float) -> sparse.csr_matrix:
    """Positive pointwise mutual information of a symmetric count matrix; cells under ``least`` are dropped."""
    matrix = counts.tocoo()
    margin = np.asarray(counts.sum(axis=1)).ravel() + 1e-9
    smooth = margin**SMOOTHING
    log_margin, log_smooth = np.log(margin), np.log(smooth / smooth.sum())
    value = np.log(matrix.data) - log_margin[matrix.row] - log_smooth[matrix.col]
    value = np.minimum(value, np.log(matrix.data) - log_margin[matrix.col] - log_smooth[matrix.row])
    kept = value > least
    return sparse.csr_matrix((value[kept].astype(np.float32), (matrix.row[kept], matrix.col[kept])), shape=matrix.shape)


def spectral_table(mix: Mixture, vocabulary: int, dimension: int, seed: int, batches: int) -> np.ndarray:
    """Unit rows float32 ``[vocabulary, dimension]``; tokens never seen get random ones."""
    data = documents(mix, batches, 1024, vocabulary, seed)
    logging.info("spectral start: %d documents, %d tokens", data.shape[0], data.nnz)
    counts = (data.T @ data).tocsr()
    counts.setdiag(0)
    counts.data[counts.data < 0.02] = 0
    counts.eliminate_zeros()
    matrix = ppmi(counts, 0.3)
    logging.info("spectral start: %d cells", matrix.nnz)
    rng = np.random.default_rng(seed)
    basis = rng.normal(size=(vocabulary, dimension + 16)).astype(np.float32)
    for _ in range(4):  # subspace iteration (Halko et al., 2011)
        basis = np.linalg.qr(matrix @ basis)[0].astype(np.float32)
    values, vectors = np.linalg.eigh(basis.T @ (matrix @ basis))
    order = np.argsort(-np.abs(values))[:dimension]
    table = (basis @ vectors[:, order]) * np.abs(values[order]) ** 0.5
    norms = np.linalg.norm(table, axis=1, keepdims=True)
    unseen = norms[:, 0] < 1e-6
    table[unseen] = rng.normal(size=(int(unseen.sum()), dimension))
    norms[unseen] = np.linalg.norm(table[unseen], axis=1, keepdims=True)
    logging.info("spectral start: %d tokens never seen", int(unseen.sum()))
    return (table / norms).astype(np.float32)
