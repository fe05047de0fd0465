"""What a search is restricted to: dates, documents, an article's title, the passages' language.

Filters are applied inside both searches, so that a restricted search finds as many passages as an open one.
Dates are given as ``2025``, ``2025-06`` or ``2025-06-18`` and include both ends. Knows nothing of indexes.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass

from rag.errors import InputError
from rag.languages import LANGUAGES

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


@dataclass(frozen=True, slots=True)
class Filters:
    """Restrictions that a passage must meet, all of them; a field left empty restricts nothing.

    Attributes:
        since: first date, inclusive; a passage without a date meets no date.
        until: last date, inclusive.
        documents: ids of documents, or beginnings of ids that are unique; any one of them.
        title: words that the title of the passage's article must have.
        language: language of the passage's text, as ISO 639-1 (``zh``, ``en``, ``ru`` …).

    Raises:
        InputError: a date that is none, dates the wrong way round, or a language that is not told apart.
    """

    since: str | None = None
    until: str | None = None
    documents: tuple[str, ...] = ()
    title: str | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        first, last = self.days
        if first > last:
            raise InputError(f"The dates are the wrong way round: from {self.since} to {self.until}.")
        if self.language is not None and self.language not in LANGUAGES:
            raise InputError(f"Language {self.language!r} is not told apart. One of: {', '.join(LANGUAGES)}.")

    def __bool__(self) -> bool:
        """Whether anything is restricted."""
        return self != Filters()

    @property
    def days(self) -> tuple[int, int]:
        """First and last day as numbers, ``20250618``; 0 and 99991231 where open."""
        return (
            day_number(self.since) if self.since else 0,
            day_number(self.until, last=True) if self.until else 99991231,
        )


def day_number(date: str, *, last: bool = False) -> int:
    """Return the first (or last) day of a date as a number that orders as dates do.

    >>> day_number("2025-06-18"), day_number("2025-06"), day_number("2024-02", last=True)
    (20250618, 20250601, 20240229)

    Raises:
        InputError: it is no date.
    """
    match = _DATE.fullmatch(date.strip())
    year, month, day = (int(part) if part else None for part in match.groups()) if match else (None, None, None)
    if year is None or year < 1 or not 1 <= (month or 1) <= 12:
        raise InputError(f"{date!r} is no date. Write 2025, 2025-06 or 2025-06-18.")
    month = month or (12 if last else 1)
    days = calendar.monthrange(year, month)[1]
    if not 1 <= (day or 1) <= days:
        raise InputError(f"{date!r} is no date: that month has {days} days.")
    return year * 10000 + month * 100 + (day or (days if last else 1))
