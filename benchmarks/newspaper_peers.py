"""Newspaper pages through the default pipelines of well-known peers, and through ours, in one run.

    python -m benchmarks.newspaper_peers [--pages 100] [--first 3000] [--systems yinju llamaindex haystack txtai]

Each system cuts the same generated pages into passages as it does when nothing is set. Measured against the
layout truth: how many passages mix two articles; how many can be found in the raw text by the offsets the
system itself gives; how many of the writers' sentences stand whole in one passage, and how many stand there
as written. The peers are not dependencies: ``pip install llama-index-core haystack-ai txtai``; one that is
absent is left out with a message.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.newspaper import issues
from training.layout import LaidOutPage
from training.layout.measure import squeeze

_SENTENCE = re.compile(r"[^。！？]+[。！？]+[”’」』）]*")
_ENOUGH = 5  # characters of a second article that make a passage a mixed one


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage as a system cut it; ``start`` is where the system says that it stands, None when it does not."""

    text: str
    start: int | None
    end: int | None = None


def yinju(text: str) -> list[Piece]:
    """Ours: restoration, then passages."""
    from rag.preparing import restored
    from rag.records import RawDocument

    _, passages, _ = restored(RawDocument("/page.txt", text, "page"), "page")
    return [Piece(passage.text, passage.start, passage.end) for passage in passages]


def llamaindex(text: str) -> list[Piece]:
    """LlamaIndex: ``SentenceSplitter`` as it comes."""
    from llama_index.core import Document
    from llama_index.core.node_parser import SentenceSplitter

    nodes = SentenceSplitter().get_nodes_from_documents([Document(text=text)])
    return [Piece(node.text, node.start_char_idx, node.end_char_idx) for node in nodes]  # type: ignore[attr-defined]


def haystack(text: str) -> list[Piece]:
    """Haystack: ``DocumentSplitter`` as it comes."""
    from haystack import Document
    from haystack.components.preprocessors import DocumentSplitter

    splitter = DocumentSplitter()
    splitter.warm_up()
    found = splitter.run([Document(content=text)])["documents"]
    return [Piece(one.content or "", one.meta.get("split_idx_start")) for one in found]


def txtai(text: str) -> list[Piece]:
    """txtai: ``Segmentation`` into paragraphs, which gives texts without places."""
    from txtai.pipeline import Segmentation

    return [Piece(piece, None) for piece in Segmentation(paragraphs=True)(text) or []]


SYSTEMS: dict[str, Callable[[str], list[Piece]]] = {
    "yinju": yinju,
    "llamaindex": llamaindex,
    "haystack": haystack,
    "txtai": txtai,
}


def measure(page: LaidOutPage, pieces: Sequence[Piece]) -> Counter[str]:
    """Counts for one page and one system."""
    counts: Counter[str] = Counter(passages=len(pieces))
    dense = squeeze(page.text)
    places = [n for n, character in enumerate(page.text) if not character.isspace()]
    owner: dict[int, int] = {}
    for number, article in enumerate(page.articles):
        for start, end in _spans(article):
            owner.update(dict.fromkeys(range(start, end), number))
    at = 0
    for piece in pieces:
        text = squeeze(piece.text)
        if piece.start is not None:
            end = piece.end if piece.end is not None else piece.start + len(piece.text)
            counts["mapped"] += bool(text) and squeeze(page.text[piece.start : end]) == text
            begin = bisect_right(places, piece.start - 1)
        else:
            begin = max(0, dense.find(text, at))
            at = begin + len(text)
        share = Counter(owner[n] for n in places[begin : begin + len(text)] if n in owner)
        counts["mixed"] += sum(count >= _ENOUGH for count in share.values()) > 1
    whole = [squeeze(piece.text) for piece in pieces]
    for article in page.articles:
        for paragraph in article.paragraphs:
            if paragraph.kind != "body":
                continue
            for sentence in map(squeeze, _SENTENCE.findall(paragraph.text)):
                counts["sentences"] += 1
                counts["whole"] += any(sentence in text for text in whole)
                if not re.search(r"[A-Za-z]", sentence):  # no white space belongs inside
                    counts["plain"] += 1
                    counts["written"] += any(sentence in piece.text for piece in pieces)
    return counts


def _spans(article: object) -> Iterator[tuple[int, int]]:
    for paragraph in article.paragraphs:  # type: ignore[attr-defined]
        yield paragraph.start, paragraph.end
    yield from article.headline_spans  # type: ignore[attr-defined]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--first", type=int, default=3000, help="first seed; 50 pages for each")
    parser.add_argument("--systems", nargs="+", default=list(SYSTEMS), choices=list(SYSTEMS))
    options = parser.parse_args()
    data = Path(os.environ.get("YINJU_SHARED", "../shared")) / "data" / "text"
    if not data.is_dir():
        print(f"no news texts at {data}; set YINJU_SHARED", file=sys.stderr)
        return 1
    pages = [
        page
        for seed in range(options.first, options.first + -(-options.pages // 50))
        for issue in issues(seed, 50, data)
        for page in issue.pages
    ][: options.pages]
    print(f"{len(pages)} generated pages, {sum(len(page.articles) for page in pages)} articles\n")
    print("| system | passages | mix two articles | offsets exact | sentences whole | sentences as written |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name in options.systems:
        try:
            total: Counter[str] = Counter()
            for page in pages:
                total += measure(page, SYSTEMS[name](page.text))
        except ImportError as error:
            print(f"{name}: left out, not installed ({error}); see the head of this file", file=sys.stderr)
            continue
        shares = [
            total[a] / max(1, total[b])
            for a, b in (("mixed", "passages"), ("mapped", "passages"), ("whole", "sentences"), ("written", "plain"))
        ]
        print(f"| {name} | {total['passages']} | " + " | ".join(f"{share:.3f}" for share in shares) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
