"""The panel beside the answer: the article a quote stands in, restored and raw, with the quote marked.

Both views are in the HTML; the page's script switches between them and scrolls to the mark, so that
nothing here depends on a script inside a document's text.
"""

from __future__ import annotations

import base64

from page.markup import attribute, file_name, marked, restored_position, show
from page.naming import bibtex, citation, place_line
from page.sources import Place, Source
from page.texts import Texts
from rag.records import Article, Paragraph

_AROUND = 6000  # characters of raw text shown on each side of a quote
_WHOLE = 60_000  # and of a document opened to be read


def empty(texts: Texts) -> str:
    """Return the panel before anything was chosen."""
    return f'<div class="source-empty"><p>{show(texts.source_empty)}</p></div>'


def panel(
    texts: Texts,
    source: Source | None,
    place: Place,
    quote: str = "",
    *,
    asked: bool = True,
    contents: str = "",
    picture: bytes | None = None,
) -> str:
    """Return the panel for ``place``.

    Args:
        texts: the page's language.
        source: the document; None when it was removed, then only ``quote`` is shown.
        place: what to mark.
        quote: the quote as stored with the citation.
        asked: whether the reader chose it; on a phone an unasked panel stays closed.
        contents: HTML between the head and the text.
        picture: the page as PNG, when it was asked for.
    """
    if source is None:
        inside = f'<p class="gone">{show(texts.document_gone)}</p><blockquote>{show(quote)}</blockquote>'
        return _frame(texts, show(texts.source), "", inside, asked)
    article = source.article_at(place.start)
    paper = source.paper_at(place.start)
    title = article.title if article else None
    date = (article.date if article else None) or source.document.date
    page = source.page_at(place.start)
    author = article.byline if article else None
    head = show(title or texts.no_headline)
    line = place_line(texts, paper, date, page, None)
    byline = f'<p class="byline">{show(article.byline)}</p>' if article and article.byline else ""
    line_to_copy = citation(paper, date, page, title, author)
    entry = bibtex(source.document.id, paper, date, page, title, author)
    tools = (
        f'<div class="tools"><span class="switch" role="group">'
        f'<button type="button" data-view="restored" aria-pressed="true">{show(texts.restored)}</button>'
        f'<button type="button" data-view="raw" aria-pressed="false">{show(texts.raw)}</button>'
        f"{_picture_button(texts, source, place)}</span>"
        f"{copy_button(texts, texts.copy_line, line_to_copy)}{copy_button(texts, texts.copy_bibtex, entry)}</div>"
    )
    restored = _restored(source.document.text, article, place) if article else _raw(texts, source, place)
    span = file_name(source.document.path)
    if place.end > place.start:
        span += f" · {texts.span.format(place.start, place.end)}"
    inside = (
        f'<p class="where">{show(line)}</p>{byline}{tools}{contents}'
        f'<div class="views"><div class="view restored" data-pane="restored">{restored}</div>'
        f'<div class="view raw" data-pane="raw" hidden>{_raw(texts, source, place)}</div>'
        f"{_picture(texts, picture)}</div>"
        f'<p class="file">{show(span)}</p>'
    )
    number = f'<span class="number">{place.number}</span>' if place.number else ""
    return _frame(texts, f"{number}{head}", f"{source.document.id}:{place.start}:{place.end}", inside, asked)


def document(texts: Texts, source: Source | None, start: int = -1) -> str:
    """Return the panel for reading a document: the article at ``start`` (else the first), and all headlines."""
    if source is None:
        return _frame(texts, show(texts.source), "", f'<p class="gone">{show(texts.document_gone)}</p>', True)
    starts = [article.paragraphs[0].start if article.paragraphs else -1 for article in source.articles]
    at = start if start >= 0 and start in starts else next((found for found in starts if found >= 0), 0)
    contents = "".join(
        f'<button type="button" class="plain" data-act="open" '
        f'data-value="{attribute(f"{source.document.id}:{found}")}" '
        f'aria-pressed="{"true" if found == at else "false"}">{show(article.title or texts.no_headline)}</button>'
        for article, found in zip(source.articles, starts, strict=True)
        if found >= 0
    )
    nav = f'<nav class="contents" aria-label="{attribute(texts.articles)}">{contents}</nav>' if len(starts) > 1 else ""
    return panel(texts, source, Place(source.document.id, at, at), contents=nav)


def copy_button(texts: Texts, label: str, text: str) -> str:
    """Return a button that copies ``text``; the page's script does it."""
    return (
        f'<button type="button" class="plain" data-copy="{attribute(text)}" '
        f'data-done="{attribute(texts.copied)}">{show(label)}</button>'
    )


def _frame(texts: Texts, head: str, key: str, inside: str, asked: bool) -> str:
    return (
        f'<section class="source" data-key="{attribute(key)}" data-open="{"asked" if asked else "beside"}">'
        f'<header><h3>{head}</h3><button type="button" class="plain close" data-close="1" '
        f'aria-label="{attribute(texts.close)}">×</button></header>{inside}</section>'
    )


def _picture_button(texts: Texts, source: Source, place: Place) -> str:
    """Return the button that asks for the page's picture, for documents that may have one."""
    if not source.document.path.lower().endswith(".pdf"):
        return ""
    value = attribute(place.to_text())
    return (
        f'<button type="button" data-act="picture" data-value="{value}" data-pane-of="picture" '
        f'aria-pressed="false">{show(texts.picture)}</button>'
    )


def _picture(texts: Texts, picture: bytes | None) -> str:
    if picture is None:
        return ""
    encoded = base64.b64encode(picture).decode("ascii")
    image = f'<img src="data:image/png;base64,{encoded}" alt="{attribute(texts.picture)}">'
    return f'<div class="view picture" data-pane="picture" hidden>{image}</div>'


def _restored(raw: str, article: Article, place: Place) -> str:
    parts = []
    for paragraph in article.paragraphs:
        tag = "h4" if paragraph.kind == "subhead" else "p"
        body = marked(paragraph.text, _spans(raw, paragraph, place))
        parts.append(f'<{tag} class="{paragraph.kind}" dir="auto">{body}</{tag}>')
    return "".join(parts)


def _spans(raw: str, paragraph: Paragraph, place: Place) -> list[tuple[int, int, str]]:
    """Return the spans of the quote, and of the answer inside it, in a paragraph's restored text."""
    spans = []
    for name, span in (("quote", (place.start, place.end)), ("answer", place.answer)):
        if span is None or span[0] >= paragraph.end or span[1] <= paragraph.start:
            continue
        start = max(span[0], paragraph.start)
        last = min(span[1], paragraph.end) - 1
        a = restored_position(raw, paragraph.start, paragraph.text, start)
        b = restored_position(raw, paragraph.start, paragraph.text, last)
        spans.append((a, min(b + 1, len(paragraph.text)), name))
    return spans


def _raw(texts: Texts, source: Source, place: Place) -> str:
    """Return the raw text around the place, cut at line ends, with the same spans marked."""
    raw = source.document.text
    page = next((page for page in source.pages if page.start <= place.start < page.end), None)
    low, high = (page.start, page.end) if page else (0, len(raw))
    around = _AROUND if place.end > place.start else _WHOLE
    start, end = max(low, place.start - around), min(high, place.end + around)
    spans = [(place.start - start, place.end - start, "quote")]
    if place.answer is not None:
        spans.append((place.answer[0] - start, place.answer[1] - start, "answer"))
    cut = f'<p class="cut">{show(texts.cut)}</p>' if (start, end) != (low, high) else ""
    return f'{cut}<pre dir="auto">{marked(raw[start:end], spans)}</pre>'
