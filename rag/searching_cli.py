"""The command ``yinju search``, and the options by which ``search`` and ``ask`` restrict what is searched."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rag.filters import Filters

if TYPE_CHECKING:
    from rag.library import Library
    from rag.records import Hit


def filter_options(parser: argparse.ArgumentParser) -> None:
    """Declare the restrictions that ``yinju ask`` and ``yinju search`` take."""
    group = parser.add_argument_group("restrictions", "all given must be met; they are applied inside the search")
    group.add_argument("--from", dest="since", metavar="DATE", help="first date: 2025, 2025-06 or 2025-06-18")
    group.add_argument("--to", dest="until", metavar="DATE", help="last date, inclusive")
    group.add_argument(
        "--document",
        dest="documents",
        action="append",
        default=[],
        metavar="ID",
        help="a document's id; may be given again",
    )
    group.add_argument("--title", metavar="WORDS", help="words that the article's title must have")
    group.add_argument("--language", metavar="CODE", help="language of the passages: zh, en, ru …")


def filters_of(arguments: argparse.Namespace) -> Filters:
    """Return the restrictions given.

    Raises:
        InputError: a date that is none, or an unknown language.
    """
    return Filters(arguments.since, arguments.until, tuple(arguments.documents), arguments.title, arguments.language)


def search_options(parser: argparse.ArgumentParser) -> None:
    """Declare what ``yinju search`` takes."""
    parser.add_argument("question", metavar="QUESTION", help="in any language")
    parser.add_argument("-k", type=int, default=10, metavar="N", help="how many passages (default: 10)")
    parser.add_argument("--explain", action="store_true", help="say why each passage was found")
    filter_options(parser)


def run_search(arguments: argparse.Namespace, open_library: Callable[[], Library]) -> int:
    """List the passages that fit a question."""
    filters = filters_of(arguments)
    with open_library() as library:
        hits = library.search(arguments.question, arguments.k, filters=filters, explain=arguments.explain)
    if arguments.json:
        print(json.dumps([hit_record(hit) for hit in hits], ensure_ascii=False, indent=2))
        return 0
    for hit in hits:
        passage = hit.passage
        print(f"{hit.rank}. {hit.score:.3f}  {passage.title or ''}  {hit.path}:{passage.start}-{passage.end}")
        print(f"   {passage.text[:200]}")
        if arguments.explain:
            print(f"   why: {reason(hit)}")
        print()
    return 0


def reason(hit: Hit) -> str:
    """Why a passage was found, in one line.

    "shares 双边贸易; meaning 0.412 (rank 2 there); words 0.530 (rank 1 there)"
    """
    said = [f"shares {', '.join(hit.shared)}" if hit.shared else "shares no term"]
    for name, word in (("dense", "meaning"), ("lexical", "words")):
        if name in hit.parts:
            rank = hit.parts.get(f"{name}_rank")
            place = f"rank {rank:.0f} there" if rank else "beyond that list's end"
            said.append(f"{word} {hit.parts[name]:.3f} ({place})")
    return "; ".join(said)


def hit_record(hit: Hit) -> dict[str, Any]:
    """A hit as it stands in JSON."""
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": hit.score,
        "passage_id": passage.id,
        "document": passage.document,
        "path": hit.path,
        "title": passage.title,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "date": passage.date,
        "parts": dict(hit.parts),
        "shared": list(hit.shared),
    }
