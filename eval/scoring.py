"""Exact match and F1 of a short answer, by the official rules of each language's data set.

| language | rules | unit of F1 |
| --- | --- | --- |
| zh, zht | CMRC 2018 and DRCD (``cmrc2018_evaluate.py``, v5) | longest common run of characters and words |
| ko | KorQuAD 1.0 (``evaluate-v1.0.py``) | bag of characters |
| ja | JaQuAD: characters, punctuation and white space aside | bag of characters |
| en | SQuAD 2.0 (``evaluate-v2.0.py``) | bag of words, articles aside |
| all others | MLQA (``mlqa_evaluation_v1.py``) | bag of words, Unicode punctuation aside |

Every score is the best over the gold answers. The rules are kept as published, warts included: CMRC folds
neither width nor script, and two empty answers match exactly and have F1 0. The one difference is that
Latin words inside Chinese are not first cut into sentences (NLTK's trained splitter), so only an answer
with a full stop in mid-text can differ. It knows nothing of questions, files or systems.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

# The punctuation of CMRC's script. Its '……' is two characters and so never equals one: left out.
CMRC_PUNCTUATION = frozenset("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
HAN = re.compile(r"[\u4e00-\u9fa5]")
HAN_ANYWHERE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")

# The Treebank rules of NLTK's word tokenizer, in its order, for text that is one sentence.
_TREEBANK: tuple[tuple[str, str], ...] = (
    (r"([«“‘„]|`+)", r" \1 "),
    (r"^\"", "``"),
    (r"(``)", r" \1 "),
    (r"([ (\[{<])(\"|'{2})", r"\1 `` "),
    (r"(?i)(?<!\w)(')(?!(?:re|ve|ll|m|t|s|d|n)\b)(?=\w)", r"\1 "),
    (r"([^.])(\.)([\])}>\"' »”’]*)\s*$", r"\1 \2 \3 "),
    (r"([:,])([^\d])", r" \1 \2"),
    (r"([:,])$", r" \1 "),
    (r"(\.{2,}|[;@#$%&]|[‒-―])", r" \1 "),
    (r"([^.])(\.)([\])}>\"']*)\s*$", r"\1 \2\3 "),
    (r"([?!])", r" \1 "),
    (r"([^'])' ", r"\1 ' "),
    (r"([*\]\[(){}<>]|--)", r" \1 "),
    (r"^|$", " "),
    (r"([»”’])", r" \1 "),
    (r"''|\"", " '' "),
    (r"\s+", " "),
    (r"(?i)([^' ])('[smd]|') ", r"\1 \2 "),
    (r"([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ", r"\1 \2 "),
    (r"(?i)\b(can)(not)\b", r" \1 \2 "),
    (r"(?i)\b(d)('ye)\b", r" \1 \2 "),
    (r"(?i)\b(gim|lem)(me)\b", r" \1 \2 "),
    (r"(?i)\b(gon|wan)(na)\b", r" \1 \2 "),
    (r"(?i)\b(got)(ta)\b", r" \1 \2 "),
    (r"(?i)\b(more)('n)\b", r" \1 \2 "),
    (r"(?i) ('t)(is|was)\b", r" \1 \2 "),
)

_ARTICLES = {
    "en": r"\b(a|an|the)\b",
    "es": r"\b(un|una|unos|unas|el|la|los|las)\b",
    "vi": r"\b(của|là|cái|chiếc|những)\b",
    "de": r"\b(ein|eine|einen|einem|eines|einer|der|die|das|den|dem|des)\b",
    "ar": r"\sال^|ال",
}
_KORQUAD_MARKS = re.compile(r"['\"《》<>〈〉()‘’]")


class AnswerScore(NamedTuple):
    """Exact match (0 or 1) and F1 in [0, 1], each the best over the gold answers."""

    exact: float
    f1: float


class _Rules(NamedTuple):
    """One data set's rules: equality after ``normalise``, F1 over ``tokens``, counted by ``common``."""

    normalise: Callable[[str], str]
    tokens: Callable[[str], list[str]]
    common: Callable[[Sequence[str], Sequence[str]], int]
    empty_matches: bool = False


def score(prediction: str, answers: Sequence[str], language: str) -> AnswerScore:
    """Score one short answer against the gold answers.

    An answer with Han characters is scored by the Chinese rules whatever the language of the question
    (a Russian question about a Chinese page is answered in the page's words), Japanese aside.

    >>> score("948亿美元。", ["948亿美元"], "zh")
    AnswerScore(exact=1.0, f1=1.0)
    """
    exact = f1 = 0.0
    for answer in answers:
        rules = _rules(_language_of(answer, language))
        exact = max(exact, float(rules.normalise(prediction) == rules.normalise(answer)))
        f1 = max(f1, _f1(prediction, answer, rules))
    return AnswerScore(exact, f1)


def rouge_1(prediction: str, reference: str) -> float:
    """Return the F1 of the bags of Han characters and words (Lin 2004, ROUGE-1), punctuation aside.

    >>> rouge_1("大桥主跨多少？", "大桥的主跨多少？") > 0.9
    True
    """
    found, wanted = mixed_segmentation(_squad_text(prediction)), mixed_segmentation(_squad_text(reference))
    common = _bag(found, wanted)
    return 2 * common / (len(found) + len(wanted)) if common else 0.0


def longest_common_run(first: Sequence[str], second: Sequence[str]) -> int:
    """Return the length of the longest contiguous sequence that both hold.

    >>> longest_common_run("abcd", "xbcy")
    2
    """
    longest = 0
    previous = [0] * (len(second) + 1)
    for one in first:
        row = [0] * (len(second) + 1)
        for column, other in enumerate(second, start=1):
            if one == other:
                row[column] = previous[column - 1] + 1
                longest = max(longest, row[column])
        previous = row
    return longest


def mixed_segmentation(text: str) -> list[str]:
    """Split into Han characters and, between them, Latin words and numbers; punctuation is dropped.

    >>> mixed_segmentation("2024年，NBA开赛")
    ['2024', '年', 'nba', '开', '赛']
    """
    tokens: list[str] = []
    held = ""
    for char in text.lower().strip():
        if char in CMRC_PUNCTUATION:
            continue
        if HAN.match(char):
            tokens.extend(treebank_words(held))
            tokens.append(char)
            held = ""
        else:
            held += char
    tokens.extend(treebank_words(held))
    return tokens


def treebank_words(text: str) -> list[str]:
    """Split one sentence of a language with spaces by the Penn Treebank rules, as NLTK does.

    >>> treebank_words("don't pay $5, (ok).")
    ['do', "n't", 'pay', '$', '5', ',', '(', 'ok', ')', '.']
    """
    if not text.strip():
        return []
    for pattern, replacement in _treebank():
        text = pattern.sub(replacement, text)
    return text.split()


@cache
def _treebank() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in _TREEBANK)


def _language_of(answer: str, language: str) -> str:
    if language == "ja":
        return "ja"
    return "zh" if HAN_ANYWHERE.search(answer) else language


def _f1(prediction: str, answer: str, rules: _Rules) -> float:
    found, gold = rules.tokens(prediction), rules.tokens(answer)
    if rules.empty_matches and not (found and gold):
        return float(found == gold)
    common = rules.common(found, gold)
    if common == 0:
        return 0.0
    precision, recall = common / len(found), common / len(gold)
    return 2 * precision * recall / (precision + recall)


def _bag(first: Sequence[str], second: Sequence[str]) -> int:
    return sum((Counter(first) & Counter(second)).values())


def _cmrc_text(text: str) -> str:
    return "".join(char for char in text.lower().strip() if char not in CMRC_PUNCTUATION)


def _squad_text(text: str) -> str:
    """SQuAD: lower case, ASCII punctuation and articles off, white space even."""
    text = "".join(char for char in text.lower() if char not in string.punctuation)
    return " ".join(re.sub(_ARTICLES["en"], " ", text).split())


def _korquad_text(text: str) -> str:
    text = _KORQUAD_MARKS.sub(" ", text).lower()
    return " ".join("".join(char for char in text if char not in string.punctuation).split())


def _korquad_characters(text: str) -> list[str]:
    return [char for char in _korquad_text(text) if not char.isspace()]


def _is_punctuation(char: str) -> bool:
    return char in string.punctuation or unicodedata.category(char).startswith("P")


def _japanese_text(text: str) -> str:
    return "".join(char for char in text.lower() if not _is_punctuation(char) and not char.isspace())


def _mlqa_text(language: str) -> Callable[[str], str]:
    def normalise(text: str) -> str:
        text = "".join(char for char in text.lower() if not _is_punctuation(char))
        if language in _ARTICLES:
            text = re.sub(_ARTICLES[language], " ", text)
        return " ".join(text.split())

    return normalise


@cache
def _rules(language: str) -> _Rules:
    if language.startswith("zh"):
        return _Rules(_cmrc_text, mixed_segmentation, longest_common_run)
    if language == "ko":
        return _Rules(_korquad_text, _korquad_characters, _bag)
    if language == "ja":
        return _Rules(_japanese_text, lambda text: list(_japanese_text(text)), _bag)
    if language == "en":
        return _Rules(_squad_text, lambda text: _squad_text(text).split(), _bag, empty_matches=True)
    normalise = _mlqa_text(language)
    return _Rules(normalise, lambda text: normalise(text).split(), _bag)
