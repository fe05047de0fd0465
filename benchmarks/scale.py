"""Search at ten thousand, a hundred thousand and a million passages: build time, memory, disk, latency, recall.

The passages are real news text, repeated with edits until there are enough: a further copy of a passage has two of its
sentences replaced by sentences of other passages. A passage's vector is the normed sum of its sentences' sums, which
is what the encoder gives for the whole. Everything goes through the product's library but the reading of files.

    python -m benchmarks.scale 10000 100000 1000000 [--queries 200]
    python -m benchmarks.scale --crossover             # exact search against cells, by number of vectors

Times are by the clock, on whatever else the machine is doing; the processor seconds stand beside.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

import numpy as np

from benchmarks.sets import records, retrieval_set
from embeddings import VectorIndex, load_encoder, structures
from embeddings.static import StaticEncoder
from rag.library import Library
from rag.records import Article, Paragraph, Passage, RawDocument
from rag.settings import Settings

NEWS = ("text/crud_news.zh", "text/xwlb_news.zh")
PASSAGE = 320  # characters, as the product cuts
PER_DOCUMENT = 1000
MOST_REAL = 100_000  # passages as they were written; further ones are edited copies
DOCUMENTS_AT_ONCE = 25
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")


class News:
    """News sentences with the sums of their token vectors, and passages made of them."""

    def __init__(self, encoder: StaticEncoder, most: int) -> None:
        """Read as many articles as ``most`` passages need."""
        self._encoder = encoder
        self.sentences: list[str] = []
        self.passages: list[list[int]] = []
        for text in (record["text"] for name in NEWS for record in records(name)):
            if len(self.passages) >= most:
                break
            piece: list[int] = []
            size = 0
            for sentence in (found.group().strip() for found in _SENTENCE.finditer(text)):
                if not sentence:
                    continue
                if piece and size + len(sentence) > PASSAGE:
                    self.passages.append(piece)
                    piece, size = [], 0
                piece.append(len(self.sentences))
                self.sentences.append(sentence)
                size += len(sentence)
            if piece:
                self.passages.append(piece)

    @cached_property
    def sums(self) -> np.ndarray:
        """The sum of the token vectors of every sentence, float32 ``[sentences, dimension]``."""
        sums = np.zeros((len(self.sentences), self._encoder.dimension), dtype=np.float32)
        for row, ids in enumerate(self._encoder.token_ids(self.sentences)):
            if len(ids):
                self._encoder.vectors(ids).sum(axis=0, out=sums[row])
        return sums

    def text(self, number: int) -> str:
        """Passage ``number`` of the real ones."""
        return "".join(self.sentences[i] for i in self.passages[number])

    def passage(self, number: int, rng: random.Random) -> tuple[str, np.ndarray]:
        """Passage ``number`` with its vector; past the real ones an edited copy."""
        piece = list(self.passages[number % len(self.passages)])
        if number >= len(self.passages):
            for _ in range(2):
                piece[rng.randrange(len(piece))] = rng.randrange(len(self.sentences))
        vector = self.sums[piece].sum(axis=0)
        return "".join(self.sentences[i] for i in piece), vector / max(float(np.linalg.norm(vector)), 1e-9)


class Stopwatch:
    """Seconds by the clock and of the processor since it was made."""

    def __init__(self) -> None:
        self._begun, self._used = time.perf_counter(), time.process_time()

    def __str__(self) -> str:
        return f"{time.perf_counter() - self._begun:.1f} s ({time.process_time() - self._used:.1f} s of processor)"


def documents(news: News, count: int) -> Iterator[tuple[RawDocument, list[Article], list[Passage], np.ndarray]]:
    """``count`` passages in documents of ``PER_DOCUMENT``."""
    rng = random.Random(count)
    for first in range(0, count, PER_DOCUMENT):
        name = f"d{first:08d}"
        pairs = [news.passage(number, rng) for number in range(first, min(first + PER_DOCUMENT, count))]
        passages, start = [], 0
        for i, (text, _) in enumerate(pairs):
            passages.append(Passage(f"{name}-{i}", name, i, text, start, start + len(text), date="2024-05-01"))
            start += len(text) + 1
        raw = RawDocument(name, "\n".join(text for text, _ in pairs), name, "2024-05-01")
        articles = [Article(None, (Paragraph(p.text, p.start, p.end),)) for p in passages]
        yield raw, articles, passages, np.stack([vector for _, vector in pairs])


def build(library: Library, news: News, count: int) -> None:
    """Fill a library as adding files does, from the catalog on."""
    batch = []

    def flush() -> None:
        stored = library._catalog.put_all([(raw.path, raw, a, p, v) for raw, a, p, v in batch])
        added = [
            pair for (keys, _), (_, _, p, _) in zip(stored, batch, strict=True) for pair in zip(keys, p, strict=True)
        ]
        vectors = np.concatenate([v for *_, v in batch])
        library._indexes.update(added, vectors, [], library._catalog.generation)
        batch.clear()

    for document in documents(news, count):
        batch.append(document)
        if len(batch) == DOCUMENTS_AT_ONCE:
            flush()
    if batch:
        flush()
    library._indexes.save()


def latency(name: str, call: Callable[[str], object], queries: list[str]) -> None:
    """Print the median and the 95th percentile over ``queries``, the first ten not counted."""
    times, used = [], []
    for query in queries:
        begun, before = time.perf_counter(), time.process_time()
        call(query)
        times.append(1000 * (time.perf_counter() - begun))
        used.append(1000 * (time.process_time() - before))
    times, used = times[10:], used[10:]
    print(
        f"  {name:22} p50 {np.percentile(times, 50):7.1f} ms  p95 {np.percentile(times, 95):7.1f} ms"
        f"   of processor: p50 {np.percentile(used, 50):7.1f}  p95 {np.percentile(used, 95):7.1f}",
        flush=True,
    )


def recall(library: Library, vectors: np.ndarray, k: int = 10) -> float:
    """Recall@k of the vector index against an exact search over the catalog's embeddings."""
    best: list[list[tuple[float, int]]] = [[] for _ in vectors]
    for keys, _, rows in library._catalog.every_passage(20_000):
        scores = vectors @ rows.T
        top = np.argpartition(-scores, min(k, len(keys) - 1), axis=1)[:, :k]
        for query, chosen in enumerate(top):
            best[query] = sorted([*best[query], *((float(scores[query, i]), keys[i]) for i in chosen)], reverse=True)[
                :k
            ]
    found = 0
    for query, vector in enumerate(vectors):
        got = [key for key, _ in library._indexes.dense(vector, k)]
        found += len(set(got) & {key for _, key in best[query]})
    return found / (k * len(vectors))


def measure(news: News, encoder: StaticEncoder, count: int, queries: list[str], folder: Path) -> None:
    """Build one size, unless ``folder`` holds it from an earlier run, and print everything about it."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"\n{count} passages ({min(count, len(news.passages))} of them unedited)", flush=True)
    if not (folder / "library.sqlite").exists():
        watch = Stopwatch()
        with Library(folder, Settings(), encoder) as library:
            build(library, news, count)
        print(f"  build, new cells in place of outgrown ones included: {watch}", flush=True)
    with Library(folder, Settings(), encoder) as library:
        print(f"  {library._indexes._vectors.kind} index of {len(library)} passages", flush=True)
        sizes = {p.name: sum(f.stat().st_size for f in [p, *p.rglob("*")] if f.is_file()) for p in folder.iterdir()}
        print("  disk, MiB: " + ", ".join(f"{n} {s / 2**20:.0f}" for n, s in sorted(sizes.items()) if s > 2**20))
        vectors = encoder.encode_queries(queries)
        print(f"  recall@10 against exact search: {recall(library, vectors[:100]):.4f} (100 questions)", flush=True)
        latency("dense", lambda q: library._indexes.dense(encoder.encode_queries([q])[0], 100), queries)
        latency("lexical", lambda q: library._indexes.lexical(q, 100), queries)
        latency("hybrid, as the product", lambda q: library.search(q, 10), queries)
        watch = Stopwatch()
        library.remove(library.documents()[1].id)
        print(f"  removing a document of {PER_DOCUMENT} passages: {watch}", flush=True)
    watch = Stopwatch()
    with Library(folder, Settings(), encoder) as library:
        library.search(queries[0])
        print(f"  opening again and a first search: {watch}")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"  memory at its most, above the {before / 1024:.0f} MiB of the text itself: {(most - before) / 1024:.0f} MiB"
    )


def crossover(news: News, encoder: StaticEncoder) -> None:
    """Milliseconds of an exact search and of a search in cells, by number of vectors."""
    rng = random.Random(1)
    queries = encoder.encode_queries(retrieval_set("DRCD dev", 100).queries)
    for count in (100_000, 200_000, 300_000):
        vectors = np.stack([news.passage(number, rng)[1] for number in range(count)])
        row = f"{count:>8}"
        exact: list[set[int]] = []
        for kind, large in (("flat", count), ("ivf", count - 1)):
            structures.LARGE = large
            index = VectorIndex(encoder.dimension, encoder.identity)
            watch = Stopwatch()
            index.add(np.arange(count), vectors)
            built = str(watch)
            used = time.process_time()
            found = [{key for key, _ in index.search(query, 10)} for query in queries]
            used = 1000 * (time.process_time() - used) / len(queries)
            exact = exact or found
            same = np.mean([len(a & b) for a, b in zip(exact, found, strict=True)]) / 10
            row += f"   {kind} {used:6.2f} ms, recall {same:.3f}, built in {built}"
        print(row, flush=True)
    for share in (0.06, 0.12, 0.24, 0.4, 0.6):
        structures.PROBED = share
        used = time.process_time()
        found = [{key for key, _ in index.search(query, 10)} for query in queries]
        used = 1000 * (time.process_time() - used) / len(queries)
        same = np.mean([len(a & b) for a, b in zip(exact, found, strict=True)]) / 10
        print(f"{share:8.2f} of {index._faiss.nlist} cells searched: {used:6.2f} ms, recall {same:.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000])
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--crossover", action="store_true")
    parser.add_argument("--folder", type=Path, help="where to keep the libraries, for later runs; default: nowhere")
    arguments = parser.parse_args()
    encoder = load_encoder("builtin")
    assert isinstance(encoder, StaticEncoder)
    watch = Stopwatch()
    news = News(encoder, 40_000 if arguments.crossover else min(max(arguments.sizes), MOST_REAL))
    print(f"{len(news.passages)} passages of {len(news.sentences)} sentences read in {watch}", flush=True)
    if arguments.crossover:
        crossover(news, encoder)
        return
    queries = retrieval_set("DRCD dev", arguments.queries + 10).queries
    with tempfile.TemporaryDirectory() as temporary:
        for count in arguments.sizes:
            folder = (arguments.folder or Path(temporary)) / str(count)
            folder.mkdir(parents=True, exist_ok=True)
            measure(news, encoder, count, queries, folder)


if __name__ == "__main__":
    main()
