"""How a source is named: in a line under a quote, as a newspaper citation, as BibTeX.

Knows nothing of HTML; what it returns is plain text.
"""

from __future__ import annotations

import re

from page.texts import Texts
from rag import rendering
from rag.languages import detect

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# 本报记者, 新华社特约通讯员, 图, 文, 摄, 摄影报道: what stands before or after names in a byline.
_ROLE = re.compile(
    r"^[\u4e00-\u9fff·]{0,10}?(?:记者|通讯员|评论员|撰稿人|撰稿|特派员|作者|编辑|编译|采写|摄影)|^(?:图文|文|图|摄|报道|摄影报道)$"
)


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


def citation(paper: str, date: str | None, page: int | None, article: str | None, author: str | None) -> str:
    """Return a newspaper citation ready to copy, its author first when the article names one.

    >>> citation("人民日报", "2025-06-19", 1, "标题", "本报记者 何毅 谢琳")
    '何毅、谢琳：《人民日报》2025年6月19日，第1版，《标题》'
    """
    names = "、".join(authors(author))
    return (f"{names}：" if names else "") + rendering.citation_line(paper, date, page, article)


def bibtex(
    document: str, paper: str, date: str | None, page: int | None, article: str | None, author: str | None = None
) -> str:
    """Return a BibTeX entry for a newspaper article, with the fields that BibTeX styles and biblatex each read.

    >>> print(bibtex("a1b2", "人民日报", "2025-06-19", 1, "标题", "本报记者 何毅"))
    @article{yinju-a1b2-p1,
      author = {{何毅}},
      title = {标题},
      journal = {人民日报},
      journaltitle = {人民日报},
      year = {2025},
      month = jun,
      day = {19},
      note = {19 June 2025},
      date = {2025-06-19},
      pages = {1},
      langid = {chinese},
    }
    """
    year, month, day = [*(date or "").split("-"), "", ""][:3]
    language = {"zh": "chinese", "en": "english", "ru": "russian"}.get(detect(article or paper), "")
    fields = {
        "author": " and ".join(f"{{{_tex(name)}}}" for name in authors(author)),
        "title": _tex(article or paper),
        "journal": _tex(paper),
        "journaltitle": _tex(paper),
        "year": year,
        "day": day.lstrip("0"),
        "note": rendering.date_text(date, "en") if date and day else "",
        "date": date or "",
        "pages": "" if page is None else str(page),
        "langid": language,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if month.isdecimal() and 1 <= int(month) <= 12:  # a bare word: styles know the months by these names
        lines.insert(
            next(n for n, line in enumerate(lines) if "  year" in line) + 1, f"  month = {_MONTHS[int(month) - 1]},"
        )
    key = f"yinju-{document[:8]}" + ("" if page is None else f"-p{page}")
    return "\n".join([f"@{'article' if paper else 'misc'}{{{key},", *lines, "}"])


def authors(byline: str | None) -> list[str]:
    """Return the names in a byline, without what their bearers do; a byline with no name in it is the author whole.

    >>> authors("新华社记者 何毅 谢琳"), authors("□ 本报评论员 李四"), authors("本报综合"), authors(None)
    (['何毅', '谢琳'], ['李四'], ['本报综合'], [])
    """
    if byline and not re.search(r"[\u4e00-\u9fff]", byline):
        return [re.sub(r"^by\s+", "", " ".join(byline.split()), flags=re.I)]
    words = re.split(r"[\s、，,/:：■□●◎▲△◆◇○]+", byline or "")
    names = [name for word in words if (name := _ROLE.sub("", word))]
    return names or ([" ".join(byline.split())] if byline and byline.strip() else [])


def _tex(text: str) -> str:
    """Return ``text`` with the characters that mean something to TeX made harmless."""
    special = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    plain = " ".join(text.split())
    return re.sub(r"[\\{}~^%#&$_]", lambda match: special.get(match.group(), "\\" + match.group()), plain)
