"""Questions in another language over Chinese evidence, word by word from dictionaries.

English glosses come from CC-CEDICT, names of countries and languages from CLDR; Russian and Kazakh words
from :mod:`lexicon` by way of the English gloss. The result is telegraphic ("When did Commerce Ministry hold
press conference?"), which is how people search in a language they know over text they do not. Knows nothing
of articles or rows.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.questions.records import Candidate, Token
from training.questions.shape import Shape, shape_of, shortened, text_of, trimmed, words_in
from training.questions.wordlists import word_list

_SKIP_GLOSS = re.compile(
    r"variant of|surname |CL:|abbr\.|\(particle|\(bound|see also|see |used in|interj|classifier|old name|Japanese|\["
)
_DROPPED = frozenset(word_list("unglossed"))
_PREPOSITIONS = {
    "在": "in",
    "对": "to",
    "向": "to",
    "从": "from",
    "为": "for",
    "与": "with",
    "和": "and",
    "及": "and",
    "由": "by",
    "以": "with",
    "于": "in",
    "至": "to",
    "到": "to",
    "是": "be",
    "、": ",",
    "有": "have",
    "中": "in",
}
_SCALES = {"万": 10**4, "亿": 10**8, "万亿": 10**12, "千": 10**3, "百": 10**2}
_UNIT_WORDS = {
    "元": "yuan",
    "美元": "US dollars",
    "人": "people",
    "名": "",
    "家": "",
    "个": "",
    "年": "years",
    "岁": "years old",
    "公里": "kilometers",
    "米": "meters",
    "吨": "tons",
    "亩": "mu",
    "天": "days",
    "届": "",
}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_COVERAGE = {"en": 0.75, "ru": 0.55, "kk": 0.55}
"""Share of a clause's words that must be known; the unknown ones are left out."""

FRAMES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "when": (
            "When did {x}?",
            "When did {x}?",
            "When was {x}?",
            "What date did {x}?",
            "{x} when?",
            "On what day did {x}?",
        ),
        "year": ("In which year did {x}?", "What year did {x}?", "When did {x}?"),
        "where": ("Where did {x}?", "Where was {x}?", "Where is {x}?", "In which place did {x}?"),
        "titled": ("Who is the {x}?", "Who is {x}?", "What is the name of the {x}?", "name of {x}"),
        "speaker": ("Who said {x}?", "Who said that {x}?", "Who stated {x}?"),
        "who": ("Who {x}?", "Which person {x}?"),
        "which": ("Which {k} {x}?", "What {k} {x}?"),
        "value": ("What is the {x}?", "How much is the {x}?", "{x} how much?"),
        "how_much": ("How much {x}?", "How much did {x}?", "What amount did {x}?"),
        "how_many": ("How many {x}?", "What number of {x}?"),
        "duration": ("How long did {x}?", "For how long did {x}?"),
        "copula": ("What is {x}?",),
        "what": ("What did {x}?", "What did {x}?", "{x} what?"),
        "why": ("Why did {x}?", "Why {x}?", "What is the reason that {x}?"),
        "how": ("How did {x}?", "By what means did {x}?", "How {x}?"),
        "list": ("Which {k} {x}?", "What are the {k} {x}?"),
    },
    "ru": {
        "when": ("Когда {x}?", "Когда {x}?", "Какого числа {x}?"),
        "year": ("В каком году {x}?", "Когда {x}?"),
        "where": ("Где {x}?", "В каком месте {x}?"),
        "titled": ("Кто {x}?", "Как зовут {x}?", "Кто такой {x}?"),
        "speaker": ("Кто сказал {x}?", "Кто заявил, что {x}?"),
        "who": ("Кто {x}?",),
        "which": ("Какая организация {x}?", "Кто {x}?"),
        "value": ("Какой {x}?", "Сколько составляет {x}?", "{x} сколько?"),
        "how_much": ("Сколько {x}?",),
        "how_many": ("Сколько {x}?", "Какое количество {x}?"),
        "duration": ("Как долго {x}?", "Сколько времени {x}?"),
        "copula": ("Что такое {x}?",),
        "what": ("Что {x}?",),
        "why": ("Почему {x}?", "По какой причине {x}?"),
        "how": ("Как {x}?", "Каким образом {x}?"),
        "list": ("Какие {x}?",),
    },
    "kk": {
        "when": ("{x} қашан?", "Қашан {x}?", "{x} қай күні?"),
        "year": ("{x} қай жылы?", "Қай жылы {x}?"),
        "where": ("{x} қайда?", "Қайда {x}?"),
        "titled": ("{x} кім?", "{x} аты кім?"),
        "speaker": ("{x} деп кім айтты?",),
        "who": ("Кім {x}?", "{x} кім?"),
        "which": ("Қай ұйым {x}?", "{x} қай ұйым?"),
        "value": ("{x} қанша?", "{x} қандай?"),
        "how_much": ("{x} қанша?", "Қанша {x}?"),
        "how_many": ("Қанша {x}?", "Неше {x}?"),
        "duration": ("{x} қанша уақыт?",),
        "copula": ("{x} деген не?",),
        "what": ("{x} не?", "Не {x}?"),
        "why": ("{x} неге?", "Неліктен {x}?"),
        "how": ("{x} қалай?", "Қалай {x}?"),
        "list": ("Қандай {x}?",),
    },
}
"""Question frames per language and kind; ``{x}`` is the glossed clause, ``{k}`` the sort of thing asked for."""


@dataclass(frozen=True)
class Glossary:
    """Chinese word → gloss, with readings of single characters for names."""

    nouns: Mapping[str, str]
    verbs: Mapping[str, str]
    readings: Mapping[str, str]
    further: Mapping[str, Mapping[str, str]]

    def word(self, word: str, flag: str) -> str | None:
        """The English gloss of one word, None when unknown."""
        tables = (self.verbs, self.nouns) if flag.startswith("v") and flag != "vn" else (self.nouns, self.verbs)
        return tables[0].get(word) or tables[1].get(word)


def _gloss_of(senses: Sequence[str], verb: bool) -> str:
    for sense in senses:
        if _SKIP_GLOSS.search(sense) or sense.startswith("to ") != verb:
            continue
        text = re.sub(r"\([^)]*\)?", "", sense).split(";")[0].split(",")[0].strip()
        text = re.sub(r"^(?:to |the |a |an )", "", text).strip()
        if text and text.isascii() and len(text.split()) <= 4 and not text.endswith(("'s", "-")):
            return text
    return ""


def load_glossary(root: Path, further: Mapping[str, Mapping[str, str]] | None = None) -> Glossary:
    """Read CC-CEDICT and the CLDR names under a data root. Raises FileNotFoundError when they are absent."""
    nouns: dict[str, str] = {}
    verbs: dict[str, str] = {}
    readings: dict[str, str] = {}
    with gzip.open(root / "dict" / "cc-cedict.zh-en.tsv.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            columns = line.rstrip("\n").split("\t")
            if len(columns) < 4:
                continue
            word, _, pinyin, senses = columns[:4]
            glosses = senses.strip("/").split("/")
            for table, verb in ((nouns, False), (verbs, True)):
                gloss = _gloss_of(glosses, verb)
                if gloss and (word not in table or (pinyin.islower() and table[word][:1].isupper() and len(word) == 1)):
                    table[word] = gloss
            if len(word) == 1 and pinyin.isascii():
                readings.setdefault(word, re.sub(r"[0-9:]", "", pinyin).lower().replace("u:", "v"))
    with gzip.open(root / "dict" / "cldr_names.multi.jsonl.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            names = json.loads(line)
            if names["key"].startswith("territories") and names.get("zh") and names.get("en"):
                nouns[names["zh"]] = names["en"]
    nouns.update(
        {
            "我国": "China",
            "国家": "country",
            "公司": "company",
            "记者": "reporter",
            "企业": "enterprise",
            "人民币": "RMB",
            "习近平": "Xi Jinping",
        }
    )
    return Glossary(nouns, verbs, readings, further or {})


def number_words(text: str) -> str:
    """A Chinese number with its scale in English.

    >>> number_words("1700亿"), number_words("3万"), number_words("12")
    ('170 billion', '30000', '12')
    """
    match = re.match(r"([0-9]+(?:\.[0-9]+)?)(万亿|亿|万|千|百)?", text)
    if not match:
        return text
    value = float(match.group(1)) * _SCALES.get(match.group(2) or "", 1)
    for size, name in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if value >= size:
            return f"{value / size:g} {name}"
    return f"{value:g}"


class Glosser:
    """Makes questions in English, Russian and Kazakh from Chinese clauses."""

    def __init__(self, glossary: Glossary, shares: Mapping[str, float]) -> None:
        self._glossary = glossary
        self._shares = shares

    def __call__(self, sentence: str, candidate: Candidate, rng: random.Random, topic: str) -> tuple[str, str] | None:
        """(question, language), or None when too many words are unknown or the clause does not lend itself."""
        language = rng.choices(list(self._shares), list(self._shares.values()))[0]
        planned = _plan(sentence, candidate, topic, rng)
        if planned is None:
            return None
        kind, words, sort = planned
        glossed = self.gloss(words, language)
        if glossed is None or not 2 <= len(glossed.split()) <= 22:
            return None
        noun = self.gloss((sort,), language) if sort else ""
        if noun is None:
            return None
        question = " ".join(rng.choice(FRAMES[language][kind]).format(x=glossed, k=noun).split()).replace(" ,", ",")
        question = question[0].upper() + question[1:]
        if rng.random() < 0.12:
            question = question.rstrip("?")
        answer = sentence[candidate.start : candidate.end]
        return (question, language) if answer not in question else None

    def gloss(self, words: Sequence[Token], language: str) -> str | None:
        """Words in another language, in the same order; None when too few are known."""
        out: list[str] = []
        known = total = 0
        i = 0
        while i < len(words):
            token = words[i]
            joined = "".join(word.word for word in words[i : i + 6])
            date = re.match(r"(?:([12][0-9]{3})年)?([0-9]{1,2})月(?:([0-9]{1,2})日)?|([12][0-9]{3})年", joined)
            if date and date.end() >= len(token.word):
                out.append(_date(date, language))
                known, total, taken = known + 1, total + 1, 0
                while i < len(words) and taken < date.end():
                    taken += len(words[i].word)
                    i += 1
                continue
            i += 1
            if (
                token.word in _DROPPED
                or token.flag in ("uj", "ul", "uz", "y", "e", "o")
                or (token.flag == "x" and token.word != "、")
            ):
                continue
            total += 1
            text = self._one(token, language)
            if text is not None:
                known += 1
                out.append(text)
        return " ".join(" ".join(out).split()) if total and known / total >= _COVERAGE[language] else None

    def _one(self, token: Token, language: str) -> str | None:
        word = token.word
        if re.match(r"[0-9]", word):
            unit = re.sub(r"^[0-9.,]+(?:万亿|亿|万|千|百)?", "", word)
            name = _UNIT_WORDS.get(unit, unit)
            if language != "en" and name:
                name = self._further(name, language) or ""
            return f"{number_words(word)} {name if name.isascii() or language != 'en' else ''}".strip()
        if word.isascii():
            return word
        english = _PREPOSITIONS.get(word) or self._glossary.word(word, token.flag)
        if english is None and token.flag in ("nr",) and len(word) <= 3:
            return self._name(word)
        if english is None:
            english = self._parts(word, token.flag)
        if english is None or language == "en":
            return english
        return self._further(english, language)

    def _further(self, english: str, language: str) -> str | None:
        table = self._glossary.further.get(language, {})
        if english.lower() in table:
            return table[english.lower()]
        parts = [
            table.get(part)
            for part in english.lower().split()
            if part not in ("of", "the", "a", "to", "be", "in", "for", "and")
        ]
        return " ".join(part for part in parts if part) if parts and all(parts) else None

    def _name(self, word: str) -> str | None:
        readings = [self._glossary.readings.get(character) for character in word]
        if not all(readings):
            return None
        return f"{str(readings[0]).capitalize()} {''.join(map(str, readings[1:])).capitalize()}".strip()

    def _parts(self, word: str, flag: str) -> str | None:
        """A long unknown word as its longest known parts, all of two characters or more."""
        out, at = [], 0
        while at < len(word):
            for size in range(min(6, len(word) - at), 1, -1):
                gloss = self._glossary.word(word[at : at + size], flag)
                if gloss:
                    out.append(gloss)
                    at += size
                    break
            else:
                return None
        return " ".join(out)


def _date(match: re.Match[str], language: str) -> str:
    year, month, day, alone = match.groups()
    if alone:
        return alone
    if language == "en":
        return " ".join(part for part in (_MONTHS[(int(month) - 1) % 12], day, year) if part)
    return ".".join(part for part in (day, month, year) if part)


def _plan(
    sentence: str, candidate: Candidate, topic: str, rng: random.Random
) -> tuple[str, tuple[Token, ...], Token | None] | None:
    """Which frame, which words to gloss, and the sort of thing asked for."""
    if candidate.about:
        words = trimmed(words_in(sentence, *candidate.about))
        frame = "how" if candidate.kind == "how" else "why"
        return frame, shortened(words, 18, rng), None
    shape = shape_of(sentence, candidate, topic)
    if shape is None or any("·" in token.word for token in shape.before + shape.after):
        return None
    return _plan_phrase(sentence, candidate, shape, rng)


def _plan_phrase(
    sentence: str, candidate: Candidate, shape: Shape, rng: random.Random
) -> tuple[str, tuple[Token, ...], Token | None] | None:
    before, after = shape.before, shape.after
    while before and before[-1].word in ("在", "于", "约", "近", "超", "达", "为", "是", "从", "以", "“"):
        before = before[:-1]
    whole = shortened(
        shape.subject + before + after
        if shape.borrowed and before[: len(shape.subject)] != shape.subject
        else before + after,
        18,
        rng,
    )
    role = candidate.role
    if role in ("date", "year"):
        return ("year" if role == "year" else "when"), whole, None
    if role == "place":
        return "where", whole, None
    if role == "person":
        title = [token for token in before if token.flag in ("n", "ns", "nt", "nz", "vn", "j", "b")]
        if len(text_of(title)) >= 4 and before and before[-1] in title:
            return "titled", tuple(title[-5:]), None
        return ("who", shortened(after, 18, rng), None) if len(text_of(after)) >= 4 and not before else None
    if role in ("body", "region") and not before and len(text_of(after)) >= 4:
        word = (
            "国家"
            if role == "region"
            else "公司"
            if sentence[candidate.start : candidate.end].endswith(("公司", "集团"))
            else "机构"
        )
        return "which", shortened(after, 18, rng), Token(word, "n", 0, 0)
    if role in ("money", "percent", "measure"):
        return ("how_much" if after else "value"), whole, None
    if role == "count":
        return "how_many", shortened(after + before, 18, rng), None
    if role == "duration":
        return "duration", whole, None
    if role == "copula":
        return "copula", shape.subject, None
    if role in ("object", "name", "quoted", "work") and not after:
        return "what", whole, None
    if role == "list" and candidate.unit:
        return "list", before, Token(candidate.unit, "n", 0, 0)
    return None
