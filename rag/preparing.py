"""What happens to a document before it is stored: bytes → raw text → articles → passages.

``prepare`` is a plain function; ``python -m rag.preparing`` serves it from a process of its own, one request
after another on standard input and output (see ``workers``), so that a file that makes a parser crash, loop
or eat memory ends that process and no other. Messages are JSON and bytes: nothing is unpickled. Knows
nothing of the library, of models or of what is stored.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import IO, Any

from rag.errors import LoadError, MissingExtraError
from rag.records import Article, Page, Paragraph, Passage, RawDocument
from rag.splitting import PASSAGE_CHARACTERS

_FRAME = struct.Struct("<QQ")  # lengths of the JSON and of the bytes that follow it


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready to be embedded and stored."""

    identifier: str
    raw: RawDocument
    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]


def prepare(path: Path, data: bytes, identifier: str, longest: int = PASSAGE_CHARACTERS) -> Prepared:
    """Read the bytes of the file at ``path``, restore its articles and split them into passages of about ``longest``.

    Raises:
        LoadError: it cannot be read as a document.
        MissingExtraError: a package for its format is not installed.
    """
    from rag.loading import load

    articles, passages, raw = restored(load(path, data), identifier, longest)
    return Prepared(identifier, raw, tuple(articles), tuple(passages))


def restored(
    raw: RawDocument, identifier: str, longest: int = PASSAGE_CHARACTERS
) -> tuple[list[Article], list[Passage], RawDocument]:
    """Restore the articles of a raw document and split them into passages.

    Pieces of an article on several pages of the document are joined. Articles without a date take the one
    of the document, else the one printed on the page; a passage has the number of the page it stands on.
    """
    from rag.newspaper import by_jumps, joined, restore_page, restore_prose
    from rag.paging import jumped_pages, numbered, on_pages, pages_of
    from rag.splitting import passages

    page = restore_page(raw.text) if raw.wrapped else restore_prose(raw.text)
    date = raw.date or next((printed.date for printed in page.pages if printed.date), None)
    pages = pages_of(raw, page.pages)
    articles = on_pages([replace(article, date=article.date or date) for article in page.articles], pages)
    if not pages:
        articles = by_jumps(articles)
        pages = jumped_pages(articles)
    articles = joined(articles)
    found: list[Passage] = []
    for number, article in enumerate(articles):
        found.extend(passages(article, raw.text, identifier, number, len(found), longest))
    return articles, numbered(found, pages), replace(raw, date=date, pages=pages)


# ── in a process of its own ──────────────────────────────────────────────────────────────────────────


def send(stream: IO[bytes], message: object, data: bytes = b"") -> None:
    """Write one message, records as lists of their fields, and the bytes that belong to it."""
    text = json.dumps(_plain(message), ensure_ascii=False).encode("utf-8", "surrogatepass")
    stream.write(_FRAME.pack(len(text), len(data)))
    stream.write(text)
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[Any, bytes] | None:
    """Read one message and its bytes; None when the other side is gone."""
    head = stream.read(_FRAME.size)
    if len(head) < _FRAME.size:
        return None
    sizes = _FRAME.unpack(head)
    text, data = stream.read(sizes[0]), stream.read(sizes[1])
    if (len(text), len(data)) != sizes:
        return None
    return json.loads(text.decode("utf-8", "surrogatepass")), data


def answer_of(message: dict[str, Any], data: bytes, identifier: str) -> Prepared:
    """Return what a process prepared.

    Raises:
        LoadError, MissingExtraError, ValueError: what ``prepare`` raised there.
    """
    if "load_error" in message:
        raise LoadError(message["load_error"])
    if "missing" in message:
        raise MissingExtraError(*message["missing"])
    if "fault" in message:
        raise ValueError(message["fault"])
    path, text, title, date, pages, _, wrapped = message["raw"]
    boxes = data if message["boxes"] else None
    raw = RawDocument(path, text, title, date, tuple(Page(*page) for page in pages), boxes, wrapped)
    articles = tuple(
        replace(
            Article(*row),
            paragraphs=tuple(Paragraph(*p) for p in row[1]),
            title_span=_span(row[7]),
            byline_span=_span(row[8]),
        )
        for row in message["articles"]
    )
    return Prepared(identifier, raw, articles, tuple(Passage(*passage) for passage in message["passages"]))


def _span(pair: Sequence[int] | None) -> tuple[int, int] | None:
    return (pair[0], pair[1]) if pair else None


def _plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    return value


def _answer(path: str, identifier: str, longest: int, data: bytes) -> tuple[dict[str, object], bytes]:
    try:
        done = prepare(Path(path), data, identifier, longest)
    except MissingExtraError as error:
        return {"missing": [error.what, error.extra]}, b""
    except LoadError as error:
        return {"load_error": str(error)}, b""
    except MemoryError:
        return {"load_error": f"{path}: needs more memory than a file may take; split it."}, b""
    except Exception as error:  # a fault of ours in one file never loses the others
        return {"fault": f"{type(error).__name__}: {error}"}, b""
    raw = replace(done.raw, boxes=None)
    message = {"raw": raw, "boxes": done.raw.boxes is not None, "articles": done.articles, "passages": done.passages}
    return message, done.raw.boxes or b""


def main(mebibytes: int) -> None:
    """Answer requests until standard input ends, in no more than ``mebibytes`` of address space."""
    import os
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's to handle
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (mebibytes << 20, mebibytes << 20))
    except (ImportError, ValueError, OSError):  # not on Windows: the limit on time still holds
        pass
    stream = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a parser prints must not get between the messages
    send(stream, "ready")
    while (request := receive(sys.stdin.buffer)) is not None:
        (path, identifier, longest), data = request
        try:
            send(stream, *_answer(path, identifier, longest, data))
        except BrokenPipeError:
            return


if __name__ == "__main__":
    main(int(sys.argv[1]))
