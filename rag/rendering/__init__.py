"""The words around quotes, in the question's language, and the layout of a reply's text.

A quote is shown exactly as it was given, between the quotation marks of *its* language; everything else
is in the language of the question. A language without words of its own gets English ones. Knows nothing
of documents, models or HTML; standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.errors import InternalError
from rag.languages import LANGUAGES
from rag.records import Citation
from rag.rendering.words import WORDS, Words

_FALLBACK = "en"


def words(language: str) -> Words:
    """Return the words of ``language`` (a code of ``rag.languages``), English ones when there are none."""
    return WORDS.get(language, WORDS[_FALLBACK])


def refusal_text(language: str, unsure: bool = False) -> str:
    """Return the sentence that says the documents do not answer the question.

    ``unsure`` when they may: then it only says that no answer is sure enough.
    """
    return words(language).unsure if unsure else words(language).refusal


def answer_text(
    short: str,
    quotes_with_numbers: Sequence[tuple[int, str]],
    language: str,
    source_language: str,
    numbers: Sequence[int] | None = None,
) -> str:
    """Return ``reply.text`` for one answer: the short answer with its marks, then the evidence.

    >>> print(answer_text("948亿美元", [(1, "去年达到948亿美元。")], "en", "zh"))
    948亿美元[1]
    <BLANKLINE>
    From the source, in Chinese:
    “去年达到948亿美元。”[1]

    Args:
        short: the short answer; empty when the evidence itself is the answer (why, how).
        quotes_with_numbers: citation number (from 1) and exact quote, in reading order.
        language: code of the question's language.
        source_language: code of the quotes' language.
        numbers: the citations that hold the short answer; all of them when not given.

    Raises:
        InternalError: there is no quote: a statement without a citation is never shown.
    """
    evidence = _evidence(quotes_with_numbers, language, source_language)
    first = short.strip()
    marks = _marks(numbers or [number for number, _ in quotes_with_numbers])
    return f"{first}{marks}\n\n{evidence}" if first else evidence


def conflict_text(
    answers: Sequence[tuple[str, Sequence[int], Citation]],
    quotes_with_numbers: Sequence[tuple[int, str]],
    language: str,
    source_language: str,
) -> str:
    """Return ``reply.text`` for answers that differ: each with its marks, date and source, then the evidence.

    The first line only says that the sources differ: no answer stands out as the answer.

    Args:
        answers: short answer, the numbers of its citations, and the citation to take date and title from.
        quotes_with_numbers: citation number (from 1) and exact quote, of all answers.
        language: code of the question's language.
        source_language: code of the quotes' language.

    Raises:
        InternalError: there is no quote.
    """
    lines = [words(language).conflict]
    for short, numbers, citation in answers:
        lines.append(f"{short.strip()}{_marks(numbers)}{_origin(citation, language, source_language)}")
    return "\n".join(lines) + "\n\n" + _evidence(quotes_with_numbers, language, source_language)


def closest_text(quotes: Sequence[str], language: str, source_language: str) -> str:
    """Return the closest passages under their label, without numbers: they are no citations.

    Empty when there are no passages.
    """
    if not quotes:
        return ""
    lines = [words(language).closest, *(_quoted(quote, source_language) for quote in quotes)]
    return "\n".join(lines)


def date_text(date: str, language: str) -> str:
    """Return an ISO date as ``language`` writes it; anything that is no full date comes back as it is.

    >>> date_text("2025-06-19", "ru"), date_text("2025-06-19", "kk"), date_text("2025", "ru")
    ('19 июня 2025 г.', '2025 жылғы 19 маусым', '2025')
    """
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", date)
    if match is None:
        return date
    year, month, day = (int(part) for part in match.groups())
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return date
    ours = words(language)
    return ours.date.format(year=year, month=ours.months[month - 1] if ours.months else month, day=day)


def citation_line(paper: str, date: str | None, page: int | None, article: str | None) -> str:
    """Return a newspaper citation ready to copy; what is not known is left out.

    Title marks inside a title become single ones (GB/T 15834-2011).

    >>> citation_line("人民日报", "2025-06-19", 4, "读《史记》")
    '《人民日报》2025年6月19日，第4版，《读〈史记〉》'
    """
    head = f"{_titled(paper)}{date_text(date, 'zh') if date else ''}"
    parts = [head, f"第{page}版" if page is not None else "", _titled(article or "")]
    return "，".join(part for part in parts if part)


def _titled(title: str) -> str:
    inner = " ".join(title.split()).replace("《", "〈").replace("》", "〉")
    if title.strip().startswith("《") and title.strip().endswith("》") and title.count("《") == 1:
        inner = inner[1:-1]
    return f"《{inner}》" if inner else ""


def _marks(numbers: Iterable[int]) -> str:
    return "".join(f"[{number}]" for number in dict.fromkeys(numbers))


def _evidence(quotes: Sequence[tuple[int, str]], language: str, source_language: str) -> str:
    if not quotes:
        raise InternalError("an answer was about to be shown without a citation")
    lines = [f"{_quoted(quote, source_language)}[{number}]" for number, quote in quotes]
    label = source_label(language, source_language)
    return "\n".join([label, *lines] if label else lines)


def source_label(language: str, source_language: str) -> str:
    """Return the line naming the quotes' language; empty when it is the question's own."""
    if language == source_language:
        return ""
    ours = words(language)
    names = dict(zip(LANGUAGES, ours.languages, strict=True))
    name = names.get(source_language)
    return ours.quoted.format(name) if name else ours.foreign


def _quoted(quote: str, source_language: str) -> str:
    opening, closing = words(source_language).marks
    return f"{opening}{quote.strip()}{closing}"


def _origin(citation: Citation, language: str, source_language: str) -> str:
    """Return where an answer stands, in brackets: date and title; empty when neither is known."""
    ours = words(language)
    title = (citation.title or "").strip()
    if title:
        title = _titled(title) if source_language == "zh" else _quoted(title, source_language)
    parts = [date_text(citation.date, language) if citation.date else "", title]
    inner = ours.comma.join(part for part in parts if part)
    return f"{ours.brackets[0]}{inner}{ours.brackets[1]}" if inner else ""
