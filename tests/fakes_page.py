"""Serves the page over a library with fakes, as a process of its own: ``python fakes_page.py FOLDER``.

Prints the address on its first line. With ``--samples`` the sample pages are added first;
``--auth-file=FILE`` and ``--port=N`` as in ``yinju serve``; with ``--hold=FILE`` the page is not built before that
file is there; with ``--read=FILE`` no question is answered before that one is; with ``--embed=FILE`` no text with
``SLOW`` in it is added before that one is.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from conftest import FakeEncoder, open_fake

import app
from page.serving import listen, users
from rag.records import Claim, Evidence, Reading
from rag.terms import terms

SLOW = "慢慢添加"


class SlowEncoder(FakeEncoder):
    """Takes its time over what says so."""

    def __init__(self, waiting_for: Path) -> None:
        self._waiting_for = waiting_for

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        while any(SLOW in text for text in texts) and not self._waiting_for.exists():
            time.sleep(0.02)
        return super().encode_passages(texts)


class LikestSentence:
    """Claims the first figure of the sentences that hold half of the question's terms, the likest first."""

    identity = "likest@1"
    threshold = 0.5

    def __init__(self, waiting_for: Path | None = None) -> None:
        self._waiting_for = waiting_for

    def read(self, question: str, evidence: Sequence[Evidence]) -> Reading:
        while self._waiting_for is not None and not self._waiting_for.exists():
            time.sleep(0.02)
        wanted = set(terms(question))
        found = []
        for i, sentence in enumerate(evidence):
            share = len(wanted & set(terms(sentence.text))) / max(1, len(wanted))
            for figure in re.finditer(r"\d+(?:\.\d+)?[万亿]*", sentence.text):
                known = set(terms(sentence.text[max(0, figure.start() - 6) : figure.start()]))
                near = len(wanted & known) / max(1, len(wanted))
                found.append((share >= 0.5, share / 2 + near / 2, Claim(i, figure.start(), figure.end(), 0.9)))
        found.sort(key=lambda row: (-row[0], -row[1]))
        return Reading((found[0][2],), 0.9) if found and found[0][0] else Reading((), 0.0)


def hold(file: Path) -> None:
    """Let no page be built before ``file`` is there."""
    build = app._page

    def page(*arguments: Any) -> Any:
        while not file.exists():
            time.sleep(0.05)
        return build(*arguments)

    app._page = page


def main() -> None:
    """Serve until stopped."""
    given = dict(option.removeprefix("--").split("=", 1) for option in sys.argv[2:] if "=" in option)
    if "hold" in given:
        hold(Path(given["hold"]))
    bound = listen("127.0.0.1", int(given.get("port", 0)))
    encoder = SlowEncoder(Path(given["embed"])) if "embed" in given else None
    with open_fake(Path(sys.argv[1]), encoder=encoder) as library:
        library._reader = LikestSentence(Path(given["read"]) if "read" in given else None)
        allowed = users(given["auth-file"]) if "auth-file" in given else None
        app.serve(library, bound, samples="--samples" in sys.argv, allowed=allowed)


if __name__ == "__main__":
    main()
