"""Lay the clean articles out as damaged newspaper text, and write the truth beside it.

    articles/*.json  ─LAYOUT→  pages/NAME.txt + pages/NAME.truth.json

Run ``python -m samples.build`` after an article or the layout has changed; a test fails when the files
are out of step. The damage is that of text taken from newspaper PDFs: hard-wrapped lines with blank lines
between, first lines two characters shorter, a column width that changes in mid-article, letter-spaced
lines, spaces around digits, headlines after their article, articles that jump to another page.

For every paragraph the truth holds the span in the page's raw text, and with all white space removed
``raw[start:end] == text``. Nothing here is random: the same input gives the same bytes. It does not know
how the product repairs the damage.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from samples import articles_folder, pages_folder
from samples.layout import LAYOUT, Body, Folio, Head, PageLayout

JSON = dict[str, Any]

NO_LINE_START = frozenset("，。、；：？！）》”’％%…")
NO_LINE_END = frozenset("“（《‘")
DIGITS_OR_LETTERS = re.compile(r"[0-9A-Za-z.%]+|.", re.S)


@dataclass(slots=True)
class _Article:
    """What has been laid out of one article so far."""

    page: int
    title: list[int] | None = None
    byline: list[int] | None = None
    jump_from: int | None = None
    jump_to: int | None = None
    paragraphs: list[JSON] = field(default_factory=list)


HAN_NUMERALS = "零一二三四五六七八"


def load_articles(folder: Path | None = None) -> dict[str, JSON]:
    """The clean articles by id, sorted by id."""
    files = sorted((folder or articles_folder()).glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in files}


def chance(key: str, percent: int) -> bool:
    """A coin that falls the same way for the same key on every machine."""
    return zlib.crc32(key.encode("utf-8")) % 100 < percent


def space_digits(text: str) -> str:
    """Put spaces where digits meet Chinese characters, most of the time: ``达30亿`` → ``达 30 亿``."""
    out: list[str] = []
    for match in DIGITS_OR_LETTERS.finditer(text):
        token = match.group()
        if len(token) > 1 or token.isdigit():
            before = bool(out) and chance(f"<{text}{match.start()}", 75) and out[-1][-1] not in "（“《、，。"
            after_char = text[match.end() : match.end() + 1]
            after = after_char.isalpha() and chance(f">{text}{match.start()}", 65)
            out.append((" " if before else "") + token + (" " if after else ""))
        else:
            out.append(token)
    return "".join(out)


def width_of(token: str) -> float:
    """Width in Chinese characters: a half for ASCII, a quarter for a space."""
    return sum(0.25 if c == " " else 0.5 if c.isascii() else 1.0 for c in token)


def wrap(text: str, widths: list[int]) -> list[str]:
    """Break ``text`` into lines, ``widths[i]`` characters for line i (the last width goes on).

    Closing marks never begin a line (they hang over) and opening marks never end one; a number is not
    broken. ``wrap("一二三四，五六", [4])`` → ``["一二三四，", "五六"]``.
    """
    lines: list[str] = []
    line: list[str] = []
    used = 0.0
    for token in DIGITS_OR_LETTERS.findall(text):
        width = widths[min(len(lines), len(widths) - 1)]
        if line and used + width_of(token) > width and token not in NO_LINE_START:
            carried: list[str] = []
            while len(line) > 1 and line[-1] in NO_LINE_END:
                carried.insert(0, line.pop())
            lines.append("".join(line).strip())
            line, used = carried, sum(map(width_of, carried))
        line.append(token)
        used += width_of(token)
    return [*lines, "".join(line).strip()] if line else lines


def letter_space(line: str) -> str:
    """``国家元首`` → ``国 家 元 首``; no space after a closing mark, as in the pages we imitate."""
    out = line[0]
    for left, right in pairwise(line):
        tight = " " in (left, right) or left in "，。、“（《" or (left.isascii() and right.isascii())
        out += right if tight else " " + right
    return out


def column_widths(columns: tuple[tuple[int, int], ...], start: int, count: int) -> list[int]:
    """The width of lines ``start`` to ``start + count`` of a box."""
    flat = [width for width, lines in columns[:-1] for _ in range(lines)]
    return [flat[i] if i < len(flat) else columns[-1][0] for i in range(start, start + count)]


class _Sheet:
    """The raw text of one file as it grows, and the articles met on it."""

    def __init__(self, articles: dict[str, JSON]) -> None:
        self.articles = articles
        self.raw = ""
        self.met: dict[str, _Article] = {}

    def add(self, box: Head | Body | Folio, page: int) -> None:
        """Append one text box; boxes begin with a space, as in the pages we imitate."""
        self.raw += " "
        if isinstance(box, Folio):
            self.raw += box.text + "\n"
        elif isinstance(box, Head):
            self._head(box, page)
        else:
            self._body(box, page)

    def _of(self, article: str, page: int) -> _Article:
        return self.met.setdefault(article, _Article(page))

    def _head(self, box: Head, page: int) -> None:
        source, met = self.articles[box.article], self._of(box.article, page)
        start = len(self.raw)
        self.raw += "\n".join(box.lines or (source["title"],))
        met.title = [start, len(self.raw)]
        self.raw += "\n\n"
        if source["byline"]:
            start = len(self.raw)
            self.raw += source["byline"]
            met.byline = [start, len(self.raw)]
            self.raw += "\n\n"

    def _body(self, box: Body, page: int) -> None:
        met = self._of(box.article, page)
        met.jump_from, met.jump_to = box.jump_from or met.jump_from, box.jump_to or met.jump_to
        paragraphs = self.articles[box.article]["paragraphs"][box.first : box.last]
        row = 0
        for i, paragraph in enumerate(paragraphs):
            opening = f"（上接第{HAN_NUMERALS[box.jump_from]}版）" if box.jump_from and i == 0 else ""
            last = i == len(paragraphs) - 1
            closing = f"（下转第{HAN_NUMERALS[box.jump_to]}版）" if box.jump_to and last else ""
            row += self._paragraph(met, box, paragraph, box.first + i, row, opening, closing)

    def _paragraph(
        self, met: _Article, box: Body, paragraph: JSON, index: int, row: int, opening: str, closing: str
    ) -> int:
        """Append one paragraph; returns the lines it took."""
        subhead = paragraph["kind"] == "subhead"
        widths = column_widths(box.columns, row, 200)
        if subhead:
            widths = [min(w, 14) for w in widths]
        elif not opening:
            widths[0] -= 2
        lines = wrap(opening + space_digits(paragraph["text"]) + closing, widths)
        if not subhead:
            keys = (f"{box.article}{index}{line}" for line in lines)
            lines = [
                letter_space(line) if len(line) > 8 and "（" not in line and chance(key, 7) else line
                for line, key in zip(lines, keys, strict=True)
            ]
        text = ("\n" if subhead else "\n\n").join(lines)
        bare = [i for i, c in enumerate(text) if not c.isspace()]
        start = bare[len(opening)]
        end = bare[len(bare) - len(closing) - 1] + 1
        met.paragraphs.append(
            {
                "index": index,
                "text": paragraph["text"],
                "start": len(self.raw) + start,
                "end": len(self.raw) + end,
                "kind": paragraph["kind"],
            }
        )
        self.raw += text + "\n\n"
        return len(lines)


def lay_out(name: str, pages: tuple[PageLayout, ...], articles: dict[str, JSON]) -> tuple[str, JSON]:
    """The raw text of one file and its truth."""
    sheet = _Sheet(articles)
    spans: list[JSON] = []
    for page in pages:
        start = len(sheet.raw)
        for box in page.boxes:
            sheet.add(box, page.number)
        spans.append({"number": page.number, "start": start, "end": len(sheet.raw)})
    first = articles[next(iter(sheet.met))]
    truth: JSON = {
        "file": f"{name}.txt",
        "paper": first["paper"],
        "date": first["date"],
        "pages": spans,
        "articles": [_truth(sheet, key, met) for key, met in sheet.met.items()],
    }
    return sheet.raw, truth


def _truth(sheet: _Sheet, article: str, met: _Article) -> JSON:
    source = sheet.articles[article]
    return {
        "id": article,
        "title": source["title"] if met.title else None,
        "byline": source["byline"] if met.byline else None,
        "page": met.page,
        "date": source["date"],
        "jump_from": met.jump_from,
        "jump_to": met.jump_to,
        "title_span": met.title,
        "byline_span": met.byline,
        "paragraphs": sorted(met.paragraphs, key=lambda p: p["index"]),
    }


def build_all() -> dict[str, str]:
    """Every file of ``pages/`` by name, with the text it must have."""
    articles, files = load_articles(), {}
    for name, pages in LAYOUT.items():
        raw, truth = lay_out(name, pages, articles)
        files[f"{name}.txt"] = raw
        files[f"{name}.truth.json"] = json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
    return files


def main() -> None:
    """Write ``pages/``."""
    for name, text in build_all().items():
        (pages_folder() / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
