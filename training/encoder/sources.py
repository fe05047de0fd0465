"""Reads the training sources (gzip JSON Lines and TSV) and yields plain values.

The folder is ``$YINJU_DATA``, by default ``../shared/data`` beside the project. Only files listed in
``README.md`` of this folder are read; development sets are read by ``benchmarks/retrieval.py`` alone. For a trial of
the whole chain ``$YINJU_LINES`` says how many lines of every file are read.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]

QA_TRAIN = (
    "cmrc2018.zh.trial",
    "cmrc2018.zh.train",
    "jaquad.ja.train",
    "squad_parts.en.train",
    "squadshifts_new_wiki.en.train",
    "squadshifts_reddit.en.train",
    "squadshifts_amazon_reviews.en.train",
    "qed_nq.en.dev",
    "fairytaleqa.en.train",
    "covidqa.en.train",
    "arcd.ar.train",
    "piaf.fr.train",
    "faquad.pt.train",
    "idkmrc.id.train",
)
PARALLEL_PAIRS = {
    "3am_captions.zh-en": ("zh", "en"),
    "kaznu_economy_gov_kz.kk-en": ("kk", "en"),
    "kaznu_primeminister_kz.kk-en": ("kk", "en"),
    "react_docs.en-ru": ("en", "ru"),
    "react_docs.en-zh": ("en", "zh"),
    "vue_docs.en-zh": ("en", "zh"),
    "d2l.en-zh": ("en", "zh"),
    "tatoeba_manythings.en-ja": ("en", "ja"),
    "tatoeba_manythings.en-zh": ("en", "zh"),
}
PARALLEL_MULTI = (
    "ntrex128.multi",
    "mkqa_dev_questions.multi",
    "mkqa_test_questions.multi",
    "stsb_train.multi",
    "python_docs.multi",
    "tldr.multi",
    "udhr.multi",
)
WIKTIONARY = ("ar", "de", "es", "fa", "hi", "id", "it", "ja", "ko", "pt", "tr", "vi", "zh")


def data_folder() -> Path:
    """The folder of sources; raises FileNotFoundError with what to set when it is absent."""
    folder = Path(os.environ.get("YINJU_DATA", PROJECT.parent / "shared" / "data"))
    if not folder.is_dir():
        raise FileNotFoundError(f"No training data at {folder}. Set YINJU_DATA to the folder of sources.")
    return folder


def most_lines() -> int | None:
    """How many lines of a file are read; None for all."""
    return int(os.environ.get("YINJU_LINES", "0")) or None


def records(name: str) -> Iterator[dict[str, Any]]:
    """Records of ``name`` (a path under the data folder, without ``.jsonl.gz``)."""
    with gzip.open(data_folder() / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
        for line in islice(stream, most_lines()):
            yield json.loads(line)


def rows(name: str) -> Iterator[list[str]]:
    """Rows of the dictionary ``name`` (under ``dict/``, without ``.tsv.gz``)."""
    with gzip.open(data_folder() / "dict" / f"{name}.tsv.gz", "rt", encoding="utf-8") as stream:
        for line in islice(stream, most_lines()):
            yield line.rstrip("\n").split("\t")


def parallel(name: str) -> Iterator[dict[str, str]]:
    """Parallel texts of one source as {language: text}, whichever form the file has."""
    keys = PARALLEL_PAIRS.get(name)
    for record in records(f"parallel/{name}"):
        if keys:
            if record.get("score", 1.0) >= 0.55:
                yield {keys[0]: record["a"], keys[1]: record["b"]}
        else:
            yield {
                key: value
                for key, value in record.items()
                if isinstance(value, str) and value and key not in ("id", "doc", "uz_cyrl", "km")
            }


def names() -> Iterator[dict[str, str]]:
    """CLDR names (territories, languages, units …) and countries as {language: name}."""
    for record in records("dict/cldr_names.multi"):
        yield {key: value for key, value in record.items() if key != "key" and value}
    for record in records("dict/countries_cldr.multi"):
        record["zht"] = record.get("zh_Hant", "")
        yield {key: value for key, value in record.items() if len(key) <= 3 and key != "code" and value}
    codes = {"zho": "zh", "rus": "ru", "jpn": "ja", "kor": "ko", "ara": "ar", "deu": "de", "fra": "fr"}
    codes |= {"spa": "es", "tur": "tr", "per": "fa", "ita": "it", "por": "pt"}
    for record in records("dict/countries_mledoze.multi"):
        yield {"en": record["en"]} | {codes[k]: v for k, v in record.items() if k in codes and v}
    for record in records("dict/panlex_swadesh207.multi"):
        yield {key: value[-1] for key, value in record.items() if value}
