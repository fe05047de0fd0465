"""Lists as HTML: documents, found passages, conversations, and bars over time.

Bars are plain boxes with a label each: no plotting library, nothing to load, readable by a screen reader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import PurePath

from page.facts import Printed
from page.markup import attribute, file_name, show
from page.naming import place_line
from page.texts import Texts
from rag import rendering
from rag.languages import LANGUAGES
from rag.records import Document

ROWS = 200
_MOST_BARS = 60

SORTS: dict[str, tuple[Callable[[Document], tuple[object, ...]], bool]] = {
    "date": (lambda document: (document.date or "", document.path), True),
    "name": (lambda document: (file_name(document.path),), False),
    "added": (lambda document: (document.added, document.path), True),
    "size": (lambda document: (document.passages, document.path), True),
}


def counts(texts: Texts, documents: Sequence[Document], languages: Sequence[tuple[str, int]], size: int) -> str:
    """Return two lines: documents, passages, from when to when; in which languages, and bytes on disk."""
    dates = sorted(document.date for document in documents if document.date)
    when = texts.dates.format(dates[0], dates[-1]) if dates else texts.no_date
    total = sum(document.passages for document in documents)
    names = dict(zip(LANGUAGES, rendering.words(texts.code).languages, strict=True))
    spoken = "  ".join(f"{names.get(code, texts.other_language)} {count}" for code, count in languages)
    first = show(texts.counts.format(len(documents), total, when))
    second = show(" · ".join(part for part in (spoken, texts.on_disk.format(megabytes(size))) if part))
    return f'<p class="counts">{first}<br><small>{second}</small></p>'


def megabytes(size: int) -> str:
    """Return a number of bytes as people say it.

    >>> megabytes(1_234_567), megabytes(20_000)
    ('1.2 MB', '0.1 MB')
    """
    return f"{max(0.1, size / 1_000_000):.1f} MB" if size < 1_000_000_000 else f"{size / 1_000_000_000:.1f} GB"


def documents(
    texts: Texts, found: Sequence[Document], words: str, sort: str, printed: Mapping[str, Printed] | None = None
) -> str:
    """Return the documents that hold every one of ``words``, sorted.

    The words are looked for in title, file name, date (as ``2025-08-14`` and as ``2025年8月14日``) and in what is
    printed on the pages.
    """
    wanted = words.lower().split()
    known = {document.id: (printed or {}).get(document.id, Printed()) for document in found}
    fitting = [document for document in found if _holds(document, known[document.id], wanted)]
    key, backwards = SORTS[sort]
    fitting.sort(key=key, reverse=backwards)
    if not fitting:
        return f'<p class="label">{show(texts.none_match)}</p>'
    rows = "".join(_document(texts, document, known[document.id].paper) for document in fitting[:ROWS])
    more = len(fitting) - ROWS
    rest = f'<p class="label">{show(texts.more_documents.format(more))}</p>' if more > 0 else ""
    return f'<ul class="rows">{rows}</ul>{rest}'


def _holds(document: Document, printed: Printed, wanted: Sequence[str]) -> bool:
    date = document.date or ""
    dates = f"{date} {rendering.date_text(date, 'zh')}"
    text = f"{document.title} {document.path} {dates} {printed.paper} {printed.headlines}".lower()
    return all(word in text for word in wanted)


def _document(texts: Texts, document: Document, paper: str) -> str:
    name = file_name(document.path)
    title = "" if document.title in {name, PurePath(name).stem} else document.title
    place = place_line(texts, paper, document.date, None, None) if paper else document.date or texts.no_date
    facts = [place, texts.passages.format(document.passages)]
    facts.append(texts.added_on.format(local_time(document.added)[:10]))
    return (
        f'<li><button type="button" class="row-main" data-act="open" data-value="{attribute(document.id)}" '
        f'title="{attribute(document.path)}"><b>{show(title or name)}</b>'
        f"<span>{show(' · '.join([name, *facts] if title else facts))}</span></button>"
        f"{confirmed('remove', document.id, texts.remove, texts.sure_remove)}</li>"
    )


def local_time(stamp: str) -> str:
    """Return a stored moment (ISO, UTC) as date and time on this machine's clock."""
    return datetime.fromisoformat(stamp).astimezone().strftime("%Y-%m-%d %H:%M")


def confirmed(act: str, value: str, label: str, sure: str) -> str:
    """Return a button that asks once more before it acts."""
    return (
        f'<button type="button" class="plain" data-act="{act}" data-value="{attribute(value)}" '
        f'data-sure="{attribute(sure)}">{show(label)}</button>'
    )


def bars(label: str, dates: Sequence[str | None], *, act: str = "", chosen: str = "") -> str:
    """Return how many of ``dates`` (ISO) fall into each period, as bars; none when fewer than two are known.

    Periods are days, months or years, the finest that gives few enough bars; periods without any are left
    out. With ``act`` each bar is a button that carries its period.

    >>> bars("n", ["2024-01-02", "2024-01-02", "2025-03-01"]).count('class="bar"')
    2
    """
    known = [date for date in dates if date]
    if len(known) < 2:
        return ""
    for length in (10, 7, 4):
        tally = Counter(date[:length] for date in known)
        if len(tally) <= _MOST_BARS or length == 4:
            break
    top = max(tally.values())
    parts = []
    for period, count in sorted(tally.items())[-_MOST_BARS:]:
        inside = (
            f'<i style="height:{max(4, round(64 * count / top))}px"></i><small>{show(period)}</small><em>{count}</em>'
        )
        if act:
            pressed = "true" if period == chosen else "false"
            parts.append(
                f'<button type="button" class="bar" data-act="{act}" data-value="{attribute(period)}" '
                f'aria-pressed="{pressed}" title="{attribute(f"{period}: {count}")}">{inside}</button>'
            )
        else:
            parts.append(f'<span class="bar" title="{attribute(f"{period}: {count}")}">{inside}</span>')
    return f'<figure class="bars"><figcaption>{show(label)}</figcaption><div>{"".join(parts)}</div></figure>'
