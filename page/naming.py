"""How a source is named: in a line under a quote, as a newspaper citation, as BibTeX.

Knows nothing of HTML; what it returns is plain text.
"""

from __future__ import annotations

import re

from page.texts import Texts
from rag import rendering
from rag.languages import detect


def place_line(texts: Texts, paper: str, date: str | None, page: int | None, article: str | None) -> str:
    """Return one line that says where a quote stands, in the language of the page.

    >>> from page.texts import texts
    >>> place_line(texts("en"), "人民日报", "2025-06-19", 1, None)
    '人民日报, 19 June 2025, page 1'
    """
    if texts.code == "zh":
        return rendering.citation_line(paper, date, page, article)
    parts = [
        paper,
        rendering.date_text(date, texts.code) if date else "",
        texts.page.format(page) if page is not None else "",
        article or "",
    ]
    return ", ".join(part for part in parts if part)


def bibtex(document: str, paper: str, date: str | None, page: int | None, article: str | None) -> str:
    """Return a BibTeX entry (biblatex fields) for a newspaper article.

    >>> print(bibtex("a1b2", "人民日报", "2025-06-19", 1, "标题"))
    @article{yinju-a1b2-p1,
      title = {标题},
      journaltitle = {人民日报},
      date = {2025-06-19},
      pages = {1},
      langid = {chinese},
    }
    """
    fields = {
        "title": article or paper,
        "journaltitle": paper,
        "date": date or "",
        "pages": "" if page is None else str(page),
        "langid": {"zh": "chinese", "en": "english", "ru": "russian"}.get(detect(article or paper), ""),
    }
    lines = [f"  {name} = {{{_tex(value)}}}," for name, value in fields.items() if value]
    key = f"yinju-{document[:8]}" + ("" if page is None else f"-p{page}")
    return "\n".join([f"@article{{{key},", *lines, "}"])


def _tex(text: str) -> str:
    """Return ``text`` with the characters that mean something to TeX made harmless."""
    special = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    plain = " ".join(text.split())
    return re.sub(r"[\\{}~^%#&$_]", lambda match: special.get(match.group(), "\\" + match.group()), plain)
