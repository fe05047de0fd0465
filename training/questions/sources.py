"""Articles from the text files: scraping residue removed, sentences split, duplicates dropped.

The data root is the folder named by ``YINJU_DATA`` (default ``../shared/data``). Knows the files' form
(``{"title", "text"}`` per line, gzip) and nothing of questions.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from training.questions.records import Article

FILES = {
    "zh": "text/crud_news.zh.jsonl.gz",
    "ja": "text/jawikinews.ja.jsonl.gz",
    "ru": "text/nerel_news.ru.jsonl.gz",
    "kk": "text/kaznerd_news.kk.jsonl.gz",
    "en": "text/cia_factbook.en.jsonl.gz",
}
SHORTEST, LONGEST = {"zh": 10, "ja": 10}, {"zh": 150, "ja": 150}

_CJK = re.compile(r"[\u3400-\u9fff]")
_RESIDUE = re.compile(
    r"返回搜狐，?查看更多|广告声明[：:].*$|本文属于原创文章.*$|责任?编辑?[：:]\s?\S+|责编[：:]\S+|编辑[：:]?\s\S+\s?校对\s?\S+|"
    r"[（(【\[]\s?(?:来源|编辑|责任编辑|责编|记者|通讯员|文章?|图|原标题|完|供图|总台央视记者|本报记者|图片来源)"
    r"[^）)】\]]{0,40}[）)】\]]|【来源.*$|新闻线索报料通道.*$|更多精彩内容请进入图片频道|https?://[\x21-\x7e]+|"
    r"本文转自[：:]\s?\S{0,12}|免责声明.*$|（完）|\(完\)|■|□|▲|◆|●|△|↓+|\ufeff|\u200b"
)
_DATELINE = re.compile(
    r"^[^。，]{0,24}?(?:[0-9]{1,2}月[0-9]{1,2}日(?:电|讯|消息)|报道?讯|网讯|消息|[0-9]{1,2}日电|本报讯|快讯)[，,：:]?\s?"
    r"(?:[（(][^）)]{0,50}[）)])?[，,：:]?\s?"
)
_LEAD = re.compile(r"^(?:据[^，。]{2,24}(?:报道|消息|网站)，|[（(][^）)]{0,40}[）)]\s?)")
_SPACE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+|\s+(?=[\u3000-\u9fff\uff00-\uffef])")
_SENTENCE_ZH = re.compile(r"[^。！？!?]*(?:[。！？!?]+[”’」』）)]*|$)")
_SENTENCE_WEST = re.compile(r"(?<=[.!?…])\s+(?=[«\"“(A-ZА-ЯЁӘҒҚҢӨҰҮІ0-9—])|\n+")


def data_root() -> Path:
    """The folder of training data: ``$YINJU_DATA``, else ``../shared/data``."""
    return Path(os.environ.get("YINJU_DATA", "../shared/data"))


def clean_chinese(text: str) -> str:
    """Remove what scraping left in a Chinese article, its dateline, and white space between characters.

    >>> clean_chinese("中新社北京7月31日电 (记者 刘文文)降雨  持续。(完)返回搜狐，查看更多")
    '降雨持续。'
    """
    text = _RESIDUE.sub("", text.strip())
    if text.startswith(("原标题", "标题：", "来源：")):
        first = re.search(r"[。！？!?]", text)
        text = text[first.end() :] if first else ""
    text = _DATELINE.sub("", text.strip(), count=1)
    text = _LEAD.sub("", text, count=1)
    return _SPACE.sub("", text).strip()


def split_sentences(text: str, language: str) -> tuple[str, ...]:
    """Sentences worth asking about, in order: not too short, not too long, in the language's own script."""
    if language in ("zh", "ja"):
        pieces = [match.group().strip() for match in _SENTENCE_ZH.finditer(text)]
        kept = [
            piece
            for piece in pieces
            if SHORTEST[language] <= len(piece) <= LONGEST[language]
            and len(_CJK.findall(piece)) * (2 if language == "zh" else 4) >= len(piece)
            and piece[0] not in "，、；：）)”』」…"
            and piece[-1] in "。！？!?”’」』）)"
        ]
        return tuple(kept)
    pieces = [" ".join(piece.split()) for piece in _SENTENCE_WEST.split(text)]
    return tuple(piece for piece in pieces if 15 <= len(piece) <= 300 and "http" not in piece)


def read_articles(language: str, root: Path | None = None) -> Iterator[Article]:
    """Articles of one language with at least four usable sentences.

    Raises FileNotFoundError when the data root lacks the file.
    """
    path = (root or data_root()) / FILES[language]
    seen: set[str] = set()
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for number, line in enumerate(stream):
            record = json.loads(line)
            text = clean_chinese(record["text"]) if language == "zh" else record["text"].strip()
            sentences = split_sentences(text, language)
            key = text[:40]
            if len(sentences) < 4 or key in seen:
                continue
            seen.add(key)
            yield Article(f"{path.name.split('.')[0]}-{number}", language, record["title"], sentences)
