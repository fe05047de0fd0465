"""The reader's vocabulary and word table, made from `training.reader.words`' vectors.

Usage: python -m training.reader.lexicon --work training/work/reader
Writes ``vocabulary.json`` and ``table.npz`` (int8 codes, scales, edges of the closeness steps).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from rag.reading.meanings import QUANTILES, WordMeanings, fit_edges, script, unit_rows, unrelated
from rag.reading.vocabulary import Vocabulary


def quantise(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return int8 codes ``[n, d]`` and scales ``[d]`` with ``codes * scales ≈ vectors``."""
    scale = np.abs(vectors).max(axis=0) / 127 + 1e-12
    return np.round(vectors / scale).astype(np.int8), scale.astype(np.float32)


def own_edges(vocabulary: Vocabulary, vectors: np.ndarray) -> tuple[float, ...]:
    """The closeness steps of the reader's own vectors."""
    meanings = WordMeanings(vocabulary, vectors, (0.0,) * len(QUANTILES))
    return fit_edges(meanings.own_cosines(*unrelated(vocabulary.words, 1)))


def load_lexicon(work: Path) -> tuple[Vocabulary, np.ndarray, np.ndarray, tuple[float, ...]]:
    """Return the vocabulary, int8 codes ``[n + 1, d]``, scales ``[d]`` and own edges."""
    table = np.load(work / "table.npz")
    return Vocabulary.load(work / "vocabulary.json"), table["codes"], table["scale"], tuple(table["edges"].tolist())


def main() -> None:
    """Build and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("training/work/reader"))
    options = parser.parse_args()
    trained = np.load(options.work / "words.npz")
    words = [str(w) for w in trained["words"]]
    vectors = np.concatenate([np.zeros((1, trained["vectors"].shape[1]), np.float32), unit_rows(trained["vectors"])])
    pieces = [w for w in words if len(w) == 1 and script(w) in (1, 2)][:6000]
    vocabulary = Vocabulary(words, pieces)
    codes, scale = quantise(vectors * 8)
    edges = own_edges(vocabulary, codes * scale)
    vocabulary.save(options.work / "vocabulary.json")
    np.savez(options.work / "table.npz", codes=codes, scale=scale, edges=np.array(edges))
    print(len(words), "words,", len(pieces), "pieces, edges", [round(e, 3) for e in edges])
    meanings = WordMeanings(vocabulary, codes * scale, edges)
    for a, b in (
        ("总统", "主席"),
        ("总统", "香蕉"),
        ("增长", "增加"),
        ("去世", "逝世"),
        ("出生", "诞生"),
        ("公司", "企业"),
    ):
        print(a, b, meanings.own_cosines([a], [b]).item(), meanings.closeness([a], [b]).item())


if __name__ == "__main__":
    main()
