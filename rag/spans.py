"""Carry spans between restored text and raw text. Standard library only.

Restoration changes white space and nothing else, so the way back needs no stored map: walk both texts
side by side and skip white space in each. Knows nothing of paragraphs, passages or models.
"""

from __future__ import annotations

from rag.errors import InternalError


def squeeze(text: str) -> str:
    """Return ``text`` without any white space: the form in which quotes are compared.

    >>> squeeze("国 家 元 首")
    '国家元首'
    """
    return "".join(text.split())


def raw_span(raw: str, start: int, text: str, a: int, b: int) -> tuple[int, int]:
    r"""Return the span in ``raw`` of ``text[a:b]``, where ``text`` was restored from ``raw[start:]``.

    The span begins and ends at characters that are not white space.

    >>> raw_span("去年达到 948\n亿美元。", 0, "去年达到948亿美元。", 4, 10)
    (5, 12)

    Raises:
        InternalError: ``text`` was not restored from ``raw`` at ``start``.
    """
    position, first, last = start, -1, start
    for i, char in enumerate(text[:b]):
        if char.isspace():
            continue
        while position < len(raw) and raw[position].isspace():
            position += 1
        if position >= len(raw) or raw[position] != char:
            raise InternalError(f"restored text left its source at raw character {position} ({char!r})")
        if i >= a:
            first = position if first < 0 else first
            last = position + 1
        position += 1
    if first < 0:
        return position, position
    return first, last


def holds(raw: str, start: int, end: int, quote: str) -> bool:
    """Tell whether ``raw[start:end]`` is ``quote``, white space aside: the invariant of every citation."""
    return squeeze(raw[start:end]) == squeeze(quote)
