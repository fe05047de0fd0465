"""How well a restoration agrees with the truth of generated pages: counts that add up over pages.

Spans are compared exactly; texts with white space removed. Standard library only, but for what is passed
in: anything with the attributes of ``rag.records.Article``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from training.layout.truth import LaidOutPage, TrueParagraph


class FoundParagraph(Protocol):
    """A restored paragraph, as ``rag.records.Paragraph``."""

    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class FoundArticle(Protocol):
    """A restored article, as ``rag.records.Article``."""

    @property
    def title(self) -> str | None: ...
    @property
    def byline(self) -> str | None: ...
    @property
    def paragraphs(self) -> Sequence[FoundParagraph]: ...


def squeeze(text: str) -> str:
    """``text`` without white space."""
    return "".join(text.split())


def matched(page: LaidOutPage, found: Sequence[FoundArticle]) -> dict[int, int]:
    """True article → found article, one to one, the pair that shares most paragraph characters first."""
    owner: dict[int, int] = {}
    for number, article in enumerate(found):
        for paragraph in article.paragraphs:
            for position in range(paragraph.start, paragraph.end):
                owner[position] = number
    shared: Counter[tuple[int, int]] = Counter()
    for number, true in enumerate(page.articles):
        for p in true.paragraphs:
            shared.update((number, owner[i]) for i in range(p.start, p.end) if i in owner)
    pairs: dict[int, int] = {}
    for (number, other), _ in shared.most_common():
        if number not in pairs and other not in pairs.values():
            pairs[number] = other
    return pairs


def page_counts(page: LaidOutPage, found: Sequence[FoundArticle]) -> Counter[str]:
    """Counts for one page: hits, found and true paragraphs; assigned ones; headlines; exact offsets."""
    counts: Counter[str] = Counter()
    true = {(p.start, p.end) for a in page.articles for p in a.paragraphs}
    got = {(p.start, p.end) for a in found for p in a.paragraphs}
    counts.update(paragraph_hits=len(true & got), paragraphs_true=len(true), paragraphs_found=len(got))
    begin, begun = {s for s, _ in true}, {s for s, _ in got}
    counts.update(start_hits=len(begin & begun), starts_true=len(begin), starts_found=len(begun))
    pairs = matched(page, found)
    for number, article in enumerate(page.articles):
        other = found[pairs[number]] if number in pairs else None
        spans = [(p.start, p.end) for p in other.paragraphs] if other else []
        for p in article.paragraphs:
            counts["assigned"] += any(s <= p.start < e for s, e in spans)
            counts["assignable"] += 1
        title = squeeze(other.title or "") if other else "\0"
        counts["headlines"] += 1
        counts["headline_hits"] += title == squeeze(article.headline)
        counts["bylines"] += 1
        counts["byline_hits"] += other is not None and squeeze(other.byline or "") == squeeze(article.byline or "")
    for paragraph in (p for a in found for p in a.paragraphs):
        counts["offsets"] += 1
        counts["offset_hits"] += squeeze(page.text[paragraph.start : paragraph.end]) == squeeze(paragraph.text)
    counts["articles_true"] += len(page.articles)
    counts["articles_found"] += len(found)
    counts["pages"] += 1
    return counts


def f1(hits: int, found: int, true: int) -> float:
    """Harmonic mean of precision and recall; 1.0 when there is nothing to find and nothing was found."""
    return 2 * hits / (found + true) if found + true else 1.0


def figures(counts: Counter[str]) -> dict[str, float]:
    """The figures that the acceptance names, from summed counts."""

    def share(hits: str, total: str) -> float:
        return counts[hits] / counts[total] if counts[total] else 1.0

    return {
        "paragraph span F1": f1(counts["paragraph_hits"], counts["paragraphs_found"], counts["paragraphs_true"]),
        "paragraph start F1": f1(counts["start_hits"], counts["starts_found"], counts["starts_true"]),
        "article assignment": share("assigned", "assignable"),
        "headline exact": share("headline_hits", "headlines"),
        "byline exact": share("byline_hits", "bylines"),
        "offsets exact": share("offset_hits", "offsets"),
        "jump precision": share("jump_hits", "jumps_found"),
        "jump recall": share("jump_hits", "jumps_true"),
    }


def jump_line(paragraphs: Sequence[FoundParagraph | TrueParagraph], arriving: bool) -> int:
    """Where the piece's jump line stands: its first note that begins （上接…）, or its last （下转…）; -1 for none."""
    mark = "上紧" if arriving else "下"
    notes = [p.start for p in paragraphs if len(p.text) > 2 and p.text[1] in mark and p.text[2] in "接转"]
    return (notes[0] if arriving else notes[-1]) if notes else -1


def jump_counts(true: Iterable[object], found: Iterable[object]) -> Counter[str]:
    """Counts for the jump pairs of one issue."""
    wanted, got = set(true), set(found)
    return Counter(jump_hits=len(wanted & got), jumps_true=len(wanted), jumps_found=len(got))
