"""Ours beside what a user would pick instead: the same documents, questions and scorer.

    python -m benchmarks.peers                                    the built-in set, all systems installed here
    python -m benchmarks.peers --set PATH --limit 300 --systems yinju bm25 haystack

Each system runs in a process of its own, so that time (the processor's, which other work on the machine does not
lengthen) and memory are its own. A run folder is kept for each
(``runs/peers/SET/SYSTEM``), a report with all of them side by side, and one Markdown table over all sets.

The peers run as their documentation shows for work without a network: no reader model can be had then, so
their answer is the passage they rank first, and they never abstain. Both are given our encoder, since none of
their own is in the package. Not in the package's dependencies: ``pip install txtai haystack-ai``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval import runs
from eval.builtin import locate
from eval.formats import load_set
from eval.measures import latencies, measure, named
from eval.records import Run
from eval.report import html, markdown
from eval.sets import QuestionSet
from eval.systems import BaselineSystem, LibrarySystem, System
from rag.records import Citation, Hit, Passage, Reply, Turn

PASSAGE = 320  # characters, as ours
MEASURES = (
    *("R@1", "R@5", "nDCG@10", "exact", "F1", "answer contained", "citation support", "evidence cited"),
    *("false answers", "false refusals"),
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A passage as a peer cut it: its document and its span in the raw text."""

    document: str
    text: str
    start: int
    end: int


class _Peer:
    """What both peers share: pieces by number, hits from (number, score), the first one as the answer."""

    def __init__(self, name: str, paths: Mapping[str, Path]) -> None:
        self.name = name
        self.settings: Mapping[str, object] = {}
        self.models: Mapping[str, str] = {}
        self._texts = {document: path.read_text("utf-8") for document, path in paths.items()}
        self._paths = paths
        self._pieces: list[_Piece] = []

    def ranked(self, question: str, k: int) -> Sequence[tuple[int, float]]:
        """Return (piece number, score), best first."""
        raise NotImplementedError

    def search(self, question: str, k: int) -> Sequence[Hit]:
        found = []
        for rank, (number, score) in enumerate(self.ranked(question, k), 1):
            piece = self._pieces[number]
            passage = Passage(str(number), piece.document, 0, piece.text, piece.start, piece.end)
            found.append(Hit(rank, score, passage, str(self._paths[piece.document])))
        return found

    def answer(self, question: str, history: Sequence[Turn]) -> Reply:
        hits = self.search(question, 10)
        if not hits:
            return Reply(question, "", "", "", True, 0.0, (), ())
        best = hits[0]
        span = best.passage
        quote = self._texts[span.document][span.start : span.end]
        cited = Citation(1, quote, span.document, best.path, None, None, span.start, span.end, best.score)
        line = " ".join(span.text.split())
        return Reply(question, "", f"{line}[1]", span.text, False, best.score, (cited,), tuple(hits))

    def raw(self, document: str) -> str:
        return self._texts[document]

    def _encode(self, texts: Sequence[Any]) -> Any:
        return self._encoder.encode_passages([str(text) for text in texts])

    @property
    def _encoder(self) -> Any:
        from embeddings import load_encoder

        if not hasattr(self, "_loaded"):
            self._loaded = load_encoder()
            self.models = {"encoder": self._loaded.identity}
        return self._loaded


class Txtai(_Peer):
    """txtai: its paragraph segmentation, hybrid index (BM25 and vectors), the first result as the answer."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        from txtai import Embeddings
        from txtai.pipeline import Segmentation

        super().__init__("txtai", paths)
        cut = Segmentation(paragraphs=True)
        for document, text in self._texts.items():
            at = 0
            for piece in cut(text) or []:
                start, end = locate(text, at, min(len(text), at + 4 * len(piece) + 200), piece)
                if start >= 0:
                    self._pieces.append(_Piece(document, piece, start, end))
                    at = end
        self.settings = {"segmentation": "paragraphs", "hybrid": True}
        encode = self._encode
        transform = lambda texts: encode(texts)  # noqa: E731  (txtai calls anything but a plain function first)
        self._index = Embeddings({"method": "external", "transform": transform, "content": True, "hybrid": True})
        self._index.index([(number, piece.text, None) for number, piece in enumerate(self._pieces)])

    def ranked(self, question: str, k: int) -> Sequence[tuple[int, float]]:
        return [(int(found["id"]), float(found["score"])) for found in self._index.search(question, k)]


class Haystack(_Peer):
    """Haystack: recursive splitter, in-memory BM25 and embedding retrievers, joined by reciprocal rank."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        from haystack import Document
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.preprocessors import RecursiveDocumentSplitter
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        super().__init__("Haystack", paths)
        splitter = RecursiveDocumentSplitter(
            split_length=PASSAGE, split_overlap=0, split_unit="char", separators=["\n\n", "\n", "。", " "]
        )
        whole = [Document(content=text, meta={"name": document}) for document, text in self._texts.items()]
        documents = []
        for piece in splitter.run(whole)["documents"]:
            text, name, start = piece.content or "", piece.meta["name"], piece.meta["split_idx_start"]
            if text.strip():
                documents.append(Document(content=text, meta={"number": len(self._pieces)}))
                self._pieces.append(_Piece(name, text, start, start + len(text)))
        vectors = self._encode([document.content for document in documents])
        documents = [replace(one, embedding=vector.tolist()) for one, vector in zip(documents, vectors, strict=True)]
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        store.write_documents(documents)
        self.settings = {"split_length": PASSAGE, "join": "reciprocal_rank_fusion"}
        self._words = InMemoryBM25Retriever(store)
        self._dense = InMemoryEmbeddingRetriever(store)
        self._join = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def ranked(self, question: str, k: int) -> Sequence[tuple[int, float]]:
        lists = [
            self._words.run(question, top_k=k)["documents"],
            self._dense.run(self._encode([question])[0].tolist(), top_k=k)["documents"],
        ]
        joined = self._join.run(lists, top_k=k)["documents"]
        return [(int(one.meta["number"]), float(one.score or 0.0)) for one in joined]


def _library(paths: Mapping[str, Path], folder: Path) -> Any:
    from rag import Library

    library = Library.open(folder)
    library.add(list(paths.values()))
    return library


def _ours(paths: Mapping[str, Path], folder: Path) -> System:
    library = _library(paths, folder)
    library.reader()
    return LibrarySystem(library)


SYSTEMS: dict[str, Callable[[Mapping[str, Path], Path], System]] = {
    "yinju": _ours,
    "bm25": lambda paths, folder: BaselineSystem.of(_library(paths, folder)),
    "txtai": lambda paths, folder: Txtai(paths),
    "haystack": lambda paths, folder: Haystack(paths),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run every system on every set, each in its own process, and write the reports and the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=main.__doc__)
    parser.add_argument("--set", dest="sets", nargs="+", default=["builtin"], metavar="SET", help="names or paths")
    parser.add_argument("--systems", nargs="+", default=list(SYSTEMS), choices=list(SYSTEMS), metavar="NAME")
    parser.add_argument("--limit", type=int, metavar="N", help="about N questions of each set")
    parser.add_argument("--out", type=Path, default=Path("runs/peers"), metavar="DIR")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.one:
        _run_one(load_set(arguments.sets[0]).limited(arguments.limit), arguments.systems[0], arguments.out)
        return 0
    rows: list[list[str]] = []
    for name in arguments.sets:
        folder = arguments.out / load_set(name).name
        found = []
        for system in arguments.systems:
            command = [sys.executable, "-m", "benchmarks.peers", "--one", "--set", name, "--systems", system]
            command += ["--out", str(folder / system)]
            command += ["--limit", str(arguments.limit)] if arguments.limit else []
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            if done.returncode:
                last = done.stderr.strip().splitlines()[-1:] or ["no message"]
                print(f"{system} on {name}: left out ({last[0]})", file=sys.stderr)
                continue
            found.append(runs.load(folder / system))
        if found:
            runs.write(folder / "report.html", html(found))
            runs.write(folder / "report.md", markdown(found))
            rows.extend(_row(run) for run in found)
    table = _table(rows)
    arguments.out.mkdir(parents=True, exist_ok=True)
    runs.write(arguments.out / "table.md", table)
    print(table, end="")
    return 0


def _run_one(questions: QuestionSet, name: str, out: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="yinju-peers-") as temporary:
        paths = questions.write_sources(Path(temporary) / "sources")
        start = _processor_seconds()
        system = SYSTEMS[name](paths, Path(temporary) / "library")
        built = _processor_seconds() - start
        run = runs.evaluate(system, questions, paths)
        runs.save(replace(run, totals={**run.totals, "build_seconds": built}), out)


def _processor_seconds() -> float:
    """Processor time of this process and of those it has ended: other work on the machine does not lengthen it."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _row(run: Run) -> list[str]:
    found = named(measure(run.outcomes))
    used = next((one for one in latencies(run.timings) if one.stage == runs.PROCESSOR), None)
    return [
        f"{run.set_name} ({len(run.outcomes)})",
        run.system,
        *(f"{found[name].value:.3f}" if name in found else "–" for name in MEASURES),
        f"{used.p50:.0f}" if used else "–",
        f"{used.p95:.0f}" if used else "–",
        f"{run.totals['build_seconds']:.1f}",
        f"{run.totals['peak_mib']:.0f}",
    ]


def _table(rows: Sequence[Sequence[str]]) -> str:
    head = ["set (questions)", "system", *MEASURES, "CPU ms p50", "p95", "build CPU s", "peak MiB"]
    lines = ["| " + " | ".join(head) + " |", "| --- | --- |" + " ---: |" * (len(head) - 2)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
