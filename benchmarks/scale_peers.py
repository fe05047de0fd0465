"""The same passages in Yinju, txtai and Haystack with the same encoder: ingest time, query time, memory, disk.

Each system runs in a process of its own and is given the same ready passages (see ``benchmarks.scale``), which it
encodes with the built-in encoder, keeps and searches both ways, as its documentation shows. R@1 is of a
passage's own second sentence as the question, so that a fast system that finds nothing is seen.

    python -m benchmarks.scale_peers --passages 100000          # pip install txtai haystack-ai
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.product import fill
from benchmarks.scale import News
from embeddings import load_encoder
from embeddings.static import StaticEncoder
from rag.library import Library
from rag.settings import Settings

Search = Callable[[str], Sequence[int]]
K = 10


def yinju(passages: list[str], encoder: StaticEncoder, folder: Path) -> Search:
    """The product, from the catalog on."""
    library = Library(folder, Settings(), encoder)
    for first in range(0, len(passages), 20_000):
        fill(library, encoder, passages[first : first + 20_000], f"d{first}")
    library._indexes.save()

    def search(question: str) -> list[int]:
        hits = library.search(question, K)
        return [int(hit.passage.document[1:]) + int(hit.passage.id.rpartition("-")[2]) for hit in hits]

    return search


def txtai(passages: list[str], encoder: StaticEncoder, folder: Path) -> Search:
    """txtai: hybrid, content kept."""
    from txtai import Embeddings

    transform = lambda texts: encoder.encode_passages(texts)  # noqa: E731  (txtai calls anything but a function first)
    index = Embeddings({"method": "external", "transform": transform, "content": True, "hybrid": True})
    index.index((number, passage, None) for number, passage in enumerate(passages))
    index.save(str(folder / "index"))
    return lambda question: [int(found["id"]) for found in index.search(question, K)]


def haystack(passages: list[str], encoder: StaticEncoder, folder: Path) -> Search:
    """Haystack: the in-memory store, BM25 and embeddings joined by reciprocal rank."""
    from haystack import Document
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    for first in range(0, len(passages), 10_000):
        part = passages[first : first + 10_000]
        vectors = encoder.encode_passages(part)
        store.write_documents(
            [
                Document(content=text, meta={"number": first + i}, embedding=vector.tolist())
                for i, (text, vector) in enumerate(zip(part, vectors, strict=True))
            ]
        )
    store.save_to_disk(str(folder / "store.json"))
    words, dense = InMemoryBM25Retriever(store), InMemoryEmbeddingRetriever(store)
    join = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def search(question: str) -> list[int]:
        near = dense.run(encoder.encode_queries([question])[0].tolist(), top_k=K)["documents"]
        joined = join.run([words.run(question, top_k=K)["documents"], near], top_k=K)["documents"]
        return [int(one.meta["number"]) for one in joined]

    return search


SYSTEMS = {"yinju": yinju, "txtai": txtai, "haystack": haystack}


def one(name: str, count: int, queries: int) -> None:
    """Measure one system in this process and print its row."""
    encoder = load_encoder("builtin")
    assert isinstance(encoder, StaticEncoder)
    rng = random.Random(7)
    news = News(encoder, count)
    passages = [news.text(number) for number in range(min(count, len(news.passages)))]
    asked = [n for n in rng.sample(range(min(count, len(news.passages))), 3 * queries) if len(news.passages[n]) > 2]
    pairs = [(news.sentences[news.passages[number][1]], number) for number in asked[: queries + 5]]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder:
        begun, used = time.perf_counter(), time.process_time()
        search = SYSTEMS[name](passages, encoder, Path(folder))
        clock, used = time.perf_counter() - begun, time.process_time() - used
        disk = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        times, of_processor, right = [], [], []
        for question, number in pairs:
            begun, spent = time.perf_counter(), time.process_time()
            found = search(question)
            times.append(1000 * (time.perf_counter() - begun))
            of_processor.append(1000 * (time.process_time() - spent))
            right.append(bool(found) and passages[found[0]] == passages[number])
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    clocked, spent = np.percentile(times[5:], (50, 95)), np.percentile(of_processor[5:], 50)
    print(
        f"{name:10} ingest {clock:7.1f} s (processor {used:7.1f} s)  query p50 {clocked[0]:8.1f} ms"
        f"  p95 {clocked[1]:8.1f} ms (processor p50 {spent:8.1f} ms)  memory +{memory:6.0f} MiB"
        f"  disk {disk / 2**20:6.0f} MiB  R@1 {np.mean(right):.3f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--systems", nargs="*", default=list(SYSTEMS), choices=list(SYSTEMS))
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        one(arguments.systems[0], arguments.passages, arguments.queries)
        return
    print(f"{arguments.passages} passages, {arguments.queries} questions", flush=True)
    for name in arguments.systems:
        command = [sys.executable, "-m", "benchmarks.scale_peers", "--one", "--systems", name]
        subprocess.run(
            [*command, "--passages", str(arguments.passages), "--queries", str(arguments.queries)], check=False
        )


if __name__ == "__main__":
    main()
