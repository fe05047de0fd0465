"""Fits the weights of the second look at hits, and says what it is worth on sets it was not fitted on.

Each development set is left out in turn: a listwise logistic fit (softmax over the hits of a question) on the others,
R@1 on the one left out. The last line is the fit on all of them, as weights beside the fused score.

    python -m benchmarks.reranking [--queries 200]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np

from benchmarks.product import filled
from benchmarks.sets import QA_SETS, retrieval_set
from embeddings import Encoder, load_encoder
from rag.reranking import FINDINGS, Reranking

PARTS = ("dense", "lexical", *FINDINGS)
DEPTH = Reranking().depth


def findings(encoder: Encoder, name: str, queries: int) -> np.ndarray:
    """Float ``[questions, DEPTH, parts + 1]``; the last column is 1 for the right passage. Absent hits are -9."""
    data = retrieval_set(name, queries)
    found = np.full((len(data.queries), DEPTH, len(PARTS) + 1), -9.0)
    found[:, :, -1] = 0
    with filled(encoder, data.passages) as library:
        for row, (query, right) in enumerate(zip(data.queries, data.relevant.tolist(), strict=True)):
            for column, hit in enumerate(library.search(query, DEPTH)):
                own = float(hit.passage.id == f"d-{right}")
                found[row, column] = [*(hit.parts.get(part, 0.0) for part in PARTS), own]
    return found


def recall(found: np.ndarray, weights: np.ndarray) -> float:
    """R@1 when hits are ordered by the weighted sum of their parts."""
    scores = found[:, :, :-1] @ weights
    scores[found[:, :, 0] < -5] = -99
    return float(found[np.arange(len(found)), scores.argmax(axis=1), -1].mean())


def fit(sets: Sequence[np.ndarray]) -> np.ndarray:
    """Weights of the parts, the right passage's probability the highest, every set counting the same."""
    import torch

    weights = torch.zeros(len(PARTS), requires_grad=True)
    optimiser = torch.optim.Adam([weights], lr=0.3)
    data = [torch.tensor(found[found[:, :, -1].sum(axis=1) > 0], dtype=torch.float32) for found in sets]
    for _ in range(300):
        losses = []
        for rows in data:
            scores = (rows[:, :, :-1] @ weights).masked_fill(rows[:, :, 0] < -5, -99)
            losses.append(-(torch.log_softmax(scores, dim=1) * rows[:, :, -1]).sum(dim=1).mean())
        loss = torch.stack(losses).mean() + 1e-4 * (weights**2).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return weights.detach().numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=int, default=200)
    arguments = parser.parse_args()
    encoder = load_encoder("builtin")
    sets = {}
    for name in QA_SETS:
        sets[name] = findings(encoder, name, arguments.queries)
        print(f"read {name}", flush=True)
    fused = np.array([0.2, 0.8, 0, 0, 0, 0, 0])
    chosen = Reranking()
    present = fused + np.array([0, 0, *(getattr(chosen, part) for part in FINDINGS)])
    print(f"\n{'R@1':22}{'fused':>8}{'present':>9}{'left out':>10}")
    rows = []
    for name, found in sets.items():
        weights = fit([other for key, other in sets.items() if key != name])
        rows.append((recall(found, fused), recall(found, present), recall(found, weights)))
        print(f"{name:22}{rows[-1][0]:>8.3f}{rows[-1][1]:>9.3f}{rows[-1][2]:>10.3f}")
    print(f"{'mean':22}" + "".join(f"{v:>{w}.4f}" for v, w in zip(np.mean(rows, axis=0), (8, 9, 10), strict=True)))
    weights = fit(list(sets.values()))
    unit = weights[0] + weights[1]
    print("fitted on all: " + ", ".join(f"{p} {w / unit:.2f}" for p, w in zip(PARTS, weights, strict=True)))


if __name__ == "__main__":
    main()
