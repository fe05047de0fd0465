"""Sentence pairs and bilingual names for the glossary: foreign words and Chinese, or foreign words and English.

Only sets that may train what is shipped. Knows files, not how pairs are aligned.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.glossary.function_words import FUNCTION_WORDS

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Sets with a key per language, and how often their lines count: technical text little.
_MANY = (
    ("ntrex128.multi", 3),
    ("mkqa_test_questions.multi", 1),
    ("mkqa_dev_questions.multi", 1),
    ("stsb_train.multi", 1),
    ("tldr.multi", 1),
    ("udhr.multi", 1),
)
_TWO = {  # a, b and the language of each
    "tatoeba_manythings.en-zh": ("en", "zh"),
    "3am_captions.zh-en": ("zh", "en"),
    "react_docs.en-ru": ("en", "ru"),
    "kaznu_economy_gov_kz.kk-en": ("kk", "en"),
    "kaznu_primeminister_kz.kk-en": ("kk", "en"),
}
_LEAST_SCORE = 0.5  # of the aligned Kazakh–English sentences


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a gzip JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def sentence_pairs(data: Path, one: str, other: str) -> Iterator[tuple[str, str]]:
    """Pairs of sentences in the languages ``one`` and ``other``; names of things count as sentences.

    Raises:
        FileNotFoundError: ``data`` lacks a set.
    """
    for name, times in _MANY:
        for row in rows(data / "parallel" / f"{name}.jsonl.gz"):
            if row.get(one) and row.get(other):
                for _ in range(times):
                    yield str(row[one]), str(row[other])
    for name, sides in _TWO.items():
        if {one, other} != set(sides):
            continue
        for row in rows(data / "parallel" / f"{name}.jsonl.gz"):
            pair = dict(zip(sides, (row["a"], row["b"]), strict=True))
            if row.get("score", 1.0) >= _LEAST_SCORE and len(row["a"]) < 400:
                yield str(pair[one]), str(pair[other])
    for row in rows(data / "dict" / "cldr_names.multi.jsonl.gz"):
        if row.get(one) and row.get(other):
            yield str(row[one]), str(row[other])


def words(text: str, language: str) -> list[str]:
    """The words of a spaced language that are more than function words, in lower case."""
    function = FUNCTION_WORDS[language]
    return [word for word in (found.lower() for found in _WORD.findall(text)) if word not in function]
