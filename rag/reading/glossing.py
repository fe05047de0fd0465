"""A question in English, Russian or Kazakh put into Chinese words, as far as the evidence has them.

The built-in reader learned to read from Chinese questions over Chinese text. Here each word of a foreign question
becomes that of its possible Chinese words (`rag.glossary`) which stands in the evidence: the evidence itself tells
which sense is meant. Names are found by their sound. What is asked for is told by the original and becomes a
Chinese question word. The result is a row of words, no sentence; it is read, never shown. Knows words, no model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.glossary import LANGUAGES, Glossed, gloss
from rag.glossary.transcription import transcribed
from rag.languages import detect
from rag.reading.folding import fold
from rag.reading.kinds import KINDS, question_kind
from rag.reading.meanings import main_script, script

_HAN = script("中")
_ASKED = {
    "age-duration": "多长时间",
    "money": "多少钱",
    "share": "百分之多少",
    "how-many": "多少",
    "when": "什么时候",
    "where": "在哪里",
    "who": "是谁",
    "why": "为什么",
    "how": "怎么",
    "list": "有哪些",
    "name": "叫什么名字",
    "which": "是哪个",
    "what": "是什么",
    "yes-no": "吗",
}
_COUNTED = re.compile(r"\bhow (?:many|much)\b|\bскольк\w+|\b(?:қанша|неше)\w*", re.IGNORECASE)
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*\s*%?")
_ABSENT = 0.3  # likelihood from which a gloss is read though the evidence lacks it
_SINGLE = 0.3  # what a single character that stands somewhere in the evidence is worth beside a word
_DOUBTFUL = 0.04  # likelihood under which even a word of the evidence is not taken


def in_chinese(question: str, texts: Sequence[str]) -> str:
    """Return the Chinese words of ``question``; the question itself when there is nothing to put into Chinese.

    Args:
        question: the standalone question.
        texts: the evidence.
    """
    language = detect(question)
    if language not in LANGUAGES or main_script(question) == _HAN:
        return question
    evidence = "\n".join(fold(text) for text in texts)
    if main_script(evidence[:2000]) != _HAN:
        return question
    kind = kind_of(question, language)
    pieces: list[tuple[int, str]] = [(found.start(), found.group()) for found in _FIGURE.finditer(question)]
    for one in gloss(question, language):
        pieces.append((one.start, chosen(one, question, evidence)))
    phrase = _ASKED.get(kind, "")
    counted = _COUNTED.search(question) if kind == "how-many" else None
    pieces.append((counted.start() if counted else len(question), phrase))
    if not any(script(word[:1]) == _HAN for _, word in pieces[:-1]):
        return question
    words = [word for _, word in sorted(pieces, key=lambda piece: piece[0]) if word]
    if kind in _ASKED and KINDS[question_kind(" ".join(words))] != kind:
        words = [word for word in words if word == phrase or question_kind(word) == 0]
    return (
        re.sub(f"{phrase} (?=[\u3400-\u9fff])", phrase, " ".join(words)) + "？" if counted else " ".join(words) + "？"
    )


def kind_of(question: str, language: str) -> str:
    """Return what a question asks for: as its first words say, if they do; Kazakh asks with the last ones.

    >>> kind_of("Why are trees a bad idea where rain is rare?", "en")
    'why'
    """
    first = 0 if language == "kk" else question_kind(" ".join(question.split()[:4]))
    return KINDS[first or question_kind(question)]


def chosen(word: Glossed, question: str, evidence: str) -> str:
    """Return the Chinese word that ``word`` of the question stands for in this evidence; nothing when none is known.

    Args:
        word: the word with its glosses.
        question: the question it stands in.
        evidence: folded text of all evidence.
    """
    if word.syllables:
        found = sounding(word.syllables, evidence)
        if found:
            return found
    standing = [
        (one.weight * (_SINGLE if len(one.text) == 1 else 1.0), one.text)
        for one in word.glosses
        if one.weight >= _DOUBTFUL and one.text in evidence
    ]
    if standing:
        return max(standing)[1]
    if word.name:
        found, _ = transcribed(question[word.start : word.end], evidence)
        if found:
            return found
    return next((one.text for one in word.glosses if one.weight >= _ABSENT and one.origin != "transcription"), "")


def sounding(syllables: Sequence[str], evidence: str) -> str:
    """Return the run of ``evidence`` with these sounds; else the longest run of two syllables or more.

    >>> sounding(("路芦", "江将"), "横跨芦江的大桥")
    '芦江'
    """
    for size in range(len(syllables), 1, -1):
        for first in range(len(syllables) - size + 1):
            pattern = "".join(f"[{re.escape(characters)}]" for characters in syllables[first : first + size])
            found = re.search(pattern, evidence)
            if found:
                return found.group()
    return ""
