"""Does a citation carry the statement it stands behind? A test without a model, the same every time.

A statement is supported when its content characters stand, in order and without a gap, inside the cited
quote, after width (NFKC), script (traditional to simplified), case and punctuation are folded away. This is
stricter than entailment: a right paraphrase fails. For a product that answers in the words of the page this
is the property that was promised.

Recall and precision are those of ALCE (Gao et al. 2023, "Enabling Large Language Models to Generate Text
with Citations", section 3), with this test in place of the entailment model. It knows nothing of files: raw
text is handed in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

_MARK = re.compile(r"(?:\s*\[\d+\])+")
_LABEL = re.compile(r"[:：]$")
_NOTE = re.compile(r"[(（].*[)）]")
_NUMBER = re.compile(r"\[(\d+)\]")
_SENTENCE_END = re.compile(r"(?<=[。！？；!?…\n])|(?<=[.;])\s")
_IN_NUMBER = re.compile(r"(?<=\d)[,'](?=\d{3})")
_CONTENT_SIGNS = frozenset("%‰°")


@dataclass(frozen=True, slots=True)
class Statement:
    """One stretch of a reply and the numbers of the citations behind it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CitationScore:
    """ALCE's counts for one reply: statements and how many are supported; citations and how many are needed."""

    statements: int
    supported: int
    citations: int
    needed: int


def content(text: str) -> str:
    """Return the characters that carry meaning: letters, digits, currency and percent signs, folded.

    A point between digits stays (9.48 is not 948), a comma that groups digits goes.

    >>> content("貿易額達９４８億美元。") == content("贸易额达 948 亿美元")
    True
    """
    text = _IN_NUMBER.sub("", folded(text))
    kept = []
    for place, char in enumerate(text):
        category = unicodedata.category(char)
        in_number = char == "." and text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit()
        if category[0] in "LNM" or category == "Sc" or char in _CONTENT_SIGNS or in_number:
            kept.append(char)
    return "".join(kept)


def folded(text: str) -> str:
    """Return the text with width (NFKC), script (traditional to simplified) and case folded away."""
    return _simplify()(unicodedata.normalize("NFKC", text)).casefold()


def supports(quotes: Sequence[str], statement: str) -> bool:
    """Tell whether every sentence of the statement stands inside one of the quotes.

    A statement without content characters is supported by nothing.
    """
    sources = [content(quote) for quote in quotes]
    whole = content(statement)
    if not whole:
        return False
    if any(whole in source for source in sources):
        return True
    sentences = [part for part in (content(piece) for piece in _SENTENCE_END.split(statement) if piece) if part]
    return all(any(sentence in source for source in sources) for sentence in sentences)


def statements(text: str) -> tuple[Statement, ...]:
    r"""Split a reply at its ``[n]`` marks: a statement is the text on the line before a group of marks.

    The reply's own words are no statements: a line that ends in a colon, and a note in brackets after the
    marks. Any other text without marks is a statement with no citation.

    >>> [(s.text, s.citations) for s in statements("原文：\n948亿[1]（2025年）\n额达948亿。[1][2]")]
    [('948亿', (1,)), ('额达948亿。', (1, 2))]
    """
    found = []
    for line in text.splitlines():
        start = 0
        for mark in _MARK.finditer(line):
            numbers = tuple(dict.fromkeys(int(number) for number in _NUMBER.findall(mark.group())))
            found.append(Statement(line[start : mark.start()].strip(), numbers))
            start = mark.end()
        rest = line[start:].strip()
        if not (_LABEL.search(rest) if start == 0 else _NOTE.fullmatch(rest)):
            found.append(Statement(rest, ()))
    return tuple(statement for statement in found if content(statement.text))


def score_citations(text: str, quotes: dict[int, str]) -> CitationScore:
    """Score the citations of one reply.

    A statement counts when its citations together support it. A citation counts when its statement is
    supported and it supports the statement alone, or the others without it no longer do.

    Args:
        text: the reply as shown, with ``[n]`` marks.
        quotes: the quoted text by citation number; a mark without an entry supports nothing.
    """
    parts = statements(text)
    supported = citations = needed = 0
    for part in parts:
        cited = {number: quotes.get(number, "") for number in part.citations}
        citations += len(cited)
        if not supports(list(cited.values()), part.text):
            continue
        supported += 1
        for number, quote in cited.items():
            rest = [other for key, other in cited.items() if key != number]
            needed += supports([quote], part.text) or not supports(rest, part.text)
    return CitationScore(len(parts), supported, citations, needed)


def quote_is_exact(raw: str, start: int, end: int, quote: str) -> bool:
    """Tell whether ``raw[start:end]`` is the quote, white space aside."""
    return 0 <= start < end <= len(raw) and squeezed(raw[start:end]) == squeezed(quote)


def squeezed(text: str) -> str:
    """Return the text without white space."""
    return "".join(text.split())


@cache
def _simplify() -> Callable[[str], str]:
    """OpenCC's conversion of traditional characters to simplified, one to one."""
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert
