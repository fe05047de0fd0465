"""Question sets → packed training examples, one folder of shards per source.

For each question: evidence as in use (`training.reader.evidence`), selected to a random limit; at times
without the gold document, or without the sentence that answers, as an example of "not there".
Usage: python -m training.reader.prepare --source cmrc2018.zh.train:train --passes 3 --out cmrc
"""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from embeddings.static import StaticEncoder
from rag.reading.features import build_table
from rag.reading.meanings import WordMeanings
from rag.reading.selecting import select_evidence
from rag.reading.vocabulary import Vocabulary
from rag.records import Evidence
from training.reader.evidence import Pool, sentences_of
from training.reader.glosses import Glosser, Loosener
from training.reader.lexicon import load_lexicon
from training.reader.packing import Example, Label, locate, pack, save
from training.reader.sources import Row, load_questions, read_rows

SHARD = 4000
TRAINING_UNITS = 300


class Maker:
    """Makes examples from the rows of one source."""

    def __init__(
        self,
        rows: Sequence[Row],
        vocabulary: Vocabulary,
        meanings: WordMeanings,
        chance: random.Random,
        glosser: Glosser | Loosener | None = None,
    ) -> None:
        self._glosser = glosser
        self._vocabulary, self._meanings, self._chance = vocabulary, meanings, chance
        contexts = list(dict.fromkeys(row.context for row in rows))
        self._number = {context: number for number, context in enumerate(contexts)}
        self._pool = Pool(contexts)

    def example(self, row: Row, limit: tuple[int, int], negative: float = 0.22) -> Example | None:
        """One example; None when the label would be wrong or was cut off."""
        chance = self._chance
        own = self._number[row.context]
        found = self._pool.search(row.question, 6)
        away = row.start is None or chance.random() >= negative
        gold_passage = None
        if row.start is not None:
            for index in self._pool.of_context[own]:
                passage = self._pool.passages[index]
                if passage.start <= row.start < passage.end:
                    gold_passage = index
        keep = chance.choice((2, 3, 4))
        chosen = [pair for pair in found if away or int(self._pool.passages[pair[0]].document) != own][:keep]
        if row.start is None and chance.random() < 0.7:
            chosen = [(index, 1.0) for index in self._pool.of_context[own]][:keep]
        near_miss = not away and row.start is not None and chance.random() < 0.4
        if row.start is not None and (away or near_miss):
            if gold_passage is None:
                return None
            if all(index != gold_passage for index, _ in chosen):
                chosen.insert(chance.randrange(len(chosen) + 1), (gold_passage, 0.9))
            chosen = chosen[: keep + 1]
        pieces: list[Evidence] = []
        gold: Evidence | None = None
        for rank, (index, score) in enumerate(chosen, 1):
            passage = self._pool.passages[index]
            for piece in sentences_of(passage, score, rank if chance.random() < 0.9 else 0):
                if (
                    index == gold_passage
                    and passage.start + piece.start <= (row.start or 0) < passage.start + piece.end
                ):
                    if near_miss:
                        continue
                    gold = piece
                pieces.append(piece)
        if not pieces:
            return None
        selected = select_evidence(row.question, pieces, chance.randint(*limit))
        if gold is not None and gold not in selected and chance.random() < 0.7:
            selected[chance.randrange(len(selected))] = gold
            selected.sort(key=pieces.index)
        if gold is None and any(answer in piece.text for answer in row.answers for piece in selected):
            return None
        if chance.random() < 0.15:
            chance.shuffle(selected)
        return self._label(row, selected, gold if gold in selected else None)

    def _label(self, row: Row, selected: Sequence[Evidence], gold: Evidence | None) -> Example | None:
        question = self._glosser.gloss(row.question) if self._glosser else row.question
        if question is None:
            return None
        table = build_table(
            question,
            [piece.text for piece in selected],
            [piece.rank for piece in selected],
            self._vocabulary,
            self._meanings,
            TRAINING_UNITS,
        )
        if len(table.marks) < 2:
            return None
        if gold is None:
            return Example(table, Label(-1))
        sentence = list(selected).index(gold)
        start = (row.start or 0) - gold.passage.start - gold.start
        end = min(start + len(row.answers[0]), len(gold.text))
        label = locate(table, sentence, start, end) if sentence + 1 < len(table.marks) else None
        return Example(table, label) if label else None


def examples(
    maker: Maker, rows: Sequence[Row], passes: int, limit: tuple[int, int], chance: random.Random
) -> Iterator[Example]:
    """All rows in random order, ``passes`` times with other evidence each time."""
    for _ in range(passes):
        for row in chance.sample(rows, len(rows)):
            made = maker.example(row, limit)
            if made:
                yield made


def made_examples(path: Path, vocabulary: Vocabulary, meanings: WordMeanings, limit: int) -> Iterator[Example]:
    """Examples from the question maker's file, whose rows bring their own evidence."""
    for record in itertools.islice(read_rows(path), limit):
        texts = record["sentences"]
        table = build_table(record["question"], texts, [1] * len(texts), vocabulary, meanings, TRAINING_UNITS)
        if len(table.marks) < 2:
            continue
        label: Label | None = Label(-1)
        if record["answerable"]:
            index = record["index"]
            if index + 1 >= len(table.marks):
                continue
            label = locate(table, index, record["start"], record["end"])
        if label:
            yield Example(table, label)


def main() -> None:
    """Prepare one source."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("training/work/reader"))
    parser.add_argument("--source", nargs="+", default=())
    parser.add_argument("--made", type=Path, help="a file of the question maker, in place of sources")
    parser.add_argument("--most", type=int, default=10**9, help="how many rows of each source")
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--limit", type=int, nargs=2, default=(4, 9), help="sentences of evidence")
    parser.add_argument("--out", required=True, help="folder of shards under --work")
    parser.add_argument("--first", type=int, default=0, help="number of the first shard, to add to a folder")
    parser.add_argument("--glosses", action="store_true", help="ask in English glosses")
    parser.add_argument("--loose", action="store_true", help="ask as a word-by-word gloss of a foreign question would")
    parser.add_argument("--encoder", type=Path, default=Path("embeddings/builtin"))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    vocabulary, codes, scale, edges = load_lexicon(options.work)
    encoder = StaticEncoder.load(options.encoder, "builtin") if options.glosses else None
    meanings = WordMeanings(vocabulary, codes * scale, edges, encoder)
    rows: list[Row] = []
    for name in options.source:
        own = load_questions(options.data, name)
        rows.extend(replace(row) for row in chance.sample(own, min(len(own), options.most)))
    print(len(rows), "rows", flush=True)
    glosser: Glosser | Loosener | None = None
    if options.glosses:
        glosser = Glosser(options.data / "dict" / "cc-cedict.zh-en.tsv.gz", chance)
    elif options.loose:
        glosser = Loosener(chance)
    began = time.time()
    maker = Maker(rows, vocabulary, meanings, chance, glosser)
    made_from = (
        made_examples(options.made, vocabulary, meanings, options.most)
        if options.made
        else examples(maker, rows, options.passes, tuple(options.limit), chance)
    )
    print("pool", round(time.time() - began), "s", flush=True)
    batch: list[Example] = []
    shards = options.first
    for made in made_from:
        batch.append(made)
        if len(batch) == SHARD:
            save(pack(batch), options.work / "shards" / options.out / f"{shards:03}.npz")
            _report(batch, began)
            shards, batch = shards + 1, []
    if batch:
        save(pack(batch), options.work / "shards" / options.out / f"{shards:03}.npz")
        _report(batch, began)


def _report(batch: Sequence[Example], began: float) -> None:
    units = sum(len(example.table.rows) for example in batch) / len(batch)
    none = sum(example.label.sentence < 0 for example in batch) / len(batch)
    print(f"{len(batch)} examples, {units:.0f} units, {none:.2f} none, {time.time() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
