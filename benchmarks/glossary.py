"""What the glossary brings to questions in English, Russian and Kazakh over Chinese pages, step by step.

    python -m benchmarks.glossary                      the built-in set, by halves of its articles
    python -m benchmarks.glossary --data ../shared/data    also UD-PUD sentences, and KazQAD to see that nothing is lost

Retrieval and reading are measured apart: each step of the reading reads what the whole of the retrieval found. A
question belongs to the half of its article (in order of name, every other one), an unanswerable one to that of
its place in the set. Weights were chosen on the first half.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from eval.scoring import score
from eval.support import squeezed
from rag import Library
from rag.answering import gather
from rag.glossary import Glossed, gloss
from rag.lexical import Entry, LexicalIndex
from rag.reading import select_evidence
from rag.records import Evidence

SET = Path("eval/data/builtin/questions.jsonl")
LANGUAGES = ("zh", "en", "ru", "kk")
STEPS = ("nothing", "dictionary", "+ sound", "+ learned")
Row = dict[str, Any]
Glosser = Callable[[str, str], tuple[Glossed, ...]]


def glosser(step: str) -> Glosser:
    """The glossary with the origins of one step."""
    origins = {"nothing": (), "dictionary": ("dictionary",), "+ sound": ("dictionary", "transcription")}.get(step)

    def restricted(question: str, language: str) -> tuple[Glossed, ...]:
        if step == "nothing":
            return ()
        return tuple(
            replace(
                one,
                glosses=tuple(g for g in one.glosses if origins is None or g.origin in origins),
                syllables=() if step == "dictionary" else one.syllables,
            )
            for one in gloss(question, language)
        )

    return restricted


def halves(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The questions of the development and of the test half."""
    articles = sorted({piece["article"] for row in rows for piece in row["evidence"]})
    first = set(articles[::2])
    sides: tuple[list[Row], list[Row]] = ([], [])
    for place, row in enumerate(rows):
        here = row["evidence"][0]["article"] in first if row["evidence"] else place % 2 == 0
        sides[0 if here else 1].append(row)
    return sides


def retrieval(library: Library, rows: Sequence[Row]) -> str:
    """R@1 / R@5 of each language over the answerable questions."""
    ranks: dict[str, list[int]] = {language: [] for language in LANGUAGES}
    for row in rows:
        if row["answerable"]:
            quote = squeezed(row["evidence"][0]["quote"])
            hits = library.search(row["question"], 10)
            ranks[row["language"]].append(next((h.rank for h in hits if quote in squeezed(h.passage.text)), 99))
    cells = []
    for found in ranks.values():
        cells.append(f"{sum(r == 1 for r in found) / len(found):.3f} / {sum(r <= 5 for r in found) / len(found):.3f}")
    return " | ".join(cells)


def reading(library: Library, rows: Sequence[Row], found: dict[str, list[Evidence]]) -> str:
    """F1 without refusals, F1, false refusals and false answers of each language."""
    reader = library.reader()
    cells = []
    for language in LANGUAGES:
        best, counted, refused, answered = [], [], [], []
        for row in (row for row in rows if row["language"] == language):
            evidence = select_evidence(row["question"], found[row["id"]], library.settings.sentences)
            read = reader.read(row["question"], evidence)
            sure = bool(read.claims) and read.confidence >= reader.threshold
            if not row["answerable"]:
                answered.append(sure)
                continue
            claim = read.claims[0] if read.claims else None
            short = evidence[claim.index].text[claim.start : claim.end] if claim else ""
            f1 = score(short, row["answers"], language).f1 if short else 0.0
            best.append(f1)
            counted.append(f1 if sure else 0.0)
            refused.append(not sure)
        parts = (best, counted, refused, answered)
        cells.append(" / ".join(f"{sum(part) / max(len(part), 1):.3f}" for part in parts))
    return " | ".join(cells)


@contextmanager
def plain_reading() -> Iterator[None]:
    """The reader without glossing."""
    with (
        patch("rag.reading.copying.in_chinese", lambda question, texts: question),
        patch("rag.reading.selecting.in_chinese", lambda question, texts: question),
    ):
        yield


def builtin() -> None:
    """The built-in set."""
    rows = [json.loads(line) for line in SET.read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder, Library.open(folder) as library:
        library.add(sorted(Path("samples/pages").glob("*.txt")))
        for name, side in zip(("development", "test"), halves(rows), strict=True):
            print(f"\n{name} half, R@1 / R@5\n| step | {' | '.join(LANGUAGES)} |")
            for step in STEPS:
                with patch("rag.lexical.gloss", glosser(step)):
                    print(f"| {step} | {retrieval(library, side)} |", flush=True)
            found = {row["id"]: gather(library.search(row["question"], 8), library._catalog.neighbours) for row in side}
            print(f"\n{name} half, F1 without refusals / F1 / false refusals / false answers")
            with plain_reading():
                print(f"| as asked | {reading(library, side, found)} |", flush=True)
            print(f"| glossed | {reading(library, side, found)} |", flush=True)


def lexical(data: Path) -> None:
    """The lexical list alone: UD-PUD across languages, KazQAD within one."""
    with gzip.open(data / "parallel" / "ud_pud.multi.jsonl.gz", "rt", encoding="utf-8") as stream:
        pud = [json.loads(line) for line in stream]
    with gzip.open(data / "qa" / "kazqad.kk.dev.jsonl.gz", "rt", encoding="utf-8") as stream:
        kazqad = [json.loads(line) for line in stream]
    places = {text: place for place, text in enumerate(dict.fromkeys(row["context"] for row in kazqad))}
    chinese = [row.get("zh") or row["zht"] for row in pud]
    sets = [
        (f"UD-PUD {language} → zh", chinese, [(row[language], place) for place, row in enumerate(pud)][::5])
        for language in ("en", "ru")
    ]
    sets.append(("KazQAD dev", list(places), [(row["question"], places[row["context"]]) for row in kazqad]))
    for name, passages, questions in sets:
        with tempfile.TemporaryDirectory() as folder:
            index = LexicalIndex(Path(folder) / "lexical")
            index.rebuild((Entry(place, text) for place, text in enumerate(passages)), 1)
            for step in ("nothing", "+ learned"):
                with patch("rag.lexical.gloss", glosser(step)):
                    right = sum(
                        index.search(text, 1)[:1] != [] and index.search(text, 1)[0][0] == at for text, at in questions
                    )
                print(
                    f"{name}, lexical list alone, {step}: R@1 {right / len(questions):.3f} (n={len(questions)})",
                    flush=True,
                )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="where the development sets lie")
    options = parser.parse_args()
    if options.data:
        lexical(options.data)
    builtin()


if __name__ == "__main__":
    main()
