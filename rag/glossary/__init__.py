"""Words of a question in English, Russian or Kazakh, with the Chinese they may stand for.

    dictionary and learned words   rag/glossary/data/{en,ru,kk}.tsv.gz
    Chinese names by their sound   pinyin, Palladius → syllables → characters (readings.tsv.gz)
    foreign names in transcription letters → characters (sounds.tsv.gz)

A foundation: knows words and sounds, neither documents nor what a question is for. The data are made by
`training.glossary`; loading them takes some tens of milliseconds, on first use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.glossary import pinyin, transcription
from rag.glossary.forms import LANGUAGES, forms
from rag.glossary.function_words import FUNCTION_WORDS
from rag.glossary.table import table

__all__ = ["LANGUAGES", "Gloss", "Glossed", "gloss", "load"]

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’ʼ]s?$")
_VALUE = re.compile(r"([^a-z]+)([a-z]+)(\d+)")
_ORIGINS = {"d": "dictionary", "l": "learned", "dl": "dictionary", "ld": "dictionary"}
_PHRASE = 4  # words of the longest phrase
_BEGINNING = 5  # letters that a word must share with a key to be taken for a form of it
_SURE = 0.25  # weight from which a phrase is preferred to its words
_NAME = 0.8  # weight of a transcription against one character's probability


@dataclass(frozen=True, slots=True)
class Gloss:
    """A Chinese word that a foreign one may stand for.

    ``weight`` in (0, 1] is how likely; ``origin`` is ``dictionary``, ``learned`` or ``transcription``.
    """

    text: str
    weight: float
    origin: str


@dataclass(frozen=True, slots=True)
class Glossed:
    """A word or phrase of a question, ``question[start:end]``, with what it may be in Chinese.

    ``glosses`` come likeliest first. ``syllables``, for what may be a Chinese name, holds for each syllable the
    characters that sound so, most used first; a name whose given name comes first is in Chinese order.
    ``name`` says that it is written as a name and no dictionary knows it.
    """

    start: int
    end: int
    glosses: tuple[Gloss, ...] = ()
    syllables: tuple[str, ...] = ()
    name: bool = False


@lru_cache(maxsize=256)
def gloss(question: str, language: str) -> tuple[Glossed, ...]:
    """Return the words of ``question`` that mean something, in order; nothing for a language without a glossary.

    >>> [found.glosses[0].text for found in gloss("Where is the bridge in Kazakhstan?", "en")]
    ['桥', '哈萨克斯坦']

    Args:
        question: the standalone question.
        language: its language, as `rag.languages.detect` tells it.
    """
    if language not in LANGUAGES:
        return ()
    words = list(_WORD.finditer(question))
    return tuple(_named(question, words, list(_phrases(words, language)), language))


def load() -> None:
    """Load the data now rather than with the first question."""
    for name in (*LANGUAGES, "readings", "sounds"):
        table(name)


def _phrases(words: Sequence[re.Match[str]], language: str) -> Iterator[Glossed]:
    """Each word by the longest phrase it begins that the table knows."""
    place = 0
    while place < len(words):
        for size in range(min(_PHRASE, len(words) - place), 0, -1):
            run = words[place : place + size]
            if size > 1 and any("\n" in word.group() for word in run):
                continue
            found = _known([word.group() for word in run], language)
            if found and (size == 1 or found[0].weight >= _SURE):
                yield Glossed(run[0].start(), run[-1].end(), found)
                place += size
                break
        else:
            word = words[place]
            if word.group().lower() not in FUNCTION_WORDS[language]:
                yield Glossed(word.start(), word.end())
            place += 1


def _known(words: list[str], language: str) -> tuple[Gloss, ...]:
    """The glosses of a word or phrase by any of the forms of its words."""
    function = FUNCTION_WORDS[language]
    if words[0].lower() in function or words[-1].lower() in function:
        return ()
    known = table(language)
    ways = [forms(word, language) for word in words]
    if len(words) == 1:
        for key in ways[0]:
            found = _values(known.get(key))
            if found:
                return found
        near = known.nearest(ways[0][0], max(_BEGINNING, len(words[0]) - 4)) if language != "en" else ""
        return tuple(replace(one, weight=one.weight * 0.7) for one in _values(known.get(near))) if near else ()
    *front, last = ways
    heads = {" ".join(way[0] for way in front), " ".join(way[-1] for way in front)}
    for head in sorted(heads):
        for key in last:
            found = _values(known.get(f"{head} {key}"))
            if found:
                return found
    return ()


def _values(values: Sequence[str]) -> tuple[Gloss, ...]:
    found = []
    for value in values:
        match = _VALUE.fullmatch(value)
        if match:
            found.append(Gloss(match[1], int(match[3]) / 100, _ORIGINS.get(match[2], "dictionary")))
    return tuple(found)


def _named(question: str, words: Sequence[re.Match[str]], found: list[Glossed], language: str) -> Iterator[Glossed]:
    """Add sounds: runs of words that can be Chinese names become one, other unknown names get transcriptions."""
    sounds = {(word.start(), word.end()): pinyin.syllables(word.group(), language) for word in words}
    place = 0
    while place < len(found):
        size = _name_run(question, found[place:], sounds, language)
        if size:
            run = found[place : place + size]
            parts = [sounds[one.start, one.end] for one in run]
            if size > 1 and len(parts[-1]) == 1 and len(parts[0]) > 1:  # given name first
                parts = [parts[-1], *parts[:-1]]
            written = tuple(_characters(options) for part in parts for options in part)
            yield Glossed(run[0].start, run[-1].end, run[0].glosses if size == 1 else (), written, True)
            place += size
            continue
        one = found[place]
        place += 1
        if not one.glosses and question[one.start : one.start + 1].isupper():
            spelt = transcription.spellings(_POSSESSIVE.sub("", question[one.start : one.end]))
            sure = _NAME if one.start > 1 else _NAME / 2  # a question's first word is capital anyway
            yield replace(
                one,
                glosses=tuple(Gloss(text, min(1.0, chance) * sure, "transcription") for text, chance in spelt),
                name=True,
            )
        else:
            yield one


def _name_run(
    question: str,
    found: Sequence[Glossed],
    sounds: dict[tuple[int, int], tuple[tuple[str, ...], ...]],
    language: str,
) -> int:
    """How many of the first of ``found`` make up a Chinese name; 0 when they do not."""
    size = total = 0
    sure = False
    for one, after in zip(found[:4], [*found[1:4], None], strict=False):
        parts = sounds.get((one.start, one.end), ())
        capital = question[one.start].isupper()
        if not parts or len(parts) > 4 or (not capital and (one.glosses or question[one.start] > "z")):
            break
        known = bool(one.glosses) and one.glosses[0].origin != "transcription"
        if known and len(parts) > 1:  # a word that only happens to consist of syllables
            if language != "en" or table(language).get(question[one.start : one.end].lower()):
                break
            known = False  # no word as it is written: Shaling is no form of "shale"
        if known and one.start <= 1:
            break
        size, total = size + 1, total + len(parts)
        sure = sure or not known
        if after is None or question[one.end : after.start].strip(" -’'"):
            break
    return size if total > 1 and sure else 0


def _characters(options: Sequence[str]) -> str:
    """All characters that have one of these readings, most used first."""
    return "".join(dict.fromkeys(c for option in options for value in table("readings").get(option) for c in value))
