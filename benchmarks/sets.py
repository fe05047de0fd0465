"""The development sets of the retrieval benchmark: questions with the passages among which theirs is to be found.

The sets are read from ``$YINJU_DATA`` (by default ``../shared/data``). Training never reads them.
"""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

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


@dataclass(frozen=True)
class RetrievalSet:
    """Queries and passages; ``relevant[i]`` is the index of query ``i``'s passage."""

    name: str
    queries: list[str]
    passages: list[str]
    relevant: np.ndarray


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
