"""What a web page says: its headline, its text and the paper it is from, without menus, advertisements and notices."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

from rag.errors import LoadError, MissingExtraError
from rag.loading.text import find_date

_NO_TEXT = "//script | //style | //noscript | //template | //nav | //aside | //footer | //*[@role='navigation']"
# The head of the site, not that of the article, which has the headline in it.
_SITE_HEAD = "//header[not(ancestor::article) and not(ancestor::main) and not(.//h1)]"
_SEPARATOR = re.compile(r"\s*[_|｜]+\s*|\s+[-–—]+\s+|(?<=[\u4e00-\u9fff])[-–—]+(?=[\u4e00-\u9fff])")
_PAPER = re.compile(r"[\u4e00-\u9fff·]{1,12}(?:报|周刊|月刊|杂志|新闻网|新华网|人民网|通讯社|新华社)", re.I)
_NEAR = 3  # paragraphs at the top in which the day of publication is looked for
_DATELINE = 60  # characters of a paragraph that may be a line with the date and the source


def main_text(path: Path, page: str) -> tuple[str, str | None, str | None, str | None]:
    """Return the text of a web page, its headline, the paper it is from and its ISO date; None where not known.

    The text begins with ``# headline`` when the page has one. The page's title names the paper only where one of
    its parts reads like a paper's name, as in ``标题_云泽日报``.

    Raises:
        LoadError: there is no text in the page.
        MissingExtraError: trafilatura is not installed.
    """
    if importlib.util.find_spec("trafilatura") is None:
        raise MissingExtraError(f"{path}: reading HTML", "html")
    import trafilatura
    from lxml import html

    # guesses at a date from anywhere in the page are left out: they make the first of January of a year
    options: Any = {"extensive_search": False, "original_date": True}
    tree = html.document_fromstring(page.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8", no_network=True))
    for node in tree.xpath(f"{_NO_TEXT} | {_SITE_HEAD}"):
        if node.getparent() is not None:
            node.drop_tree()
    name = " ".join(tree.findtext(".//title", "").split())
    headings = [" ".join(node.text_content().split()) for node in tree.iter("h1")]
    found: Any = trafilatura.bare_extraction(
        tree, favor_recall=True, include_comments=False, with_metadata=True, date_extraction_params=options
    )
    paragraphs = [line.strip() for line in (found.text or "").split("\n") if line.strip()] if found else []
    if not paragraphs:
        raise LoadError(f"{path}: no text was found in the page.")
    parts = [part for part in _SEPARATOR.split(name) if part]
    paper = next((part for part in reversed([*parts, found.sitename or ""]) if _PAPER.fullmatch(part)), None)
    titles = [heading for heading in headings if heading and heading != paper] or [
        part for part in parts if part != paper and part in paragraphs
    ]
    headline = next((title for title in titles if title in name), titles[0] if titles else None)
    date = found.date or _printed_date(paragraphs)
    if headline:
        if headline in paragraphs[: _NEAR + 1]:
            paragraphs.remove(headline)
        paragraphs.insert(0, f"# {headline}")
    title = headline or next((part for part in parts if part != paper), None) or found.title
    return "\n\n".join(paragraphs), title, paper, date


def _printed_date(paragraphs: list[str]) -> str | None:
    """The date on a short line near the top: ``2024年9月28日 来源：云泽日报``."""
    near = (find_date(paragraph) for paragraph in paragraphs[: _NEAR + 1] if len(paragraph) <= _DATELINE)
    return next((date for date in near if date), None)
