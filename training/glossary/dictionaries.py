"""Dictionary entries for the glossary: CC-CEDICT turned round, Wiktionary, CLDR and mledoze names, Swadesh lists.

An entry says that a word or phrase of a language may be rendered by a Chinese word, and how likely, as far as
a dictionary tells: senses named first, meanings given without further words, and common Chinese words weigh more.
Knows dictionaries, not sentence pairs.
"""

from __future__ import annotations

import gzip
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from rag.terms import fold
from training.glossary.corpora import rows

_HAN = re.compile(r"[\u3400-\u9fff·]{1,12}")
_SKIP = re.compile(
    r"variant of|^surname |CL:|used in|^see |see also|\(idiom|\(onom|classifier|\(bound|abbr\. (?:to|for)|radical"
)
_PAREN = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_LEAD = re.compile(r"^(?:to be |to |a |an |the |sb's |one's )+")
_UNITS = {  # Chinese units, which dictionaries of other languages lack
    "en": {"mu": "亩", "jin": "斤", "li": "里", "yuan": "元", "jiao": "角"},
    "ru": {"му": "亩", "цзинь": "斤", "ли": "里", "юань": "元", "цзяо": "角"},
    "kk": {"му": "亩", "цзинь": "斤", "ли": "里", "юань": "元", "цзяо": "角"},
}

Entries = dict[str, dict[str, float]]
"""Key (folded words parted by single spaces) → Chinese word → weight."""


def frequencies() -> Mapping[str, int]:
    """How often jieba's dictionary has seen each Chinese word."""
    import jieba

    jieba.setLogLevel(40)
    jieba.initialize()
    return {word: count for word, count in jieba.dt.FREQ.items() if count}


def english(data: Path, frequency: Mapping[str, int]) -> Entries:
    """English words and phrases of at most four words."""
    found: Entries = defaultdict(lambda: defaultdict(float))
    for word, senses in _cedict(data):
        common = commonness(word, frequency)
        place = 0
        for sense in senses:
            if _SKIP.search(sense):
                continue
            meanings = [part for part in re.split(r"[;,]", _PAREN.sub("", sense)) if part.strip()]
            for order, meaning in enumerate(meanings):
                key = _key(meaning)
                if key and (" " not in key or common > 0.5 or meaning.strip()[:1].isupper()):
                    found[key][word] += common / (1 + 0.35 * place) / (1 + 0.3 * order)
            place += 1
    with gzip.open(data / "dict" / "wiktionary.en-zh.tsv.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            columns = line.rstrip("\n").split("\t")
            key = _key(columns[0])
            if key and len(columns) > 1:
                for word in dict.fromkeys(fold(part).strip() for part in re.split(r"[,，、]", columns[1])):
                    if _HAN.fullmatch(word):
                        found[key][word] += 0.6 * commonness(word, frequency)
    return found


def pictures(data: Path, language: str) -> Entries:
    """The names of emoji and other characters in CLDR: everyday things, roughly."""
    found: Entries = defaultdict(lambda: defaultdict(float))
    for row in rows(data / "dict" / "cldr_names.multi.jsonl.gz"):
        key, word = _key(row.get(language, "")), row.get("zh", "")
        if key and _HAN.fullmatch(word) and str(row["key"]).startswith("emoji"):
            found[key][word] += 1.0
    return found


def names(data: Path, language: str) -> Entries:
    """Countries, cities, languages, currencies, months, days, from CLDR and mledoze; Chinese units; Swadesh's list."""
    found: Entries = defaultdict(lambda: defaultdict(float))
    for row in rows(data / "dict" / "cldr_names.multi.jsonl.gz"):
        key, word = _key(row.get(language, "")), row.get("zh", "")
        sort = str(row["key"]).split(":")[0]
        if not key or not _HAN.fullmatch(word) or sort == "emoji":
            continue
        weight = 6.0
        found[key][word] += weight
        if sort == "months":
            found[key][f"{row['key'].split(':')[1]}月"] += 2 * weight
        if sort == "days":
            found[key][word.replace("星期", "周")] += weight
    code = {"en": "en", "ru": "rus", "kk": ""}[language]
    for row in rows(data / "dict" / "countries_mledoze.multi.jsonl.gz"):
        key = _key(row.get(code, ""))
        if key and _HAN.fullmatch(row.get("zho", "")):
            found[key][row["zho"]] += 3.0
    for row in rows(data / "dict" / "panlex_swadesh207.multi.jsonl.gz"):
        for word in row.get("zh", ()):
            for own in row.get(language, ()):
                if _key(own) and _HAN.fullmatch(fold(word)):
                    found[_key(own)][fold(word)] += 1.0
    for own, word in _UNITS[language].items():
        found[own][word] += 3.0
    return found


def readings(data: Path) -> dict[str, list[str]]:
    """The toneless readings of each Han character, most used first."""
    found: dict[str, list[str]] = defaultdict(list)
    for word, pinyin in _pronounced(data):
        if len(word) == 1 and word not in found[word]:
            syllable = toneless(pinyin)
            if re.fullmatch(r"[a-zü]+", syllable) and syllable not in found[word]:
                found[word].append(syllable)
    return found


def foreign_names(data: Path) -> Iterator[tuple[str, str]]:
    """(name in Latin letters, Chinese transcription): what CLDR, mledoze and CC-CEDICT give with capital letters."""
    for row in rows(data / "dict" / "cldr_names.multi.jsonl.gz"):
        if str(row["key"]).startswith(("territories", "city")):
            for language in ("en", "ru", "kk"):
                if row.get(language) and row.get("zh"):
                    yield row[language], row["zh"]
    for row in rows(data / "dict" / "countries_mledoze.multi.jsonl.gz"):
        for language in ("en", "rus"):
            if row.get(language) and row.get("zho"):
                yield row[language], row["zho"]
    for word, senses in _cedict(data):
        for sense in senses[:1]:
            name = re.match(r"([A-Z][\w'’-]+)(?: or [A-Z]\w+)?(?:,| \(|$)", sense)
            if name:
                yield name.group(1), word


def toneless(pinyin: str) -> str:
    """One syllable of CC-CEDICT's pinyin without its tone.

    >>> toneless("lu:4"), toneless("Zhong1")
    ('lü', 'zhong')
    """
    return re.sub(r"\d", "", pinyin).lower().replace("u:", "ü").replace("v", "ü")


def _cedict(data: Path) -> Iterator[tuple[str, list[str]]]:
    with gzip.open(data / "dict" / "cc-cedict.zh-en.tsv.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            columns = line.rstrip("\n").split("\t")
            if len(columns) >= 4 and _HAN.fullmatch(columns[0]):
                yield columns[0], columns[3].strip("/").split("/")


def _pronounced(data: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(data / "dict" / "cc-cedict.zh-en.tsv.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            columns = line.rstrip("\n").split("\t")
            if len(columns) >= 4 and len(columns[0]) == 1 and "variant" not in columns[3]:
                yield columns[0], columns[2]


def _key(text: str) -> str:
    """The key of a phrase; empty when it is too long or no phrase of letters."""
    text = _LEAD.sub("", text.strip().lower().replace("ё", "е")).strip(" .!?\"'")
    if not re.fullmatch(r"[^\W\d_]+(?:[ '’-]+[^\W\d_]+){0,3}", text):
        return ""
    return " ".join(re.split(r"[ -]+", text))


def commonness(word: str, frequency: Mapping[str, int]) -> float:
    """Between 0.1 and 1, by how common a Chinese word is."""
    return 0.1 + 0.9 * min(1.0, math.log1p(frequency.get(word, 0)) / 9.0)
