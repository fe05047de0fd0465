"""Questions that text asks of itself: a sentence with a blank, answered by what fills it where it stands again.

A run of words that stands in two sentences of one text is taken out of one of them; its other occurrence is the
answer. A reader that has few human questions learns from these what kind of thing fills which gap (Dhingra et al.,
2018, *Simple and Effective Semi-Supervised Question Answering*, arXiv:1804.00720; Ram et al., 2021, *Few-Shot Question
Answering by Pretraining Span Selection*, arXiv:2101.00438). Knows text and units, not models.
Usage: python -m training.reader.cloze --source text/crud_news.zh --out cloze
"""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.reading.features import build_table
from rag.reading.meanings import WordMeanings
from rag.reading.units import TAGS, Units, cut
from rag.reading.vocabulary import Vocabulary
from rag.splitting import sentences
from training.reader.lexicon import load_lexicon
from training.reader.packing import Example, Label, locate, pack, save
from training.reader.sources import read_rows

SHARD = 4000
LONGEST = 7  # units of a span
MOST_UNITS = 90  # of a sentence that takes part
ASKED_UNITS = 26
TRAINING_UNITS = 300
BLANKS = {
    "nr": ("谁", "谁", "什么人"),
    "ns": ("哪里", "什么地方", "哪个地方"),
    "nt": ("什么机构", "哪个机构", "谁"),
    "t": ("什么时候", "何时"),
    "year": ("哪一年", "何时"),
    "m": ("多少", "几"),
}
_JAPANESE = {"nr": ("誰",), "ns": ("どこ", "何"), "t": ("いつ",), "year": ("いつ", "何年"), "m": ("いくつ", "何")}
_NUMBERS = frozenset({"digit-1", "digit-2", "digit-3", "digit-4", "digits", "decimal", "mq"})
_SURE = frozenset({"nr", "ns", "nt", "nz", "t", "l", "i", "j", "mq", "year", "katakana", "capital", "upper", "mixed"})
_SURE |= _NUMBERS
_EDGES = _SURE | {"n", "ng", "nl", "vn", "an", "m", "lower"}
_MARKS = frozenset({"comma", "stop", "question", "colon", "symbol"}) | {
    f"{side}-{mark}" for side in ("open", "close") for mark in ("quote", "bracket")
}


@dataclass(frozen=True, slots=True)
class Cloze:
    """A question, the sentences it is asked of, and where in sentence ``index`` its answer stands.

    ``passages`` are the ranks of the sentences' passages; ``index`` is -1 when no sentence holds the answer.
    """

    question: str
    sentences: tuple[str, ...]
    passages: tuple[int, ...]
    index: int
    start: int = -1
    end: int = -1


@lru_cache(maxsize=4096)
def _cut(text: str) -> Units:
    return cut(text)


def recurring(cuts: Sequence[Units]) -> dict[tuple[str, ...], list[tuple[int, int]]]:
    """Return the spans that stand in two or more of the sentences, each with its (sentence, first unit) places.

    A span is up to `LONGEST` units without marks, from one content word to another. A shorter one is left out
    where it stands only inside a longer one that is returned too.
    """
    places: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for number, units in enumerate(cuts):
        tags = [TAGS[tag] for tag in units.tags]
        for first, tag in enumerate(tags):
            if tag not in _EDGES:
                continue
            for last in range(first, min(first + LONGEST, len(tags))):
                if tags[last] in _MARKS:
                    break
                if last == first and (tags[first] in _NUMBERS or tags[first] == "m"):
                    continue  # half a quantity
                if tags[last] in _EDGES and (last > first or tags[first] in _SURE or len(units.words[first]) > 1):
                    places[units.words[first : last + 1]].append((number, first))
    covered: set[tuple[int, int]] = set()
    found = {}
    for span in sorted(places, key=len, reverse=True):
        free = [(s, f) for s, f in places[span] if any((s, f + k) not in covered for k in range(len(span)))]
        if len({s for s, _ in free}) > 1:
            found[span] = free
            covered.update((s, f + k) for s, f in free for k in range(len(span)))
    return found


def clozes(text: str, other: str, vocabulary: Vocabulary, most: int, chance: random.Random) -> Iterator[Cloze]:
    """Make at most ``most`` questions of ``text``; sentences of ``other`` stand among the evidence.

    The blanked sentence must share two content words beside the span with the sentence that answers.
    """
    own = [text[a:b] for a, b in sentences(text)][:40]
    own = [sentence for sentence in own if 8 <= len(sentence) <= 2 * MOST_UNITS]
    cuts = [_cut(sentence) for sentence in own]
    usable = [number for number, units in enumerate(cuts) if len(units) <= MOST_UNITS]
    content = [
        {w for w, t in zip(units.words, units.tags, strict=True) if vocabulary.weight(w, t) > 0.3} for units in cuts
    ]
    spans = recurring([cuts[number] for number in usable])
    weighed = []
    for span, places in spans.items():
        tag = TAGS[cuts[usable[places[0][0]]].tags[places[0][1]]]
        worth = 1.0 + (len(span) > 1) + (tag in _SURE)
        weighed.append((chance.random() ** (1.0 / worth), span))
    strangers = [other[a:b] for a, b in sentences(other)][:12]
    asked: set[int] = set()
    for _, span in sorted(weighed, reverse=True):
        if most <= 0:
            return
        places = [(usable[s], first) for s, first in spans[span]]
        pairs = [
            (len((content[a] & content[b]) - set(span)) + chance.random(), a, i, b, j)
            for (a, i), (b, j) in itertools.permutations(places, 2)
            if a != b and a not in asked
        ]
        pairs = [pair for pair in pairs if pair[0] >= 2]
        if not pairs:
            continue
        _, a, i, b, j = chance.choice(sorted(pairs, reverse=True)[:2])
        question = _question(own[a], cuts[a], i, len(span), chance)
        made = _offer(question, own, cuts, a, b, j, span, strangers, chance)
        if made:
            asked.add(a)
            most -= 1
            yield made


def _question(text: str, units: Units, first: int, size: int, chance: random.Random) -> str:
    """The clauses around the span, a question word in its place, now and then a word less."""
    tags = [TAGS[tag] for tag in units.tags]
    low, high = first, first + size
    while high < len(tags) and (tags[high] not in ("comma", "stop", "colon") or high - low < 6):
        high += 1
    while low > 0 and high - low < ASKED_UNITS and (tags[low - 1] not in ("stop", "colon")):
        low -= 1
        if tags[low] == "comma" and high - low > 8 and chance.random() < 0.6:
            low += 1
            break
    high = min(high, max(first + size, low + ASKED_UNITS))
    kind = tags[first + size - 1] if tags[first] not in _NUMBERS else "m"
    kind = "t" if tags[first] == "year" and size > 1 else kind
    table, plain = (_JAPANESE, "何") if any("\u3040" <= c <= "\u30ff" for c in text) else (BLANKS, "什么")
    blank = chance.choice(table[kind]) if kind in table and chance.random() < 0.75 else plain
    parts = []
    at = units.starts[low]
    for unit in range(low, high):
        if unit == first:
            parts.append(blank)
        elif not first <= unit < first + size and (chance.random() >= 0.05 or tags[unit] in ("comma", "nr", "ns")):
            parts.append(text[at if unit > low else units.starts[unit] : units.ends[unit]])
        at = units.ends[unit]
    return "".join(parts).strip("，、,.。；; ") + "？"


def _offer(
    question: str,
    own: Sequence[str],
    cuts: Sequence[Units],
    asked: int,
    gold: int,
    first: int,
    span: tuple[str, ...],
    strangers: Sequence[str],
    chance: random.Random,
) -> Cloze | None:
    """The question over sentences around the one that answers, others that hold the span mostly left out."""
    length = len(span)
    holding = {
        number
        for number, units in enumerate(cuts)
        if any(units.words[k : k + length] == span for k in range(len(units) - length + 1))
    }
    window = chance.randint(4, 9)
    low = max(0, gold - chance.randint(0, window))
    near = [n for n in range(low, min(len(own), low + window + 1)) if n != asked]
    near = [n for n in near if n == gold or n not in holding]
    absent = chance.random() < 0.12
    if absent:
        near.remove(gold)
    texts = [own[n] for n in near]
    ranks = [1] * len(texts)
    foreign = chance.randint(0, 3)
    if foreign and strangers:
        at = chance.randrange(len(strangers))
        added = [text for text in strangers[at : at + foreign] if "".join(span) not in text]
        front = chance.random() < 0.5
        texts = added + texts if front else texts + added
        ranks = [2] * len(added) + ranks if front else ranks + [2] * len(added)
    if len(texts) < 2:
        return None
    if absent:
        return Cloze(question, tuple(texts), tuple(ranks), -1)
    start, end = cuts[gold].starts[first], cuts[gold].ends[first + length - 1]
    return Cloze(question, tuple(texts), tuple(ranks), texts.index(own[gold]), start, end)


def examples(
    texts: Sequence[str], vocabulary: Vocabulary, meanings: WordMeanings, each: int, chance: random.Random
) -> Iterator[Example]:
    """Packed examples of all texts, at most ``each`` a text."""
    for number, text in enumerate(texts):
        for made in clozes(text, texts[number - 1], vocabulary, each, chance):
            table = build_table(made.question, made.sentences, made.passages, vocabulary, meanings, TRAINING_UNITS)
            if len(table.marks) < 2 or made.index + 1 >= len(table.marks):
                continue
            label = Label(-1) if made.index < 0 else locate(table, made.index, made.start, made.end)
            if label:
                yield Example(table, label)


def read_texts(path: Path) -> list[str]:
    """The distinct texts of a text or question set."""
    rows = read_rows(path)
    return list(dict.fromkeys(str(row.get("text") or row.get("context") or "")[:6000] for row in rows))


def main() -> None:
    """Make the questions of one or more sources."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("training/work/reader"))
    parser.add_argument("--source", nargs="+", required=True, help="files of the data without .jsonl.gz")
    parser.add_argument("--each", type=int, default=4, help="questions of a text")
    parser.add_argument("--most", type=int, default=10**9, help="texts of each source")
    parser.add_argument("--skip", type=int, default=0, help="texts of each source passed over before that")
    parser.add_argument("--out", required=True, help="folder of shards under --work")
    parser.add_argument("--first", type=int, default=0, help="number of the first shard, to add to a folder")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    vocabulary, codes, scale, edges = load_lexicon(options.work)
    meanings = WordMeanings(vocabulary, codes * scale, edges, None)
    texts: list[str] = []
    for source in options.source:
        own = read_texts(options.data / f"{source}.jsonl.gz")
        chance.shuffle(own)
        texts.extend(own[options.skip :][: options.most])
    print(len(texts), "texts", flush=True)
    began, number, batch = time.time(), options.first, []
    for example in examples(texts, vocabulary, meanings, options.each, chance):
        batch.append(example)
        if len(batch) == SHARD:
            save(pack(batch), options.work / "shards" / options.out / f"{number:03}.npz")
            print(number, f"{time.time() - began:.0f} s", flush=True)
            number, batch = number + 1, []
    if batch:
        save(pack(batch), options.work / "shards" / options.out / f"{number:03}.npz")


if __name__ == "__main__":
    main()
