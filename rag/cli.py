"""The command line: ``yinju`` or ``python -m rag``.

Turns arguments into calls of the public API, and errors into one clear line. Exit codes: 0 done, 1 the
input was at fault, 2 wrong usage, 3 our fault.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.adding_cli import add_options, watch_options
from rag.errors import InputError, MissingExtraError, YinjuError
from rag.searching_cli import filter_options, filters_of, hit_record, run_search, search_options

if TYPE_CHECKING:
    from rag.library import Library
    from rag.records import Citation, Reply

_CLOSEST_CHARACTERS = 120

_EPILOG = """examples:
  yinju add papers/ page.txt            add files and folders
  yinju ask "双边贸易额达到多少？"          answer with citations
  yinju chat                            open the page in the browser

exit codes: 0 done, 1 the input was at fault, 2 wrong usage, 3 our fault"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except (InputError, MissingExtraError) as error:
        print(f"yinju: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("yinju: stopped; everything reported as added is kept.", file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("YINJU_DEBUG"):
            traceback.print_exc()
        kind = "" if isinstance(error, YinjuError) else f"{type(error).__name__}: "
        print(f"yinju: our fault: {kind}{error} (set YINJU_DEBUG=1 to see where; please report it)", file=sys.stderr)
        return 3
    return code


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--library",
        metavar="DIR",
        default=os.environ.get("YINJU_LIBRARY") or "library",
        help="folder of the library (default: $YINJU_LIBRARY, else ./library)",
    )
    shared.add_argument("--json", action="store_true", help="print JSON for programs instead of text for people")
    parser = argparse.ArgumentParser(
        prog="yinju",
        description="Ask a pile of newspapers a question; get an answer that cites its evidence.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", parents=[shared])
        made.set_defaults(run=run)
        return made

    add = command("add", _add, "add files and folders; unchanged ones are skipped, changed ones replaced")
    add_options(add)
    watch_options(command("watch", _watch, "keep the library in step with folders: new, changed and deleted files"))
    ask = command("ask", _ask, "answer a question with citations, or say that the documents do not")
    ask.add_argument("question", metavar="QUESTION", help="in any language")
    filter_options(ask)
    search_options(command("search", _search, "list the passages that fit a question, without an answer"))
    for name, text in (
        ("chat", "open the page in the browser"),
        ("serve", "serve the page without opening a browser"),
    ):
        page = command(name, _serve, text)
        page.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
        page.add_argument("--port", type=int, default=None, help="port (default: the first free one from 7860)")
        page.add_argument("--samples", action="store_true", help="when the library is empty, add the sample pages")
        page.add_argument(
            "--auth-file", metavar="FILE", default=None, help="NAME:PASSWORD on each line; only they may use the page"
        )
        page.set_defaults(browser=name == "chat")
    command("list", _list, "list the documents of the library")
    remove = command("remove", _remove, "remove documents by their ids")
    remove.add_argument("ids", nargs="+", metavar="ID", help="a document's id, or a beginning of it that is unique")
    show = command("show", _show, "show a document's articles as restored")
    show.add_argument("id", metavar="ID", help="a document's id, or a beginning of it that is unique")
    command("reindex", _reindex, "embed all passages again with the encoder that is set")
    command("doctor", _doctor, "check the installation and the library")
    evaluate = commands.add_parser(
        "eval",
        help="run the evaluation suite",
        add_help=False,
        prefix_chars="\0",
        description="Run the evaluation suite.",
    )
    evaluate.add_argument("rest", nargs=argparse.REMAINDER)
    evaluate.set_defaults(run=lambda arguments: int(importlib.import_module("eval.cli").main(arguments.rest)))
    return parser


def _open(arguments: argparse.Namespace, *, must_exist: bool = True) -> Library:
    from rag.library import CATALOG, Library

    if must_exist and not (Path(arguments.library).expanduser() / CATALOG).exists():
        raise InputError(f"{arguments.library}: no library there yet. Make one with: yinju add PATH --library DIR")
    return Library.open(arguments.library)


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _add(arguments: argparse.Namespace) -> int:
    from rag.adding_cli import run_add

    return run_add(arguments, lambda: _open(arguments, must_exist=False))


def _watch(arguments: argparse.Namespace) -> int:
    from rag.adding_cli import run_watch

    return run_watch(arguments, lambda: _open(arguments, must_exist=False))


def _ask(arguments: argparse.Namespace) -> int:
    gc.disable()  # the process ends with the answer; collecting would take a tenth of its time
    filters = filters_of(arguments)
    with _open(arguments) as library:
        reply = library.answer(arguments.question, filters=filters)
    if arguments.json:
        _print_json(
            {
                "question": reply.question,
                "language": reply.language,
                "answer": reply.text,
                "short": reply.short,
                "abstained": reply.abstained,
                "confidence": reply.confidence,
                "citations": [asdict(citation) for citation in reply.citations],
                "hits": [hit_record(hit) for hit in reply.hits],
                "timings_ms": dict(reply.timings_ms),
            }
        )
        return 0
    print(reply.text)
    if reply.abstained and reply.hits:
        print(f"\n{_closest(reply)}")
    for citation in reply.citations:
        where = _where(citation, reply.language)
        print(f"\n[{citation.number}] {citation.path}:{citation.start}-{citation.end}{f' ({where})' if where else ''}")
    return 0


def _where(citation: Citation, language: str) -> str:
    """Date, page and headline of a citation: ``2025-06-19，第4版，标题``, or ``2025-06-19, p. 4, 标题``."""
    page = None if citation.page is None else f"第{citation.page}版" if language == "zh" else f"p. {citation.page}"
    return ("，" if language == "zh" else ", ").join(part for part in (citation.date, page, citation.title) if part)


def _closest(reply: Reply) -> str:
    """The two passages nearest to a question that was not answered, shortened, under their label."""
    from rag.languages import detect
    from rag.rendering import closest_text

    quotes = [" ".join(hit.passage.text.split())[:_CLOSEST_CHARACTERS] for hit in reply.hits[:2]]
    return closest_text(quotes, reply.language, detect(quotes[0]))


def _search(arguments: argparse.Namespace) -> int:
    return run_search(arguments, lambda: _open(arguments))


def _serve(arguments: argparse.Namespace) -> int:
    page = importlib.import_module("app")
    page.launch(
        library=arguments.library,
        host=arguments.host,
        port=arguments.port,
        browser=arguments.browser,
        samples=arguments.samples,
        auth_file=arguments.auth_file,
    )
    return 0


def _list(arguments: argparse.Namespace) -> int:
    with _open(arguments) as library:
        documents = library.documents()
    if arguments.json:
        keys = ("id", "path", "title", "passages", "added")
        _print_json([{key: getattr(document, key) for key in keys} for document in documents])
        return 0
    for document in documents:
        print(f"{document.id}  {document.passages:>6} passages  {document.added}  {document.path}")
    print(f"{len(documents)} documents")
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    with _open(arguments) as library:
        removed = [library.remove(identifier) for identifier in arguments.ids]
    if arguments.json:
        _print_json([{"id": document.id, "path": document.path} for document in removed])
        return 0
    for document in removed:
        print(f"removed {document.id}  {document.path}")
    return 0


def _show(arguments: argparse.Namespace) -> int:
    with _open(arguments) as library:
        document = library.document(arguments.id)
        articles = library.articles(document.id)
        seams = library.continuations(document.id)
    if arguments.json:
        _print_json(
            {
                "document": document.id,
                "title": document.title,
                "articles": [
                    {
                        "title": article.title,
                        "byline": article.byline,
                        "page": article.page,
                        "paragraphs": [{"text": p.text, "start": p.start, "end": p.end} for p in article.paragraphs],
                        **({"continued": jumps} if (jumps := [_seam(s) for s in seams if s.article == number]) else {}),
                    }
                    for number, article in enumerate(articles)
                ],
            }
        )
        return 0
    print(f"{document.id}  {document.path}\n")
    for number, article in enumerate(articles):
        print(f"## {article.title or '(no headline)'}" + (f"\n{article.byline}" if article.byline else ""))
        for paragraph in article.paragraphs:
            print(f"\n[{paragraph.start}-{paragraph.end}] {paragraph.text}")
        for seam in seams:
            if seam.article == number:
                words = "comes from" if seam.comes else "goes on in"
                print(f"\n({words} {seam.path}, page {seam.page or '?'}: {seam.title or 'no headline'}; {seam.other})")
        print()
    return 0


def _seam(seam: Any) -> dict[str, Any]:
    return {
        "from" if seam.comes else "to": seam.other,
        "article": seam.other_article,
        "path": seam.path,
        "page": seam.page,
        "title": seam.title,
    }


def _reindex(arguments: argparse.Namespace) -> int:
    from rag.library import reindex

    count = reindex(arguments.library)
    print(f"{count} passages embedded again in {arguments.library}")
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    from rag.doctor import examine

    findings = examine(Path(arguments.library))
    if arguments.json:
        _print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            print(f"{'ok  ' if finding.good else 'BAD '} {finding.what}: {finding.detail}")
    return 0 if all(finding.good for finding in findings) else 1
