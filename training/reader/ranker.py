"""The choice among spans: trees fitted on questions that the network did not learn from.

The documents are those of ``:rank`` (`training.reader.sources`), which the run must have left out; the network is that
run alone, since the other members know them. A span is worth its exact match and a little of its F1 (`EXACT`). Half of
the questions are asked of their own context, half of what is found in all of them.
Usage: python -m training.reader.ranker --run training/work/reader/run4 --out training/work/reader/ranker.safetensors
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from sklearn.ensemble import HistGradientBoostingRegressor

from embeddings.static import StaticEncoder
from rag.reading.copying import CopyReader, whole_spans
from rag.reading.ranking import SPAN_COLUMNS, Trees, span_features
from training.reader.fit import assemble
from training.reader.measures import exact, f1
from training.reader.sources import load_questions
from training.reader.trials import Trials

SOURCES = {"cmrc2018.zh.train:rank": (1.0, 3000), "jaquad.ja.train:rank": (0.7, 2000)}  # weight, most questions
EXACT = 0.8
TREES = {"learning_rate": 0.03, "max_iter": 400, "max_leaf_nodes": 16, "min_samples_leaf": 60, "l2_regularization": 1.0}


@dataclass(frozen=True, slots=True)
class Ranked:
    """The spans of one question: features ``[n, columns]``, exact match and F1 ``[n, 2]``, weight, whose it is."""

    features: np.ndarray
    scores: np.ndarray
    weight: float
    source: str


def ranked(
    reader: CopyReader, data: Path, name: str, weight: float, most: int, conditions: Sequence[str]
) -> Iterator[Ranked]:
    """Questions of a set with the spans that the reader finds for them."""
    rows = [row for row in load_questions(data, name) if row.start is not None]
    trials = Trials(rows)
    for number, row in enumerate(random.Random(0).sample(rows, min(most, len(rows)))):
        trial = trials.make(row, conditions[number % len(conditions)])
        if trial is None:
            continue
        texts = [piece.text for piece in trial.evidence]
        table, decoded, chosen = reader.examine(row.question, trial.evidence)
        if not decoded.spans:
            continue
        spans = whole_spans(row.question, texts, table, decoded, chosen)
        chances = dict(zip(chosen, decoded.sentences, strict=False))
        rows_ = span_features(row.question, texts, spans, chances, decoded.none, reader.vocabulary, reader.meanings)
        answers = [texts[span.index][span.start : span.end] for span in spans]
        scores = [(exact(answer, row.answers), f1(answer, row.answers, row.language)) for answer in answers]
        yield Ranked(rows_, np.array(scores), weight, name)


def spans_of(
    runs: Sequence[Path], name: str, weight: float, most: int, conditions: Sequence[str], given: argparse.Namespace
) -> list[Ranked]:
    """What `ranked` yields for a reader of these runs, in a process of its own."""
    torch.set_num_threads(1)
    _, reader = assemble(runs, given.work, StaticEncoder.load(given.encoder, "builtin"))
    return list(ranked(reader, given.data, name, weight, most, conditions))


def fitted(found: Sequence[Ranked], seed: int = 0) -> HistGradientBoostingRegressor:
    """Trees that predict what a span is worth."""
    features = np.concatenate([one.features for one in found])
    worth = np.concatenate([one.scores @ (EXACT, 1 - EXACT) for one in found])
    weights = np.concatenate([np.full(len(one.features), one.weight) for one in found])
    return HistGradientBoostingRegressor(**TREES, random_state=seed).fit(features, worth, sample_weight=weights)


def exported(model: HistGradientBoostingRegressor) -> Trees:
    """Return scikit-learn's trees as `rag.reading.ranking` runs them."""
    nodes = [stage[0].nodes for stage in model._predictors]
    shape = (len(nodes), max(map(len, nodes)))
    columns, edges, values = np.full(shape, -1), np.zeros(shape), np.zeros(shape)
    children = np.zeros((*shape, 2), dtype=np.int64)
    for number, tree in enumerate(nodes):
        inner = tree["is_leaf"] == 0
        columns[number, : len(tree)] = np.where(inner, tree["feature_idx"], -1)
        edges[number, : len(tree)] = np.where(inner, tree["num_threshold"], 0.0)
        children[number, : len(tree), 0] = np.where(inner, tree["left"], 0)
        children[number, : len(tree), 1] = np.where(inner, tree["right"], 0)
        values[number, : len(tree)] = np.where(inner, 0.0, tree["value"])
    return Trees(columns, edges, children, values, float(np.ravel(model._baseline_prediction)[0]))


def score(found: Sequence[Ranked], trees: Trees | None) -> tuple[float, float]:
    """Exact match and F1 of the best span of each question; without trees, of the likeliest one."""
    picked = [one.scores[int(np.argmax(trees.predict(one.features))) if trees else 0] for one in found]
    exact_, f1_ = np.mean(picked, axis=0)
    return round(float(exact_), 4), round(float(f1_), 4)


def main() -> None:
    """Fit, print what it brings on development sets, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("training/work/reader"))
    parser.add_argument("--run", type=Path, required=True, help="the run that left the documents out")
    parser.add_argument("--members", type=Path, nargs="*", default=(), help="the committee for the development sets")
    parser.add_argument("--encoder", type=Path, default=Path("embeddings/builtin"))
    parser.add_argument("--most", type=int, default=10**9, help="at most so many questions of each source")
    parser.add_argument(
        "--dev", nargs="*", default=("cmrc2018.zh.train:held", "drcd.zht.dev", "dureader_robust.zh.dev")
    )
    parser.add_argument("--workers", type=int, default=2, help="processes to read with")
    parser.add_argument("--out", type=Path, default=Path("training/work/reader/ranker.safetensors"))
    options = parser.parse_args()
    pool = ProcessPoolExecutor(options.workers, get_context("spawn"))
    asked = [
        pool.submit(spans_of, [options.run], name, weight, min(most, options.most), ("gold", "open"), options)
        for name, (weight, most) in SOURCES.items()
    ]
    found = [one for share in asked for one in share.result()]
    print(len(found), "questions,", sum(len(one.features) for one in found), "spans", flush=True)
    model = fitted(found)
    trees = exported(model)
    assert np.allclose(trees.predict(found[0].features), model.predict(found[0].features), atol=1e-5)
    trees.save(options.out)
    print(len(SPAN_COLUMNS), "columns;", options.out, options.out.stat().st_size, "bytes", flush=True)
    members = [*options.members] or [options.run]
    held = {name: pool.submit(spans_of, members, name, 1.0, 300, ("gold",), options) for name in options.dev}
    for name, share in held.items():
        dev = share.result()
        print(name, len(dev), "likeliest", score(dev, None), "best", score(dev, trees), flush=True)
    pool.shutdown()


if __name__ == "__main__":
    main()
