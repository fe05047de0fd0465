"""What CMRC 2018's, SQuAD 2.0's and KorQuAD 1.0's scripts do, written out step by step as they do it.

The reference for ``eval.scoring``, which does the same by other means. The cutting of Latin text is handed in (NLTK's
word tokenizer), as the scripts import it. Each scorer takes gold answers and a prediction, and returns (exact, F1).
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence

_CMRC = [*"-:_*^/\\~`+=，。：？！“”；’《》", "……", *"·、「」（）－～『』"]
_KORQUAD = "'\"《》<>〈〉()‘’"
Score = tuple[float, float]


def cmrc(answers: Sequence[str], prediction: str, tokenize: Callable[[str], list[str]]) -> Score:
    """CMRC 2018, ``cmrc2018_evaluate.py``."""

    def segments(text: str) -> list[str]:
        found: list[str] = []
        held = ""
        for char in text.lower().strip():
            if char in _CMRC:
                continue
            if re.search(r"[\u4e00-\u9fa5]", char):
                if held != "":
                    found.extend(tokenize(held))
                    held = ""
                found.append(char)
            else:
                held += char
        return found + (tokenize(held) if held != "" else [])

    def bare(text: str) -> str:
        return "".join(char for char in text.lower().strip() if char not in _CMRC)

    def common(first: list[str], second: list[str]) -> int:
        table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
        for i, one in enumerate(first):
            for j, other in enumerate(second):
                table[i + 1][j + 1] = table[i][j] + 1 if one == other else 0
        return max(max(row) for row in table)

    scores = []
    for answer in answers:
        wanted, found = segments(answer), segments(prediction)
        scores.append(_f1(common(wanted, found), len(found), len(wanted)))
    return float(any(bare(answer) == bare(prediction) for answer in answers)), max(scores)


def squad(answers: Sequence[str], prediction: str) -> Score:
    """SQuAD 2.0, ``evaluate-v2.0.py``."""

    def normal(text: str) -> str:
        text = "".join(char for char in text.lower() if char not in set(string.punctuation))
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    scores = []
    for answer in answers:
        wanted, found = normal(answer).split(), normal(prediction).split()
        empty = not wanted or not found
        scores.append(float(wanted == found) if empty else _bag(wanted, found))
    return float(any(normal(answer) == normal(prediction) for answer in answers)), max(scores)


def korquad(answers: Sequence[str], prediction: str) -> Score:
    """KorQuAD 1.0, ``evaluate-v1.0.py``."""

    def normal(text: str) -> str:
        for mark in _KORQUAD:
            text = text.replace(mark, " ")
        return " ".join("".join(char for char in text.lower() if char not in set(string.punctuation)).split())

    scores = [
        _bag(
            [c for word in normal(answer).split() for c in word],
            [c for word in normal(prediction).split() for c in word],
        )
        for answer in answers
    ]
    return float(any(normal(answer) == normal(prediction) for answer in answers)), max(scores)


def _bag(wanted: list[str], found: list[str]) -> float:
    return _f1(sum((Counter(wanted) & Counter(found)).values()), len(found), len(wanted))


def _f1(common: int, found: int, wanted: int) -> float:
    if common == 0:
        return 0.0
    precision, recall = common / found, common / wanted
    return 2 * precision * recall / (precision + recall)
