"""Layout truth: clean articles laid out as damaged newspaper pages, with the truth kept beside them.

    from training.layout import LayoutOptions, clean_article, layout, layout_issue, read_texts

    rng = random.Random(0)
    articles = [clean_article(title, text, rng) for title, text in read_texts(path, limit=5)]
    page = layout(articles, seed=1)                      # page.text, page.articles, page.furniture
    issue = layout_issue(articles, seed=1, pages=4)      # issue.pages, issue.jumps

``CleanArticle(headline=("主题",), paragraphs=(CleanParagraph("…"),), byline="本报记者 …")`` can be written by
hand too. ``LayoutOptions`` fixes what chance would choose. Same arguments, same page. The truth's spans
count characters of ``page.text``; a paragraph's text, white space aside, is ``page.text[start:end]``.
Standard library only; knows nothing of ``rag``.
"""

from training.layout.pages import layout, layout_issue
from training.layout.sources import clean_article, read_texts
from training.layout.styles import LayoutOptions
from training.layout.truth import (
    CleanArticle,
    CleanParagraph,
    Issue,
    LaidOutPage,
    TrueArticle,
    TrueParagraph,
)

__all__ = [
    "CleanArticle",
    "CleanParagraph",
    "Issue",
    "LaidOutPage",
    "LayoutOptions",
    "TrueArticle",
    "TrueParagraph",
    "clean_article",
    "layout",
    "layout_issue",
    "read_texts",
]
