"""Measures retrieval on the development sets: dense, BM25 and their fusion, and across languages.

Open retrieval: every distinct context of a set is a passage; a question's own context is the one right
answer. Reported: R@1, R@5, MRR (of the right passage, ties counted against us). Across languages: accuracy
at 1 of finding a sentence's translation among all of them, both directions averaged.

    python -m benchmarks.retrieval                     # everything, the built-in encoder
    python -m benchmarks.retrieval --encoder FOLDER --queries 500 --json scores.json

The sets are read from ``$YINJU_DATA`` (by default ``../shared/data``); sets that are absent are named and
skipped. Training never reads them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from embeddings import Encoder, load_encoder

DATA = Path(os.environ.get("YINJU_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
QA_SETS = {
    "DRCD dev": "qa/drcd.zht.dev",
    "DuReader-robust dev": "qa/dureader_robust.zh.dev",
    "WebQA test": "qa/webqa.zh.test",
    "xwlb 2026 title": "pairs/xwlb_title_body.zh",
    "KazQAD dev": "qa/kazqad.kk.dev",
    "JaQuAD dev": "qa/jaquad.ja.dev",
    "KorQuAD dev": "qa/korquad1.ko.dev",
    "FairytaleQA val": "qa/fairytaleqa.en.val",
    "PQuAD val": "qa/pquad.fa.validation",
}
# a sentence in one language, its translation among a thousand in the other: fusion must not spoil it
ABROAD = [("en", "zh"), ("ru", "zh"), ("zh", "en")]
PAIR_SETS = {
    "WMT zh-en": [f"parallel/wmt{year}.zh-en" for year in (21, 22, 23)],
    "WMT en-zh": [f"parallel/wmt{year}.en-zh" for year in (21, 22, 23, 24)],
    "WMT ru-en": [f"parallel/wmt{year}.ru-en" for year in (21, 22, 23)],
    "WMT en-ru": [f"parallel/wmt{year}.en-ru" for year in (21, 22, 23, 24)],
    "WMT ja-zh": ["parallel/wmt24.ja-zh"],
    **{
        f"Tatoeba {code}-en": [f"parallel/tatoeba_laser.{code}-en"]
        for code in ("zh", "ru", "kk", "uz", "tr", "ja", "ko", "ar", "de", "es", "fr")
    },
}
PUD = [("zh", "en"), ("ru", "en"), ("ko", "en"), ("tr", "en"), ("ar", "en"), ("de", "en"), ("zh", "ru")]
WEIGHTS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7)
RRF_K = 60
CHOSEN = "bound 0.2"
DEPTH = 100  # each list is cut here before fusing, as the library does


@dataclass(frozen=True)
class RetrievalSet:
    """Queries and passages; ``relevant[i]`` is the index of query ``i``'s passage."""

    name: str
    queries: list[str]
    passages: list[str]
    relevant: np.ndarray


@dataclass(frozen=True)
class Score:
    """R@1, R@5 and mean reciprocal rank over the queries of a set."""

    r1: float
    r5: float
    mrr: float


def records(name: str) -> Iterator[dict[str, Any]]:
    """Records of ``name`` (a path under the data folder without its suffix)."""
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def abroad_set(query: str, passage: str) -> RetrievalSet:
    """UD-PUD sentences of one language as queries, of another as passages."""
    rows = list(records("parallel/ud_pud.multi"))
    return RetrievalSet(
        f"PUD {query} to {passage}", [r[query] for r in rows], [r[passage] for r in rows], np.arange(len(rows))
    )


def retrieval_set(name: str, limit: int | None) -> RetrievalSet:
    """One set with all its passages and at most ``limit`` queries (drawn with a fixed seed)."""
    path = QA_SETS[name]
    passages: dict[str, int] = {}
    pairs: list[tuple[str, int]] = []
    for record in records(path):
        if "positive" in record:
            if not record["date"].startswith("2026"):
                continue
            query, passage = record["query"], record["positive"]
        else:
            query, passage = record["question"], record["context"]
        number = passages.setdefault(passage, len(passages))
        if record.get("answerable", True):
            pairs.append((query, number))
    if limit and len(pairs) > limit:
        pairs = random.Random(11).sample(pairs, limit)
    return RetrievalSet(name, [q for q, _ in pairs], list(passages), np.array([n for _, n in pairs]))


def score(similarity: np.ndarray, relevant: np.ndarray) -> Score:
    """Score a matrix ``[queries, passages]``. Equal scores count as ranked before the right passage."""
    own = similarity[np.arange(len(relevant)), relevant][:, None]
    rank = (similarity >= own).sum(axis=1)
    return Score(float((rank <= 1).mean()), float((rank <= 5).mean()), float((1 / rank).mean()))


@cache
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def terms(text: str) -> list[str]:
    """Characters and their bigrams for Han and kana, whole words elsewhere; width, case and variants folded.

    terms("中国 GDP") -> ["中", "国", "中国", "gdp"]
    """
    folded = _simplifier().convert(unicodedata.normalize("NFKC", text).casefold())
    found: list[str] = []
    word = ""
    previous = ""
    for character in [*folded, " "]:
        wide = "\u3040" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff"
        if not wide and unicodedata.category(character)[0] in "LMN":
            word += character
            previous = ""
            continue
        if word:
            found.append(word)
            word = ""
        if wide:
            found.append(character)
            if previous:
                found.append(previous + character)
        previous = character if wide else ""
    return found


class Lexical:
    """BM25 over passages (bm25s, its default Lucene variant, k1 1.5, b 0.75)."""

    def __init__(self, passages: Sequence[str]) -> None:
        import bm25s

        self._size = len(passages)
        self._retriever = bm25s.BM25(k1=1.5, b=0.75)
        tokens = [terms(p) or [""] for p in passages]
        self._retriever.index(tokens, show_progress=False)
        self._found_in = Counter(term for passage in tokens for term in set(passage))

    def bounds(self, queries: Sequence[str]) -> np.ndarray:
        """The score no passage can pass, float32 ``[queries, 1]``: the inverse document frequencies summed."""
        n = self._size
        sums = [
            sum(np.log(1 + (n - self._found_in[t] + 0.5) / (self._found_in[t] + 0.5)) for t in terms(query))
            for query in queries
        ]
        return np.maximum(np.asarray(sums, dtype=np.float32)[:, None], 1e-6)

    def scores(self, queries: Sequence[str]) -> np.ndarray:
        """Scores float32 ``[queries, passages]``."""
        rows = []
        for query in queries:
            known = [t for t in terms(query) if t in self._retriever.vocab_dict]
            rows.append(self._retriever.get_scores(known) if known else np.zeros(self._size))
        return np.asarray(rows, dtype=np.float32)


def dense_matrix(encoder: Encoder, queries: Sequence[str], passages: Sequence[str]) -> np.ndarray:
    """Cosine similarity of every query with every passage, float32."""
    return encoder.encode_queries(queries) @ encoder.encode_passages(passages).T


def _cut(matrix: np.ndarray) -> np.ndarray:
    """Ranks from 1; ``inf`` beyond the depth kept."""
    order = np.argsort(-matrix, axis=1, kind="stable")[:, :DEPTH]
    ranks = np.full(matrix.shape, np.inf, dtype=np.float32)
    np.put_along_axis(ranks, order, np.arange(1, order.shape[1] + 1, dtype=np.float32)[None, :], axis=1)
    return ranks


def fuse_rrf(dense: np.ndarray, lexical: np.ndarray) -> np.ndarray:
    """Reciprocal rank fusion (Cormack et al., 2009) of the two lists, k = 60."""
    return 1 / (RRF_K + _cut(dense)) + 1 / (RRF_K + np.where(lexical > 0, _cut(lexical), np.inf))


def fuse_convex(dense: np.ndarray, lexical: np.ndarray, weight: float, bounds: np.ndarray | None = None) -> np.ndarray:
    """``weight * cosine + (1 - weight) * BM25 / most``, over the union of both lists (Bruch et al., 2022).

    ``most`` is the best BM25 score of the query, or with ``bounds`` ``[queries, 1]`` the best score any
    passage could have: then a query that shares little with every passage (another language) leaves the
    choice to the vectors. A passage of one list only keeps its exact score in the other.
    """
    most = lexical.max(axis=1, keepdims=True) if bounds is None else bounds
    scaled = np.divide(lexical, most, out=np.zeros_like(lexical), where=most > 0)
    fused = weight * np.maximum(dense, 0) + (1 - weight) * scaled
    offered = np.isfinite(_cut(dense)) | np.isfinite(np.where(lexical > 0, _cut(lexical), np.inf))
    return np.where(offered, fused, -1.0)


def systems(encoder: Encoder, queries: list[str], passages: list[str]) -> Iterator[tuple[slice, dict[str, np.ndarray]]]:
    """Score matrices of every system, a thousand queries at a time."""
    vectors = encoder.encode_passages(passages)
    index = Lexical(passages)
    for first in range(0, len(queries), 1000):
        part = slice(first, first + 1000)
        dense = encoder.encode_queries(queries[part]) @ vectors.T
        lexical, bounds = index.scores(queries[part]), index.bounds(queries[part])
        matrices = {"dense": dense, "bm25": lexical, "rrf": fuse_rrf(dense, lexical)}
        matrices |= {f"best {w}": fuse_convex(dense, lexical, w) for w in WEIGHTS}
        matrices |= {f"bound {w}": fuse_convex(dense, lexical, w, bounds) for w in WEIGHTS}
        yield part, matrices


def open_retrieval(encoder: Encoder, data: RetrievalSet) -> dict[str, Score]:
    """Scores of dense, BM25, RRF and every convex weight on one set."""
    found: dict[str, list[tuple[int, Score]]] = {}
    for part, matrices in systems(encoder, data.queries, data.passages):
        relevant = data.relevant[part]
        for system, matrix in matrices.items():
            found.setdefault(system, []).append((len(relevant), score(matrix, relevant)))
    return {system: _mean(parts) for system, parts in found.items()}


def _mean(parts: list[tuple[int, Score]]) -> Score:
    total = sum(n for n, _ in parts)
    return Score(
        sum(n * s.r1 for n, s in parts) / total,
        sum(n * s.r5 for n, s in parts) / total,
        sum(n * s.mrr for n, s in parts) / total,
    )


def translation_pairs() -> Iterator[tuple[str, list[str], list[str]]]:
    """(name, sentences, their translations) of every set that is there; duplicates removed."""
    for name, paths in PAIR_SETS.items():
        pairs = [(r["a"], r["b"]) for path in paths if (DATA / f"{path}.jsonl.gz").is_file() for r in records(path)]
        if pairs:
            yield name, *_distinct(pairs)
    if (DATA / "parallel/ud_pud.multi.jsonl.gz").is_file():
        rows = list(records("parallel/ud_pud.multi"))
        for a, b in PUD:
            yield f"PUD {a}-{b}", *_distinct([(r[a], r[b]) for r in rows])


def _distinct(pairs: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    left: dict[str, str] = {}
    seen: set[str] = set()
    for a, b in pairs:
        if a not in left and b not in seen:
            left[a] = b
            seen.add(b)
    return list(left), list(left.values())


def across(encoder: Encoder, left: Sequence[str], right: Sequence[str]) -> float:
    """Accuracy at 1 of finding the translation, the mean of both directions."""
    similarity = dense_matrix(encoder, left, right)
    index = np.arange(len(similarity))
    return float(((similarity.argmax(axis=1) == index).mean() + (similarity.argmax(axis=0) == index).mean()) / 2)


def speed(encoder: Encoder) -> dict[str, float]:
    """Encoding speed over Chinese news passages, and the 95th percentile of one query, on this machine."""
    data = retrieval_set("DRCD dev", None)
    begun = time.perf_counter()
    encoder.encode_passages(data.passages)
    passages = len(data.passages) / (time.perf_counter() - begun)
    sentences = [s for p in data.passages for s in p.split("。") if s]
    begun = time.perf_counter()
    encoder.encode_passages(sentences)
    per_sentence = len(sentences) / (time.perf_counter() - begun)
    times = []
    for query in data.queries[:500]:
        begun = time.perf_counter()
        encoder.encode_queries([query])
        times.append(time.perf_counter() - begun)
    return {
        "passages_per_second": passages,
        "passage_characters": float(np.mean([len(p) for p in data.passages])),
        "sentences_per_second": per_sentence,
        "sentence_characters": float(np.mean([len(s) for s in sentences])),
        "query_p95_ms": 1000 * float(np.percentile(times, 95)),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", default="builtin", help="builtin, a folder or a hub name")
    parser.add_argument("--queries", type=int, help="at most this many queries per set")
    parser.add_argument("--sets", nargs="*", default=list(QA_SETS), help="retrieval sets to run")
    parser.add_argument("--json", type=Path, help="write all scores here")
    arguments = parser.parse_args()
    if not DATA.is_dir():
        print(f"No development sets at {DATA}. Set YINJU_DATA to their folder.", file=sys.stderr)
        return 1
    encoder = load_encoder(arguments.encoder)
    print(f"encoder {encoder.identity}, {encoder.dimension} dimensions\n")
    report: dict[str, Any] = {"encoder": encoder.identity, "retrieval": {}, "across": {}}
    print(f"{'R@1 / R@5 / MRR':24}{'dense':>22}{'BM25':>22}{'RRF':>22}{'chosen fusion':>22}")
    there = [name for name in arguments.sets if (DATA / f"{QA_SETS[name]}.jsonl.gz").is_file()]
    if absent := sorted(set(arguments.sets) - set(there)):
        print(f"not there, skipped: {', '.join(absent)}")
    sets = [retrieval_set(name, arguments.queries) for name in there]
    if (DATA / "parallel/ud_pud.multi.jsonl.gz").is_file():
        sets += [abroad_set(*pair) for pair in ABROAD]
    for data in sets:
        scores = open_retrieval(encoder, data)
        cells = "".join(
            f"{f'{s.r1:.3f} / {s.r5:.3f} / {s.mrr:.3f}':>22}"
            for s in (scores[k] for k in ("dense", "bm25", "rrf", CHOSEN))
        )
        print(f"{data.name:24}{cells}", flush=True)
        report["retrieval"][data.name] = {k: vars(v) for k, v in scores.items()}
    print("\nthe curve that chose the fusion: mean R@1 over one-language sets, and over sets across languages")
    for system in next(iter(report["retrieval"].values()), {}):
        means = [
            np.mean([s[system]["r1"] for n, s in report["retrieval"].items() if n.startswith("PUD") == abroad] or [0])
            for abroad in (False, True)
        ]
        print(f"{system:12}{means[0]:.4f}  {means[1]:.4f}")
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
