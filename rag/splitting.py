"""Split articles into passages, and any text into sentences.

A passage never crosses two articles, nor a form feed between paragraphs, and its paragraphs follow each other
in the raw text with nothing but white space between them, so that one raw span describes it. Knows nothing of
files or models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.records import Article, Paragraph, Passage
from rag.spans import raw_span

PASSAGE_CHARACTERS = 320
SENTENCE_CHARACTERS = 400

# A sentence ends at a full stop, question or exclamation mark of any script, with the quotes and brackets
# that close it; at a Latin full stop only where white space follows; and at a line feed.
_CLOSERS = "”’」』）)】》〉\"'］"
_SENTENCE_END = re.compile(rf"(?:[。！？!?؟۔।…]+[{_CLOSERS}]*|\.+[{_CLOSERS}]*(?=\s|$)|\n)")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(（“\"])(?:[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]|Mr|Mrs|Ms|Dr|Prof|St|No|vs|Inc|Ltd|Jr|Sr|Gen|Col|г|гг|им|ул|т\.е|т\.д)\.$"
)
_SOFT_BREAK = re.compile(r"[，,；;、：:\s]")


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of ``text``, in order, white space around them left out.

    Together the spans hold every character that is not white space exactly once. A sentence longer than
    ``SENTENCE_CHARACTERS`` is cut at a comma or a space where there is one.

    >>> [text[a:b] for a, b in sentences("他问：“来吗？”来了。It is 3.5 km. Yes")]  # doctest: +SKIP
    ['他问：“来吗？”', '来了。', 'It is 3.5 km.', 'Yes']
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.group().startswith(".") and _ABBREVIATION.search(text[max(start, match.start() - 8) : match.end()]):
            continue
        spans.extend(_pieces(text, start, match.end()))
        start = match.end()
    spans.extend(_pieces(text, start, len(text)))
    return spans


def passages(
    article: Article, raw: str, document: str, number: int, first: int, longest: int = PASSAGE_CHARACTERS
) -> list[Passage]:
    """Split ``article``, the document's ``number``-th, into passages of about ``longest`` characters.

    Args:
        article: the article to split.
        raw: the raw text of its document.
        document: the document's id.
        number: the article's place in the document, from 0.
        first: the place in the document of the first passage made here, from 0; ids count on from it.
        longest: how many characters a passage has, about; a sentence is never cut for it.
    """
    made: list[Passage] = []
    for text, start, end in _blocks(article.paragraphs, raw, longest):
        made.append(
            Passage(
                id=f"{document}-{first + len(made)}",
                document=document,
                article=number,
                text=text,
                start=start,
                end=end,
                title=article.title,
                page=article.page,
                date=article.date,
            )
        )
    return made


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield ``[start, end)`` without the white space around it, cut where it is too long."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > SENTENCE_CHARACTERS:
        cut = start + SENTENCE_CHARACTERS
        breaks = [m.end() for m in _SOFT_BREAK.finditer(text, start + SENTENCE_CHARACTERS // 2, cut)]
        cut = breaks[-1] if breaks else cut
        head = cut
        while head > start and text[head - 1].isspace():
            head -= 1
        if head > start:
            yield start, head
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if end > start:
        yield start, end


def _blocks(paragraphs: Sequence[Paragraph], raw: str, longest: int) -> Iterator[tuple[str, int, int]]:
    """Yield (text, raw start, raw end) of each passage: whole paragraphs joined, long ones cut."""
    texts: list[str] = []
    start = end = size = 0
    for text, a, b, heading in _units(paragraphs, raw, longest):
        apart = bool(texts) and (a < end or bool(raw[end:a].strip()) or "\f" in raw[end:a])
        full = size + len(text) > longest and size > 0
        if texts and (apart or full or heading):
            yield "\n".join(texts), start, end
            texts, size = [], 0
        if not texts:
            start = a
        texts.append(text)
        end, size = b, size + len(text)
    if texts:
        yield "\n".join(texts), start, end


def _units(paragraphs: Sequence[Paragraph], raw: str, longest: int) -> Iterator[tuple[str, int, int, bool]]:
    """Yield each paragraph, or runs of whole sentences of it when it is long; flag subheads."""
    for paragraph in paragraphs:
        heading = paragraph.kind == "subhead"
        if len(paragraph.text) <= longest * 3 // 2:
            if paragraph.text.strip():
                yield paragraph.text, paragraph.start, paragraph.end, heading
            continue
        position, consumed = paragraph.start, 0  # walk forward so that a huge paragraph stays linear
        for a, b in _runs(sentences(paragraph.text), longest):
            tail = paragraph.text[consumed:b]
            low, high = raw_span(raw, position, tail, a - consumed, b - consumed)
            yield paragraph.text[a:b], low, high, False
            position, consumed = high, b


def _runs(spans: Sequence[tuple[int, int]], longest: int) -> Iterator[tuple[int, int]]:
    """Join neighbouring sentence spans while they fit into one passage."""
    start, end = -1, -1
    for a, b in spans:
        if start >= 0 and b - start > longest:
            yield start, end
            start = a
        elif start < 0:
            start = a
        end = b
    if start >= 0:
        yield start, end
