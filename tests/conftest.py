"""Fakes that can be checked by hand, and libraries built from them. Sockets beyond this machine are blocked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.library import Library
from rag.records import Claim, Evidence, Reading
from rag.settings import Settings
from rag.terms import terms

NASTY = [
    "a",
    "中",
    "😀",
    "e\u0301 ﬁ Ⅷ ９４８",
    "国 家 元 首",
    "\u202eevil\u202c",
    "a\x00b",
    "\ufeff开头",
    "İstanbul ıı",
    "عربي 中文 Қазақ 한국어 日本語 ไทย",
    "。。。！？",
    "\u3000\u3000全角空格",
    "<script>alert(1)</script>",
    "'; DROP TABLE passages; --",
]


class FakeEncoder:
    """Each term adds one at a place given by its hash: texts that share terms are near."""

    identity = "fake@1"
    dimension = 64

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for term in terms(text):
                row[hashlib.sha256(term.encode()).digest()[0] % self.dimension] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        return self.encode_passages(texts)


class FakeReader:
    """Claims the first number of the first sentence that shares two terms or more with the question."""

    identity = "fake-reader@1"
    threshold = 0.5

    def read(self, question: str, evidence: Sequence[Evidence]) -> Reading:
        wanted = set(terms(question))
        claims = []
        for i, sentence in enumerate(evidence):
            number = re.search(r"\d+亿?(?:公斤)?", sentence.text)
            if number and len(wanted & set(terms(sentence.text))) >= 2:
                claims.append(Claim(i, number.start(), number.end(), 0.9 / (len(claims) + 1)))
        return Reading(tuple(claims), claims[0].score if claims else 0.0)


@pytest.fixture
def fake_library(tmp_path: Path) -> Iterator[Library]:
    """An empty library with the fakes."""
    library = open_fake(tmp_path / "library")
    yield library
    library.close()


def open_fake(folder: Path, settings: Settings | None = None, encoder: FakeEncoder | None = None) -> Library:
    """Open a library with the fakes in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    library = Library(folder, settings or Settings(), encoder or FakeEncoder())
    library._reader = FakeReader()
    return library


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium without a window."""
    from browsing import CHROMIUM, FLAGS
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page over the sample papers, with the fakes."""
    from browsing import start, stop

    process, found = start(tmp_path_factory.mktemp("page") / "library", "--samples")
    yield found
    stop(process)


@pytest.fixture
def visitor(browser: Any, address: str) -> Iterator[Any]:
    """A visitor; at the end nothing may have complained or left the machine."""
    from browsing import Seen, Visitor

    visitor = Visitor(browser, address)
    yield visitor
    visitor.close()
    assert visitor.seen == Seen()


@pytest.fixture
def pages() -> Iterator[Any]:
    """Starts pages as processes; none is left running."""
    from browsing import Pages

    running = Pages()
    yield running
    running.stop()


@pytest.fixture
def two_papers(tmp_path: Path) -> Path:
    """A folder with two pages of wrapped newspaper text."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "trade_2025-06-18.txt").write_text(
        "港口去年的货物吞吐量达到 948 亿吨，比前年\n\n"
        "增长三成五，创下历史新高。港务局负责人说，\n\n今后两年还要新建码头。\n",
        "utf-8",
    )
    (folder / "wheat.txt").write_text("今年小麦每亩收成 620 公斤，农民十分高兴。\n", "utf-8")
    return folder
