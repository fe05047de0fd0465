"""``python -m training.questions --seed S --count N --out FILE``: write made questions as gzip JSON Lines.

``--abroad`` is the share of English, Russian and Kazakh questions over Chinese evidence, ``--foreign`` the
share of rows in Japanese, English, Russian and Kazakh from their own texts.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from training.questions.glossing import Glosser, load_glossary
from training.questions.lexicon import load_lexicon
from training.questions.maker import make
from training.questions.others import make_foreign
from training.questions.records import Question, write_questions
from training.questions.sources import data_root, read_articles

FOREIGN: Mapping[str, float] = {"en": 0.5, "ja": 0.25, "ru": 0.15, "kk": 0.1}
ABROAD: Mapping[str, float] = {"en": 0.7, "ru": 0.15, "kk": 0.15}
"""Shares of the languages among the rows of their own texts, and among questions over Chinese evidence."""


def mixed(
    chinese: Iterator[Question], foreign: Mapping[str, Iterator[Question]], share: float, rng: random.Random
) -> Iterator[Question]:
    """Rows of all languages, ``share`` of them from the foreign makers, in their shares."""
    languages = list(foreign)
    weights = [FOREIGN[language] for language in languages]
    while True:
        if languages and rng.random() < share:
            yield next(foreign[rng.choices(languages, weights)[0]])
        else:
            yield next(chinese)


def main(arguments: list[str] | None = None) -> int:
    """Make and write the questions; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.questions", description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shards", type=int, default=1, help="write this many files FILE-00, FILE-01, … of equal size")
    parser.add_argument("--articles", type=int, default=None, help="read only this many articles per language")
    parser.add_argument("--abroad", type=float, default=0.0, help="share of foreign questions over Chinese evidence")
    parser.add_argument("--foreign", type=float, default=0.0, help="share of rows from texts in other languages")
    given = parser.parse_args(arguments)
    began = time.monotonic()
    translate = None
    if given.abroad:
        further = {
            language: load_lexicon(language, data_root(), given.out.parent) for language in ABROAD if language != "en"
        }
        translate = Glosser(load_glossary(data_root(), further), ABROAD)
    read = {
        language: list(itertools.islice(read_articles(language), given.articles))
        for language in ("zh", *(FOREIGN if given.foreign else ()))
    }
    chinese = make(read.pop("zh"), random.Random(given.seed), translate, given.abroad)
    foreign = {
        language: make_foreign(articles, random.Random(f"{given.seed} {language}"))
        for language, articles in read.items()
    }
    rows = mixed(chinese, foreign, given.foreign, random.Random(given.seed + 1))
    for shard in range(given.shards):
        stem, dot, rest = given.out.name.partition(".")
        path = given.out if given.shards == 1 else given.out.with_name(f"{stem}-{shard:02d}{dot}{rest}")
        count = write_questions(itertools.islice(rows, given.count // given.shards), path)
        print(f"{count} questions, {time.monotonic() - began:.0f} s: {path}", file=sys.stderr, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
