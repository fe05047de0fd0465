"""The layout truth generator: its truth is true, its pages vary, and restoration agrees with it."""

from __future__ import annotations

import json
import random
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from rag.newspaper import restore_page
from training.layout import CleanArticle, CleanParagraph, LayoutOptions, clean_article, layout, layout_issue
from training.layout.measure import figures, page_counts
from training.layout.truth import LaidOutPage
from training.layout.typesetting import NO_END, NO_START, Style, set_paragraph

SAMPLES = sorted((Path(__file__).parent.parent / "samples" / "articles").glob("*.json"))
TEXTS = ["".join(p["text"] for p in json.loads(path.read_text("utf-8"))["paragraphs"]) for path in SAMPLES]


def squeeze(text: str) -> str:
    return "".join(text.split())


def articles(seed: int) -> list[CleanArticle]:
    rng = random.Random(seed)
    return [clean_article("", text, rng) for text in rng.sample(TEXTS, 5)]


def check_truth(page: LaidOutPage) -> None:
    seen = Counter[int]()
    for article in page.articles:
        for p in article.paragraphs:
            assert squeeze(page.text[p.start : p.end]) == squeeze(p.text)
            seen.update(range(p.start, p.end))
        for start, end in (*article.headline_spans, *((article.byline_span,) if article.byline_span else ())):
            seen.update(range(start, end))
    for start, end in page.furniture:
        seen.update(range(start, end))
    assert all(character.isspace() or seen[n] == 1 for n, character in enumerate(page.text))


@pytest.mark.parametrize("seed", range(25))
def test_truth_accounts_for_every_character(seed: int) -> None:
    issue = layout_issue(articles(seed), seed, pages=3)
    for page in issue.pages:
        check_truth(page)
    for (here, a), (there, b) in issue.jumps:
        assert issue.pages[here].articles[a].jump_to == there + 1
        assert issue.pages[there].articles[b].jump_from == here + 1


def test_same_seed_same_page() -> None:
    assert layout(articles(1), 5) == layout(articles(1), 5)
    assert layout(articles(1), 5).text != layout(articles(1), 6).text


def test_no_line_begins_or_ends_with_a_prohibited_mark() -> None:
    lines = set_paragraph(TEXTS[0], lambda _: 15.0, Style())
    for line, after in pairwise(lines):
        assert after.tokens[0][0] not in NO_START
        assert line.tokens[-1][-1] not in NO_END
        assert line.natural <= 15.0 + 0.5


def test_options_fix_what_they_name() -> None:
    page = layout(
        articles(2), 3, LayoutOptions(number=7, paper="云泽日报", date="2025-06-19", furniture=True, airy=True)
    )
    assert page.number == 7 and page.date == "2025-06-19"
    assert "\n\n" in page.text.replace("\r", "")


def test_hand_written_article_needs_no_corpus() -> None:
    article = CleanArticle(
        ("桥通车了",), (CleanParagraph("新桥今天通车。" * 9), CleanParagraph("（参与记者：甲）", "note"))
    )
    check_truth(layout([article], 1))


def test_restoration_agrees_with_the_truth_of_generated_pages() -> None:
    total = Counter[str]()
    for seed in range(100, 130):
        page = layout(articles(seed), seed)
        total += page_counts(page, restore_page(page.text).articles)
    found = figures(total)
    assert found["offsets exact"] == 1.0
    assert found["paragraph start F1"] > 0.97
    assert found["paragraph span F1"] > 0.95
    assert found["article assignment"] > 0.9
    assert found["headline exact"] > 0.9


def test_restoration_agrees_with_the_truth_of_pdf_pages(tmp_path: Path) -> None:
    from rag.loading import load
    from training.layout.pdf import located, pages_pdf

    total = Counter[str]()
    for seed in (300, 301):
        made = articles(seed)
        data, dealt = pages_pdf(made, seed)
        raw = load(tmp_path / "pages.pdf", data)
        assert len(raw.pages) == len(dealt)
        for page, here in zip(raw.pages, dealt, strict=True):
            text = raw.text[page.start : page.end]
            total += page_counts(located(text, [made[n] for n in here]), restore_page(text).articles)
    found = figures(total)
    assert found["offsets exact"] == 1.0
    assert found["article assignment"] > 0.95
    assert found["headline exact"] > 0.9
    assert found["paragraph start F1"] > 0.95
