"""Questions as other languages ask them of Chinese evidence: in English glosses, or word by word in Chinese.

The reader sees a question in another script only through the steps of closeness, its numbers and what it
asks for, so a rough gloss teaches as much as a translation would. Knows words, not evidence.
"""

from __future__ import annotations

import csv
import gzip
import random
import re
from pathlib import Path

from rag.reading.kinds import KINDS, question_kind
from rag.reading.units import TAGS, cut

_ASK = {
    "who": ("Who", "Which person"),
    "when": ("When", "In what year", "On what date"),
    "where": ("Where", "In which place", "In which country"),
    "how-many": ("How many", "What number of"),
    "money": ("How much", "How much money"),
    "share": ("What percentage", "What share"),
    "age-duration": ("How long", "How many years"),
    "why": ("Why", "For what reason"),
    "how": ("How", "In what way"),
    "list": ("What are", "Which are"),
    "name": ("What is the name of", "What is called"),
    "which": ("Which", "Which one"),
    "what": ("What", "What is"),
}
_LEFT_OUT = frozenset(
    ["u", "uj", "ul", "uz", "ug", "ud", "uv", "y", "e", "o", "x", "r", "comma", "stop", "question", "colon"]
)
_ASK_CHINESE = {
    "who": ("谁", "哪个人", "什么人"),
    "when": ("何时", "什么时候", "哪年", "哪一天"),
    "where": ("哪里", "何处", "什么地方", "哪个国家"),
    "how-many": ("多少", "几个"),
    "money": ("多少钱", "多少元"),
    "share": ("百分之多少", "什么比例"),
    "age-duration": ("多久", "多少年"),
    "why": ("为什么", "为何"),
    "how": ("怎样", "如何"),
    "list": ("哪些",),
    "name": ("什么名称", "叫什么"),
    "which": ("哪个", "哪"),
    "what": ("什么",),
}
_INTERROGATIVE = re.compile(r"[谁何哪几啥?？]|什么|多少|怎|多久|为什么")
_PAREN = re.compile(r"\([^)]*\)|\[[^\]]*\]")


class Glosser:
    """Glosses Chinese questions.

    Args:
        path: ``cc-cedict.zh-en.tsv.gz``, columns simplified, traditional, pinyin, glosses.
        chance: for the choice among glosses.
    """

    def __init__(self, path: Path, chance: random.Random) -> None:
        self._chance = chance
        self._glosses: dict[str, list[str]] = {}
        self._sounds: dict[str, str] = {}
        with gzip.open(path, "rt", encoding="utf8") as lines:
            for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                if len(row) < 4:
                    continue
                word = row[0]
                if len(word) == 1:
                    self._sounds.setdefault(word, re.sub(r"\d", "", row[2]).lower().split()[0])
                for gloss in row[3].split("/"):
                    plain = _PAREN.sub("", gloss).strip().removeprefix("to ")
                    if plain and len(plain.split()) <= 3 and "variant" not in plain and "surname" not in plain:
                        self._glosses.setdefault(word, []).append(plain)

    def gloss(self, question: str) -> str | None:
        """Return an English-looking question, or None when it asks for nothing known."""
        ask = _ASK.get(KINDS[question_kind(question)])
        if ask is None:
            return None
        units = cut(question)
        words = []
        for word, tag in zip(units.words, units.tags, strict=True):
            if TAGS[tag] in _LEFT_OUT:
                continue
            found = self._glosses.get(word)
            if found:
                words.append(self._chance.choice(found[:3]))
            elif "\u3400" <= word[0] <= "\u9fff":
                words.append("".join(self._sounds.get(character, "") for character in word).capitalize())
            else:
                words.append(word)
        for place in range(len(words) - 1):
            if self._chance.random() < 0.15:
                words[place], words[place + 1] = words[place + 1], words[place]
        return " ".join([self._chance.choice(ask), *filter(None, words)]) + "?"


class Loosener:
    """Chinese questions as a word-by-word gloss of a foreign question would read.

    The question word comes first, words without meaning mostly go, neighbours change places, a word is
    lost now and then: 习近平什么时候访问哈萨克斯坦？ → 何时 习近平 访问 哈萨克斯坦？

    Args:
        chance: for all choices.
    """

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def gloss(self, question: str) -> str | None:
        """Return the loose question, or None when it asks for nothing known."""
        ask = _ASK_CHINESE.get(KINDS[question_kind(question)])
        if ask is None:
            return None
        chance = self._chance
        units = cut(question)
        words = [
            word
            for word, tag in zip(units.words, units.tags, strict=True)
            if not _INTERROGATIVE.search(word) and chance.random() < (0.2 if TAGS[tag] in _LEFT_OUT else 0.92)
        ]
        for place in range(len(words) - 1):
            if chance.random() < 0.2:
                words[place], words[place + 1] = words[place + 1], words[place]
        words.insert(0 if chance.random() < 0.8 else len(words), chance.choice(ask))
        return " ".join(words) + "？"
