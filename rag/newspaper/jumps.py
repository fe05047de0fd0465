"""Jump lines: which piece that ends in （下转第四版） goes on in which piece that begins （上接第一版）.

The pieces stand on pages of one issue, in one document or in several. Page numbers part the candidates,
words decide among them. Knows nothing of layout.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import cast

from rag.newspaper.lines import ends_sentence
from rag.newspaper.topics import Topics, pairs
from rag.records import Article, Paragraph, ParagraphKind

_OPENERS, _CLOSERS = "“‘（《【「『", "”’）》】」』"


@dataclass(frozen=True, slots=True)
class Place:
    """Article number ``article`` (from 0) of the document called ``document``."""

    document: str
    article: int


Chain = tuple[Place, ...]


def stitch(articles: Mapping[str, Sequence[Article]]) -> tuple[Chain, ...]:
    """Chains of two or more pieces that are one article, in reading order.

    ``articles`` holds the articles of each document of one issue, by the document's name. Every piece
    stands in at most one chain.
    """
    pieces = [(Place(name, n), a) for name, found in articles.items() for n, a in enumerate(found)]
    leaving = [(place, article) for place, article in pieces if article.jump_to is not None]
    arriving = [(place, article) for place, article in pieces if article.jump_from is not None]
    if not leaving or not arriving:
        return ()
    topics = Topics([p.text for _, a in leaving + arriving for p in a.paragraphs])
    heads = {place: pairs(_words(article)) for place, article in leaving + arriving}
    scored = sorted(
        (
            (_fits(a, b) + topics.alike(heads[here], heads[there]) + _joint(a, b), here, there)
            for here, a in leaving
            for there, b in arriving
            if here != there and _agree(a, b)
        ),
        key=lambda item: -item[0],
    )
    onward: dict[Place, Place] = {}
    taken: set[Place] = set()
    for _, here, there in scored:
        if here not in onward and there not in taken and not _reaches(onward, there, here):
            onward[here] = there
            taken.add(there)
    chains = []
    for place in onward:
        if place not in taken:
            chain = [place]
            while chain[-1] in onward:
                chain.append(onward[chain[-1]])
            chains.append(tuple(chain))
    return tuple(chains)


def by_jumps(articles: Sequence[Article]) -> list[Article]:
    """The articles of a document that names no page, those with page numbers that two jump lines tell.

    （下转第三版） and the （上接第一版） that it leads to say that their pieces stand on pages 1 and 3. That they
    belong together must be certain, as one page may hold the end of one article and the beginning of another: the
    document has no other jump line, the pieces come in order of page, the first breaks off in mid-sentence, and
    each is more like the other than like any other article.
    """
    found = list(articles)
    leaving = [n for n, article in enumerate(found) if article.jump_to is not None]
    arriving = [n for n, article in enumerate(found) if article.jump_from is not None]
    if len(leaving) != 1 or len(arriving) != 1 or leaving[0] >= arriving[0]:
        return found
    here, there = leaving[0], arriving[0]
    page, other = found[there].jump_from, found[here].jump_to
    if not page or not other or page >= other or any(article.page for article in found):
        return found
    topics = Topics([paragraph.text for article in found for paragraph in article.paragraphs])
    words = [pairs(_words(article)) for article in found]
    if _breaks_off(found[here]) and _nearest(topics, words, here) == there and _nearest(topics, words, there) == here:
        found[here], found[there] = replace(found[here], page=page), replace(found[there], page=other)
    return found


def joined(articles: Sequence[Article]) -> list[Article]:
    """The articles of one document, the pieces of a jumped one made one article at the place of its first.

    Only pieces whose printed page numbers agree on one side at least are joined. Paragraphs keep their spans,
    each where it stands; headline and byline are the first piece's that has them. A jump that stays open goes
    on in another document.
    """
    onward = {here.article: there.article for here, there in _sure({"": articles})}
    tails = set(onward.values())
    found = []
    for number, article in enumerate(articles):
        if number in tails:
            continue
        pieces = [article]
        while number in onward:
            number = onward[number]
            pieces.append(articles[number])
        found.append(_one(pieces) if len(pieces) > 1 else article)
    return found


def links(articles: Mapping[str, Sequence[Article]]) -> list[tuple[Place, Place]]:
    """Where an article of one document goes on in another, for documents of one issue.

    Only pieces whose printed page numbers agree on one side at least are linked.
    """
    return [(here, there) for here, there in _sure(articles) if here.document != there.document]


def _sure(articles: Mapping[str, Sequence[Article]]) -> Iterator[tuple[Place, Place]]:
    """Neighbours in the chains whose printed page numbers agree on one side at least."""
    for chain in stitch(articles):
        for here, there in pairwise(chain):
            if _fits(articles[here.document][here.article], articles[there.document][there.article]):
                yield here, there


def _one(pieces: Sequence[Article]) -> Article:
    first = pieces[0]
    titled = next((piece for piece in pieces if piece.title), first)
    signed = next((piece for piece in pieces if piece.byline), first)
    paragraphs: list[Paragraph] = []
    for piece in pieces:
        # a headline or byline repeated over a later piece is a heading inside the article
        for text, span, kind, kept in (
            (piece.title, piece.title_span, "subhead", piece is titled),
            (piece.byline, piece.byline_span, "byline", piece is signed),
        ):
            if text and span and not kept:
                paragraphs.append(Paragraph(text, *span, cast("ParagraphKind", kind)))
        paragraphs.extend(piece.paragraphs)
    return replace(
        first,
        title=titled.title,
        title_span=titled.title_span,
        byline=signed.byline,
        byline_span=signed.byline_span,
        paragraphs=tuple(paragraphs),
        jump_to=pieces[-1].jump_to,
    )


def _words(article: Article) -> str:
    return (article.title or "") + "".join(paragraph.text for paragraph in article.paragraphs)


def _nearest(topics: Topics, words: Sequence[set[str]], n: int) -> int:
    """The place of the article most like the ``n``-th."""
    return max((m for m in range(len(words)) if m != n), key=lambda m: topics.alike(words[n], words[m]))


def _breaks_off(article: Article) -> bool:
    last = next((p.text for p in reversed(article.paragraphs) if p.kind == "body"), "")
    return bool(last) and not ends_sentence(last)


def _agree(leaving: Article, arriving: Article) -> bool:
    """False when the printed page numbers contradict each other. A number of 0 was not legible."""
    return (not leaving.page or not arriving.jump_from or leaving.page == arriving.jump_from) and (
        not arriving.page or not leaving.jump_to or arriving.page == leaving.jump_to
    )


def _fits(leaving: Article, arriving: Article) -> float:
    """Points for page numbers that agree where both are known."""
    came = bool(leaving.page) and leaving.page == arriving.jump_from
    went = bool(arriving.page) and arriving.page == leaving.jump_to
    return 0.5 * came + 0.5 * went


def _joint(leaving: Article, arriving: Article) -> float:
    """Points for a seam that reads on: same headline, a sentence left open, quotes that close."""
    left = [p.text for p in leaving.paragraphs if p.kind == "body"]
    right = [p.text for p in arriving.paragraphs if p.kind == "body"]
    score = 0.0
    if leaving.title and arriving.title:
        score += 0.5 if leaving.title[:6] == arriving.title[:6] else 0.0
    if left and right:
        opened = sum(left[-1].count(c) for c in _OPENERS) - sum(left[-1].count(c) for c in _CLOSERS)
        closed = sum(right[0].count(c) for c in _CLOSERS) - sum(right[0].count(c) for c in _OPENERS)
        score += 0.2 * (opened == closed) if opened or closed else 0.0
    return score


def _reaches(onward: Mapping[Place, Place], start: Place, goal: Place) -> bool:
    """True when following ``onward`` from ``start`` comes to ``goal``."""
    at: Place | None = start
    while at is not None:
        if at == goal:
            return True
        at = onward.get(at)
    return False
