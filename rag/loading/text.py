r"""Plain text and Markdown in the encodings that Chinese text comes in.

A byte-order mark decides first, then strict UTF-8, then charset-normalizer with the East Asian
encodings. Offsets of the raw document are offsets into the decoded text, line ends as ``\\n``.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from rag.errors import LoadError
from rag.records import Page, RawDocument

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSES = [
    "gb18030",
    "big5",
    "big5hkscs",
    "utf_16_le",
    "utf_16_be",
    "shift_jis",
    "euc_jp",
    "euc_kr",
    "cp1251",
]
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-_年./]\s?(\d{1,2})\s?[-_月./]\s?(\d{1,2})(?!\d)(?:\s?日)?")
_COMPACT_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
# The ways a file name names its page, the surest first; looked for after the date and then before it.
_PAGES = (
    # 第3版, A03版, 第十二版, of a spread (第2-3版) its first page; but not 共12版, 1998版, 统一版.
    re.compile(
        r"(?<![共日\d])第?\s?[A-H]?(?P<n>(?<!\d)\d{1,3})(?:\s?[-—、,]\s?\d{1,3})?\s?版"
        r"|(?:第|(?<![\u4e00-\u9fff]))(?P<han>[一二三四五六七八九十]{1,3})版"
    ),
    re.compile(r"(?<![0-9A-Za-z])(?:p|pg|page)[-_. ]?(?P<n>\d{1,3})(?![0-9A-Za-z])", re.I),
)
# A bare number counts only where it follows the date and nothing follows it that makes it something else.
_AFTER_DATE = re.compile(r"(?:[-_. ]{1,2}[A-H]?|[A-H])(?P<n>\d{1,2})(?![0-9A-Za-z\u4e00-\u9fff]|[-_.:]\d)")
_FRONT = re.compile(r"---[ \t]*\n(?P<lines>(?:[^\n]*\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\n|$)")
_FIELD = re.compile(r"^(title|date|标题|日期)[ \t]*[:：][ \t]*(.+?)[ \t]*$", re.M | re.I)
_FENCE = re.compile(r"^(```|~~~).*?(?:^\1|\Z)", re.M | re.S)
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*$", re.M)
# Code points that text never holds and misread bytes always do.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x9f]")
# The commonest characters of Chinese (both forms), Japanese and Korean: rare ones abound in misread bytes.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动"
    "這為個國時來們對會發動のにはをたがでてとしれさるいな다이는을의에가고하한지로를서은기도사"
)


def load_text(path: Path, data: bytes) -> RawDocument:
    """Read plain text or Markdown.

    Raises:
        LoadError: the bytes are not text in any encoding we know.
    """
    text = decode(path, data)
    number = find_page(path.stem)
    pages = (Page(number, 0, len(text)),) if number else ()
    if path.suffix.lower() not in (".md", ".markdown"):
        return RawDocument(str(path), text, path.stem, find_date(path.stem), pages)
    title, date = markdown_fields(text)
    return RawDocument(str(path), text, title or path.stem, date or find_date(path.stem), pages, wrapped=False)


def markdown_fields(text: str) -> tuple[str | None, str | None]:
    r"""Return the title and the ISO date of Markdown: from its front matter, else the first heading of level one.

    >>> markdown_fields("---\ntitle: 渡口\ndate: 2024-05-06\n---\n正文")
    ('渡口', '2024-05-06')
    """
    front = _FRONT.match(text)
    fields = {name.lower(): value.strip("\"'") for name, value in _FIELD.findall(front["lines"])} if front else {}
    title, date = (fields.get(a) or fields.get(b) for a, b in (("title", "标题"), ("date", "日期")))
    if not title:
        heading = _HEADING.search(_FENCE.sub("", text[front.end() if front else 0 :][:20000]))
        title = heading[1] if heading else None
    return title, find_date(date) if date else None


def decode(path: Path, data: bytes) -> str:
    """Return the text of ``data``, line ends as line feeds.

    Raises:
        LoadError: the bytes look like a binary file.
    """
    text = _decode(data)
    if text is None or _looks_binary(text):
        raise LoadError(f"{path}: this does not look like text (a binary file?). Save it as UTF-8 and add it again.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def find_date(name: str) -> str | None:
    """Return the date in a file name as ISO, None when there is none.

    >>> find_date("人民日报_20250619_04")
    '2025-06-19'
    """
    match = _date(name)
    if match is None:
        return None
    year, month, day = match.groups()
    return f"{year}-{int(month):02}-{int(day):02}"


def find_page(name: str) -> int | None:
    """Return the page number in a file name, None when there is none for certain.

    The date is set aside first, so that no part of it is taken for a page.

    >>> find_page("人民日报_20250619_04"), find_page("2025年6月19日第十二版"), find_page("2025-06-19")
    (4, 12, None)
    """
    date = _date(name)
    before, after = (name[: date.start()], name[date.end() :]) if date else (name, "")
    for pattern in _PAGES:
        match = pattern.search(after) or pattern.search(before)
        if match:
            return _number(match)
    follows = _AFTER_DATE.match(after)
    return _number(follows) if follows else None


def _date(name: str) -> re.Match[str] | None:
    """The first date in ``name``, of which the groups are year, month and day."""
    match = _DATE.search(name) or _COMPACT_DATE.search(name)
    if match is None or not (1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31):
        return None
    return match


def _number(match: re.Match[str]) -> int | None:
    """The number matched, in digits or in Han numerals up to 99."""
    if match["n"]:
        return int(match["n"]) or None
    tens, ten, ones = match["han"].rpartition("十")
    digits = "零一二三四五六七八九"
    values = [digits.find(part) if part else default for part, default in ((tens, 1), (ones, 0))]
    return 10 * values[0] * bool(ten) + values[1] if min(values) >= 0 else None


def _decode(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                break
    try:
        text = data.decode("utf-8")
        if "\x00" not in text:
            return text
    except UnicodeDecodeError:
        pass
    return _east_asian(data)


def _east_asian(data: bytes) -> str | None:
    """Return the decoding that reads most like language; charset-normalizer breaks what the counts leave open."""
    sample = data[: 1 << 16]
    best: tuple[float, str] | None = None
    for encoding in _GUESSES:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            text = decoder.decode(sample, final=len(sample) == len(data))
        except UnicodeDecodeError:
            continue
        if _looks_binary(text):
            continue
        score = _plausibility(text)
        if best is None or score > best[0]:
            best = (score, encoding)
    if best is not None and best[0] > 0.02:
        try:
            return data.decode(best[1])
        except UnicodeDecodeError:
            return data.decode(best[1], errors="replace")
    from charset_normalizer import from_bytes

    match = from_bytes(sample).best()
    if match is None:
        return None
    try:
        return data.decode(match.encoding)
    except UnicodeDecodeError:
        return None


def _plausibility(text: str) -> float:
    """Return the share of characters that are among the commonest of Chinese, Japanese, Korean or Cyrillic."""
    if not text:
        return 0.0
    common = sum(char in _COMMON for char in text)
    cyrillic = sum("а" <= char <= "я" for char in text)
    return (common + 0.3 * cyrillic) / len(text)


def _looks_binary(text: str) -> bool:
    """Tell whether control characters are more than strays (a form feed is a page break, not a control)."""
    sample = text[: 1 << 16]
    return len(_CONTROL.findall(sample)) > 2 + len(sample) // 500
