"""Text cut into the reader's units: words, numbers, marks, each with what kind of thing it is.

Han text is cut and tagged by jieba, so that an answer starts and ends at a word; other scripts are cut
at white space and marks, hiragana and hangul into single characters. Every unit carries a *tag*: the
part of speech of a Han word, the shape of any other. Knows nothing of questions or models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rag.reading.folding import fold
from rag.tagging import tagged

HAN_TAGS = (
    "n nr ns nt nz ng nl v vn vd vg vq a ad an ag d m mq q t tg s f r p c u uj ul uz ug ud uv y e o x i l j b k h g"
)
SHAPES = (
    "lower capital upper mixed caseless katakana hiragana hangul other-letter digit-1 digit-2 digit-3 digit-4 year "
    "digits decimal comma stop question colon dash open-quote close-quote open-title close-title open-bracket "
    "close-bracket percent money symbol"
)
TAGS: tuple[str, ...] = ("none", "question-mark", "sentence-mark", *HAN_TAGS.split(), *SHAPES.split())
TAG_INDEX = {tag: index for index, tag in enumerate(TAGS)}

_MARKS = {
    "comma": ",、،",
    "stop": "。.!…！؟।",
    "question": "?？",
    "colon": ":;：；",
    "dash": "-–—~～·・/",
    "open-quote": "“‘「『",
    "close-quote": "”’」』\"'",
    "open-title": "《〈«",
    "close-title": "》〉»",
    "open-bracket": "([{【〔（",
    "close-bracket": ")]}】〕）",
    "percent": "%‰℃°",
    "money": "$¥€£₽₸￥",
}
_MARK_TAG = {mark: TAG_INDEX[tag] for tag, marks in _MARKS.items() for mark in marks}
_SYMBOL = TAG_INDEX["symbol"]

_UNIT = re.compile(
    r"(?P<han>[\u3400-\u9fff\uf900-\ufaff々〇]+)"
    r"|(?P<number>\d+(?:[.,:]\d+)*)"
    r"|(?P<katakana>[ァ-ヺー]+)"
    r"|(?P<single>[\u3040-\u309f\uac00-\ud7af\u0e00-\u0eff])"
    r"|(?P<word>[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0eff]"
    r"(?:[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0eff]|[\u0300-\u036f\u0900-\u0dff\u064b-\u0652\u200c])*)"
    r"|(?P<mark>\S)"
)


@dataclass(frozen=True, slots=True)
class Units:
    """The units of one text, as columns of equal length.

    ``words`` are folded; ``starts`` and ``ends`` are character positions in the text; ``tags`` index
    `TAGS`.
    """

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    tags: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.words)


def cut(text: str) -> Units:
    """Cut ``text`` into units; white space belongs to none.

    >>> cut("2015年，张三访问河南。").words
    ('2015', '年', ',', '张三', '访问', '河南', '。')
    """
    rows = list(_rows(text, fold(text)))
    if not rows:
        return Units((), (), (), ())
    words, starts, ends, tags = zip(*rows, strict=True)
    return Units(words, starts, ends, tags)


def _rows(text: str, folded: str) -> Iterator[tuple[str, int, int, int]]:
    for match in _UNIT.finditer(folded):
        start, end, kind = match.start(), match.end(), match.lastgroup
        if kind == "han":
            for word, flag in _cut_han(match.group()):
                yield (
                    word,
                    start,
                    start + len(word),
                    TAG_INDEX.get(flag, TAG_INDEX.get(flag[:1], TAG_INDEX["x"])),
                )
                start += len(word)
        elif kind == "mark":
            yield match.group(), start, end, _MARK_TAG.get(match.group(), _SYMBOL)
        else:
            yield match.group(), start, end, TAG_INDEX[_shape(text[start:end], str(kind))]


def _shape(word: str, kind: str) -> str:
    """The shape of a unit that is neither Han nor a mark, from its unfolded characters."""
    if kind == "number":
        if not word.isdigit():
            return "decimal"
        if len(word) == 4 and "1000" <= word <= "2100":
            return "year"
        return f"digit-{len(word)}" if len(word) <= 4 else "digits"
    if kind == "single":
        return "hiragana" if word < "\u30a0" and word >= "\u3040" else "hangul" if word >= "\uac00" else "other-letter"
    if kind == "katakana":
        return "katakana"
    if word.islower():
        return "lower"
    if word.isupper():
        return "upper" if len(word) > 1 else "capital"
    if word[:1].isupper():
        return "capital"
    return "mixed" if any(c.isupper() for c in word) else "caseless"


@lru_cache(maxsize=20000)
def _cut_han(run: str) -> tuple[tuple[str, str], ...]:
    """A run of Han characters as (word, part-of-speech flag), by jieba with its hidden Markov model."""
    return tuple(tagged(run))
