"""How many passages the built-in encoder encodes a second, in one process and in two side by side.

Passages are news text cut as the product cuts it (see ``benchmarks.scale``). Every process loads the encoder, makes
its tables ready on texts that do not count, waits for the others, then encodes its share; the clock runs from the first
start to the last end.

    python -m benchmarks.encoding [--passages 60000] [--processes 1 2]
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from multiprocessing.synchronize import Barrier

import numpy as np

from benchmarks.scale import News
from embeddings import load_encoder
from embeddings.static import StaticEncoder

BATCH = 4096  # texts encoded in one call
WARMING = 1000  # texts


def share(texts: list[str], ready: Barrier, results: multiprocessing.Queue[tuple[float, float, float]]) -> None:
    """Encode ``texts``; put (start, end, seconds of processor) into ``results``."""
    encoder = load_encoder("builtin")
    encoder.encode_passages(texts[:WARMING])
    ready.wait()
    begun, used = time.monotonic(), time.process_time()
    for first in range(0, len(texts), BATCH):
        encoder.encode_passages(texts[first : first + BATCH])
    results.put((begun, time.monotonic(), time.process_time() - used))


def measure(texts: list[str], processes: int) -> None:
    """Print the speed of ``processes`` processes that share ``texts``."""
    context = multiprocessing.get_context("spawn")
    ready, results = context.Barrier(processes), context.Queue()
    workers = [
        context.Process(target=share, args=(texts[number::processes], ready, results)) for number in range(processes)
    ]
    for worker in workers:
        worker.start()
    found = [results.get() for _ in workers]
    for worker in workers:
        worker.join()
    clock = max(end for _, end, _ in found) - min(begun for begun, _, _ in found)
    used = sum(seconds for *_, seconds in found)
    print(
        f"{processes} processes: {len(texts) / clock:,.0f} passages a second by the clock, "
        f"{len(texts) / used:,.0f} a second of processor",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=60_000)
    parser.add_argument("--processes", type=int, nargs="*", default=[1, 2])
    arguments = parser.parse_args()
    encoder = load_encoder("builtin")
    assert isinstance(encoder, StaticEncoder)
    news = News(encoder, arguments.passages)
    texts = [news.text(number) for number in range(min(arguments.passages, len(news.passages)))]
    print(f"{len(texts)} passages of {np.mean([len(text) for text in texts]):.0f} characters", flush=True)
    for processes in arguments.processes:
        measure(texts, processes)


if __name__ == "__main__":
    main()
