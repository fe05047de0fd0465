"""Russian and Kazakh words with their translations, from sources that are packages rather than data files.

* WikDict and JMdict, German, French, Italian, Japanese–Russian, as Debian packages (``dict-freedict-deu-rus`` …);
  with the English Wiktionary lists they also give English–Russian, by way of the third language.
* Names and keywords of emoji in many languages (CLDR annotations), as the npm package ``cldr-annotations-full``.
* English–Kazakh and English–Russian word pairs that the sentence pairs of the training data align.

Read from ``$YINJU_DICTIONARIES``, by default ``training/work/dictionaries`` (training/README.md says how to fill it);
what is absent there is left out. Russian words stand in several of their forms when pymorphy3 is installed.
"""

from __future__ import annotations

import gzip
import json
import logging
import os
import random
import re
import string
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from training.encoder import sources

Pairs = list[tuple[str, str]]
FREEDICT = {"de": "deu", "fr": "fra", "it": "ita", "ja": "jpn"}
PIVOTS = ("de", "it", "ja")  # those that an English Wiktionary list leads to
_CODES = "ar az de en es fa fr hi id it ja kk ko ky mn pt ru tr tt uk uz vi zh"
ANNOTATED = {code: code for code in _CODES.split()}
ANNOTATED |= {"zht": "zh-Hant"}
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|\{[^}]*\}|\"[^\"]*\"|\]")
_DIGITS = {
    c: i for i, c in enumerate(string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/")
}  # the base-64 numbers of dictd


def folder() -> Path:
    """Where the packages' files lie."""
    return Path(os.environ.get("YINJU_DICTIONARIES", Path(__file__).resolve().parents[1] / "work" / "dictionaries"))


def russian_meanings(definition: str) -> list[str]:
    r"""The Russian words and phrases of a dictionary entry, which also explains them in its own language.

    >>> russian_meanings("воздушное простра́нство, не́бо (над)\nDer mit Luft gefüllte Raum")
    ['воздушное пространство', 'небо']
    """
    found: list[str] = []
    for line in definition.split("\n"):
        plain = unicodedata.normalize("NFC", unicodedata.normalize("NFD", line).replace("\u0301", ""))
        plain = _BRACKETS.sub("", plain).lower()
        if len(re.findall("[а-яё]", plain)) > 2 * len(re.findall("[a-zà-ÿ]", plain)) and len(plain) < 120:
            found += [part.strip(" .;:()0123456789") for part in re.split("[,;/]", plain)]
    return list(dict.fromkeys(part for part in found if 2 <= len(part) <= 40 and not re.search("[a-z]", part)))


def freedict(name: str) -> Iterator[tuple[str, list[str]]]:
    """(headword, Russian meanings) of ``freedict-NAME-rus``, in the order of its index."""
    path = folder() / f"freedict-{name}-rus.dict.dz"
    if not path.is_file():
        logging.warning("%s is not there: left out", path)
        return
    text = gzip.decompress(path.read_bytes())
    for line in path.with_suffix("").with_suffix(".index").read_text(encoding="utf-8").splitlines():
        head, first, length = line.split("\t")[:3]
        begin, size = (sum(_DIGITS[c] * 64**i for i, c in enumerate(reversed(number))) for number in (first, length))
        meanings = russian_meanings(text[begin : begin + size].decode("utf-8").partition("\n")[2])
        if meanings and not head.startswith("00"):
            yield head, meanings


def pivoted(dictionaries: dict[str, list[tuple[str, list[str]]]]) -> dict[str, list[str]]:
    """English words with at most five Russian ones, by way of a third language; two ways agree or one is plain."""
    scores: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    ways: dict[tuple[str, str], set[str]] = defaultdict(set)
    for language in PIVOTS:
        table = {head.lower(): meanings for head, meanings in dictionaries.get(language, [])}
        for row in sources.rows(f"wiktionary.en-{language}"):
            translations = [part.strip() for part in row[1].split(",") if part.strip()][:4]
            for translation in translations:
                for place, russian in enumerate(table.get(translation.lower(), [])[:4]):
                    scores[row[0].lower()][russian] += 1 / (len(translations) * (1 + 0.5 * place))
                    ways[row[0].lower(), russian].add(language)
    found: dict[str, list[str]] = {}
    for english, row_scores in scores.items():
        sure = [
            (score * len(ways[english, russian]), russian)
            for russian, score in row_scores.items()
            if score >= 0.5 or len(ways[english, russian]) > 1
        ]
        if sure:
            found[english] = [russian for _, russian in sorted(sure, reverse=True)[:5]]
    return found


def english_forms(word: str, seen: Counter[str], heads: dict[str, list[str]]) -> list[str]:
    """Regular forms of an English word that occur in the texts and are no words of their own.

    >>> english_forms("country", Counter({"countries": 9, "countrys": 1}), {})
    ['countries']
    """
    guesses = {word + ending for ending in ("s", "es", "ed", "ing", word[-1] + "ing", word[-1] + "ed")}
    if word.endswith("y"):
        guesses |= {word[:-1] + "ies", word[:-1] + "ied"}
    if word.endswith("e"):
        guesses |= {word[:-1] + "ing", word + "d"}
    return sorted(guess for guess in guesses if seen[guess] >= 2 and guess not in heads)


def russian_forms(seed: int) -> Callable[[str, int], list[str]]:
    """A function (word, n) → the word and n of its forms; phrases stay as they are, and all words without pymorphy3."""
    if find_spec("pymorphy3") is None:
        logging.warning("pymorphy3 is not installed: Russian words stand in their dictionary form only")
        return lambda word, count: [word]
    import pymorphy3

    morphology, rng = pymorphy3.MorphAnalyzer(), random.Random(seed)

    def forms(word: str, count: int) -> list[str]:
        if " " in word:
            return [word]
        others = sorted({form.word for form in morphology.parse(word)[0].lexeme})
        return list(dict.fromkeys([word, *rng.sample(others, min(count, len(others)))]))

    return forms


def english_words() -> Counter[str]:
    """How often each word stands in the English training texts."""
    counts: Counter[str] = Counter()
    contexts = {r["context"] for n in sources.QA_TRAIN if ".en." in n for r in sources.records(f"qa/{n}")}
    texts = [*sorted(contexts), *(r["text"] for r in sources.records("text/cia_factbook.en"))]
    for name in ("ntrex128.multi", "stsb_train.multi", "mkqa_test_questions.multi"):
        texts += [meaning.get("en", "") for meaning in sources.parallel(name)]
    for text in texts:
        counts.update(re.findall("[a-z]+", text.lower()))
    return counts


def aligned(language: str) -> Pairs:
    """(English word, word of ``language``) as the sentence pairs align them, in the forms that occur."""
    from rag.glossary.forms import stem
    from training.glossary.__main__ import chosen
    from training.glossary.aligning import align
    from training.glossary.corpora import sentence_pairs, words

    forms: dict[str, dict[str, Counter[str]]] = {code: defaultdict(Counter) for code in (language, "en")}
    stems: list[tuple[list[str], list[str]]] = []
    for texts in sentence_pairs(sources.data_folder(), language, "en"):
        both: list[list[str]] = []
        for code, text in zip((language, "en"), texts, strict=True):
            found = words(text, code)
            for word in found:
                forms[code][stem(word, code)][word] += 1
            both.append([stem(word, code) for word in found])
        stems.append((both[0], both[1]))
    return [
        (english, word)
        for own, row in chosen(align(stems, 0.02)).items()
        for other in row
        for word, _ in forms[language][own].most_common(5)
        for english, _ in forms["en"][other].most_common(3)
    ]


def pairs(seed: int = 3) -> Iterator[tuple[str, Pairs]]:
    """(languages, [(word, translation)]) of every dictionary."""
    forms = russian_forms(seed)
    dictionaries = {language: list(freedict(name)) for language, name in FREEDICT.items()}
    for language, entries in dictionaries.items():
        yield f"{language}-ru", [(h, form) for h, found in entries for word in found[:4] for form in forms(word, 1)]
    seen, heads = english_words(), pivoted(dictionaries)
    made: Pairs = []
    for english, russian in heads.items():
        others = english_forms(english, seen, heads) if " " not in english else []
        for head in (english, *others):
            made += [(head, form) for word in russian for form in forms(word, 2 if head == english else 1)]
    yield "en-ru", list(dict.fromkeys([*made, *aligned("ru")]))
    yield "en-kk", list(dict.fromkeys(aligned("kk")))


def annotations() -> list[dict[str, str]]:
    """What emoji are called and stand for, {language: names and keywords}."""
    table: dict[str, dict[str, str]] = defaultdict(dict)
    for language, name in ANNOTATED.items():
        path = folder() / "annotations" / name / "annotations.json"
        if not path.is_file():
            logging.warning("%s is not there: left out", path)
            continue
        for emoji, row in json.loads(path.read_text(encoding="utf-8"))["annotations"]["annotations"].items():
            named = dict.fromkeys([*row.get("tts", []), *row.get("default", [])])
            table[emoji][language] = " , ".join(list(named)[:8])
    return [row for row in table.values() if "en" in row]
