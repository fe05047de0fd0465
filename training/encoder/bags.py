"""Turns the sources into bags of token ids on disk, once, so that training only gathers rows.

A *bag* is the tokens of one text; texts of one kind lie in one flat array with their starts. Three shapes:
``pairs`` (two texts that belong together), ``multi`` (one meaning in several languages), ``articles``
(the sentences of an article in order). Knows nothing of batches or losses.

    python -m training.encoder.bags WORK_FOLDER        # reads WORK_FOLDER/tokenizer.json
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from training.encoder import dictionaries, sources
from training.encoder.transliteration import names_in, spelled

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PASSAGE_CHARACTERS = 1000
SENTENCE_END = re.compile(r"(?<=[。！？；!?])|(?<=[.۔؟])\s+|\n+")


OTHER_MULTI = {"names": sources.names, "annotations": dictionaries.annotations}


@dataclass(frozen=True)
class Bags:
    """``ids`` uint16 ``[total]``; text ``i`` is ``ids[starts[i]:starts[i + 1]]``."""

    ids: np.ndarray
    starts: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> np.ndarray:
        return np.diff(self.starts)


def tokenise(tokenizer: Tokenizer, texts: Sequence[str], limit: int) -> Bags:
    """Tokenise texts, each cut to ``limit`` tokens."""
    chunks: list[np.ndarray] = []
    lengths: list[int] = []
    for first in range(0, len(texts), 4096):
        for encoding in tokenizer.encode_batch_fast(list(texts[first : first + 4096])):
            ids = np.array([i for i in encoding.ids[:limit] if i], dtype=np.uint16)  # 0 is [UNK]
            chunks.append(ids)
            lengths.append(len(ids))
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return Bags(np.concatenate(chunks) if chunks else np.zeros(0, np.uint16), starts)


def around(context: str, start: int | None) -> str:
    """At most ``PASSAGE_CHARACTERS`` of a context, the answer among them when its start is known."""
    if len(context) <= PASSAGE_CHARACTERS:
        return context
    first = max(0, min((start or 0) - PASSAGE_CHARACTERS // 2, len(context) - PASSAGE_CHARACTERS))
    return context[first : first + PASSAGE_CHARACTERS]


def question_pairs() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(language, [(question, passage)]) per QA training set."""
    for name in sources.QA_TRAIN:
        pairs = [
            (record["question"], around(record["context"], record["start"]))
            for record in sources.records(f"qa/{name}")
            if record["answerable"]
        ]
        yield name.split(".")[1], pairs


def title_pairs() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(language, [(title, body)]) per source of titled texts."""
    for name, language in (("jawikinews_title_body.ja", "ja"), ("nerel_title_body.ru", "ru")):
        yield language, [(r["query"], r["positive"][:PASSAGE_CHARACTERS]) for r in sources.records(f"pairs/{name}")]
    yield "en", [(r["title"], r["text"][:PASSAGE_CHARACTERS]) for r in sources.records("text/cia_factbook.en")]
    for name in ("jaquad.ja.train", "cmrc2018.zh.train", "piaf.fr.train", "arcd.ar.train"):
        contexts = {r["context"]: r["title"] for r in sources.records(f"qa/{name}") if r["title"]}
        yield name.split(".")[1], [(title, text[:PASSAGE_CHARACTERS]) for text, title in contexts.items()]


def similar_pairs() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(language, [(sentence, paraphrase)]) from scored pairs, score 3.6 of 5 or better."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for record in sources.records("pairs/stsb_scored.multi.train"):
        if record["score"] >= 3.6 and record["query"] != record["positive"]:
            grouped.setdefault(record["lang"], []).append((record["query"], record["positive"]))
    yield from grouped.items()


def dictionary_pairs() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(languages, [(word, translation)]) per bilingual dictionary."""
    bracket = re.compile(r"\([^)]*\)|\[[^]]*\]|CL:.*|（[^）]*）")
    for name, languages in (("cc-cedict.zh-en", "zh-en"), ("cfdict.zh-fr", "zh-fr")):
        pairs = []
        for row in sources.rows(name):
            glosses = [bracket.sub(" ", gloss).strip() for gloss in re.split(r"[/;]", row[3])]
            useful = [g for g in glosses if g and not re.match(r"(see|variant|old variant|surname|used in)\b", g)]
            pairs += [(row[0], gloss) for gloss in useful[:4]]
        yield languages, pairs
    for language in sources.WIKTIONARY:
        pairs = []
        for row in sources.rows(f"wiktionary.en-{language}"):
            translations = list(dict.fromkeys(t.strip() for t in row[1].split(",") if t.strip()))
            pairs += [(row[0], t) for t in translations[:3]]
        yield f"en-{language}", pairs
    yield from dictionaries.pairs()


def spelling_pairs() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """("latin-cyrillic", [(name, the same name)]) for names found in the training texts."""
    english = (
        record["context"] for name in sources.QA_TRAIN if ".en." in name for record in sources.records(f"qa/{name}")
    )
    factbook = (record["text"] for record in sources.records("text/cia_factbook.en"))
    names = names_in([*dict.fromkeys(english), *factbook])
    for name in ("nerel_news.ru", "kaznerd_news.kk"):
        names += names_in(record["text"] for record in sources.records(f"text/{name}"))
    yield "latin-cyrillic", spelled(names, seed=5)


def articles() -> Iterator[tuple[str, list[str]]]:
    """(language, texts) whose sentences in order train the neighbour task."""
    yield "zh", [r["text"] for r in sources.records("text/crud_news.zh")]
    for name in ("jawikinews.ja", "nerel_news.ru", "kaznerd_news.kk", "cia_factbook.en"):
        yield name.split(".")[1], [r["text"] for r in sources.records(f"text/{name}")]
    for name in sources.QA_TRAIN:
        yield name.split(".")[1], sorted({r["context"][:4000] for r in sources.records(f"qa/{name}")})


def sentences(text: str) -> list[str]:
    """Sentences of at least six characters."""
    return [s for s in (piece.strip() for piece in SENTENCE_END.split(text)) if len(s) >= 6]


def save(path: Path, **arrays: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)  # type: ignore[arg-type]


def _write_pairs(folder: Path, tokenizer: Tokenizer, kind: str, groups: Iterable[tuple[str, list]]) -> None:
    for number, (language, pairs) in enumerate(groups):
        a = tokenise(tokenizer, [p[0] for p in pairs], 96)
        b = tokenise(tokenizer, [p[1] for p in pairs], 320)
        keep = np.flatnonzero((a.lengths > 0) & (b.lengths > 0))
        save(
            folder / f"pairs.{kind}.{language}.{number}.npz",
            a_ids=a.ids, a_starts=a.starts, b_ids=b.ids, b_starts=b.starts, keep=keep,
        )  # fmt: skip
        logging.info("%s %s: %d pairs", kind, language, len(keep))


def build(work: Path) -> None:
    """Write every bag file into ``work/bags``."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
    folder = work / "bags"
    _write_pairs(folder, tokenizer, "question", question_pairs())
    _write_pairs(folder, tokenizer, "title", title_pairs())
    _write_pairs(folder, tokenizer, "similar", similar_pairs())
    _write_pairs(folder, tokenizer, "dictionary", dictionary_pairs())
    _write_pairs(folder, tokenizer, "spelling", spelling_pairs())
    for name in (*sources.PARALLEL_PAIRS, *sources.PARALLEL_MULTI, *OTHER_MULTI):
        meanings = list(OTHER_MULTI[name]() if name in OTHER_MULTI else sources.parallel(name))
        arrays: dict[str, np.ndarray] = {}
        for language in sorted({key for meaning in meanings for key in meaning}):
            bags = tokenise(tokenizer, [m.get(language, "") for m in meanings], 160)
            arrays[f"{language}_ids"], arrays[f"{language}_starts"] = bags.ids, bags.starts
        save(folder / f"multi.{name.split('.')[0]}.npz", **arrays)
        logging.info("multi %s: %d meanings, %d languages", name, len(meanings), len(arrays) // 2)
    for number, (language, texts) in enumerate(articles()):
        split = [s for s in (sentences(text) for text in texts) if len(s) >= 2]
        bags = tokenise(tokenizer, [sentence for group in split for sentence in group], 96)
        bounds = np.cumsum([0, *(len(group) for group in split)])
        save(folder / f"articles.{language}.{number}.npz", ids=bags.ids, starts=bags.starts, bounds=bounds)
        logging.info("articles %s: %d texts, %d sentences", language, len(split), len(bags))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    build(Path(sys.argv[1]))
