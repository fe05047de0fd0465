"""The commands ``yinju add`` and ``yinju watch``: progress while files are added, a report at the end."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from rag.errors import InputError
from rag.records import AddReport

if TYPE_CHECKING:
    from rag.library import Library

_FAILURES_SHOWN = 200
_KINDS_SHOWN = 8
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"})
_EVERY = 0.1  # seconds between two lines of progress


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what ``yinju add`` takes."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file or a folder")
    parser.add_argument(
        "--processes", type=_count, metavar="N", help="processes that read files side by side (default: one a core)"
    )


def watch_options(parser: argparse.ArgumentParser) -> None:
    """Declare what ``yinju watch`` takes."""
    parser.add_argument("folders", nargs="+", metavar="FOLDER", help="a folder to keep the library in step with")
    parser.add_argument("--every", type=_seconds, default=2.0, metavar="SECONDS", help="how often to look (default: 2)")
    parser.add_argument(
        "--settle",
        type=_seconds,
        default=3.0,
        metavar="SECONDS",
        help="take a file when it has not changed for so long (default: 3)",
    )


def run_add(arguments: argparse.Namespace, opened: Callable[[], Library]) -> int:
    """Add files, with progress on a terminal; 1 when a file failed."""
    from rag.loading import discover, left_out

    size = 0
    for path in discover(arguments.paths):  # a path that does not exist must not leave an empty library behind
        size += _size(str(path))
    line = ProgressLine(sys.stderr, size) if sys.stderr.isatty() else None
    began = time.monotonic()
    with opened() as library:
        report = library.add(arguments.paths, line, arguments.processes)
    if arguments.json:
        _print_json(asdict(report))
    else:
        print_report(report, arguments.library, time.monotonic() - began)
        print_left_out(left_out(arguments.paths))
    return 1 if report.failed else 0


def print_report(report: AddReport, library: str, seconds: float) -> None:
    """Say what was done, and of each failure why."""
    for failure in report.failed[:_FAILURES_SHOWN]:
        print(f"yinju: {failure.reason}", file=sys.stderr)
    if len(report.failed) > _FAILURES_SHOWN:
        print(f"yinju: and {len(report.failed) - _FAILURES_SHOWN} more; --json lists them all", file=sys.stderr)
    print(
        f"{len(report.added)} added, {len(report.replaced)} replaced, {len(report.skipped)} unchanged, "
        f"{len(report.failed)} failed; {report.passages} new passages in {library} ({duration(seconds)})"
    )


def print_left_out(found: Mapping[str, int]) -> None:
    """Say which files of the folders were not looked at, and how pictures can be."""
    from rag.loading import printable

    if not found:
        return
    kinds = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    shown = ", ".join(f"{count} {printable(suffix) or 'without suffix'}" for suffix, count in kinds[:_KINDS_SHOWN])
    others = sum(count for _, count in kinds[_KINDS_SHOWN:])
    print(f"left out, not read: {shown}" + (f", {others} of other types" if others else ""))
    if not _PICTURES.isdisjoint(found):
        print("to read pictures of text: pip install 'yinju[ocr]'")


def run_watch(arguments: argparse.Namespace, opened: Callable[[], Library]) -> int:
    """Keep the library in step with folders until Ctrl+C, which ends it quietly."""
    from rag.watching import Event, Watch

    def tell(event: Event) -> None:
        if arguments.json:
            print(json.dumps(asdict(event), ensure_ascii=False), flush=True)
        elif event.kind == "failed":
            print(f"failed    {event.detail}", flush=True)
        else:
            print(f"{event.kind:9} {event.path}{f' ({event.detail})' if event.detail else ''}", flush=True)

    folders = [Path(folder) for folder in arguments.folders]
    for folder in folders:
        if not folder.is_dir():
            raise InputError(f"{folder}: no such folder. Name a folder to watch.")
    with opened() as library, suppress(KeyboardInterrupt):
        watch = Watch(library, folders, arguments.settle)
        if not arguments.json:
            print(f"watching {', '.join(map(str, folders))} for {arguments.library}; Ctrl+C ends it", flush=True)
        while True:
            for event in watch.tick():
                tell(event)
            time.sleep(arguments.every)
    return 0


class ProgressLine:
    """One line on a terminal, written over again: files done, files in all, time left, the file at hand.

    The time left goes by bytes, as files differ in size.
    """

    def __init__(self, stream: TextIO, size: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Write to ``stream``; ``size`` is the bytes of all files."""
        self._stream, self._size, self._clock = stream, size, clock
        self._began = clock()
        self._written = self._began - _EVERY
        self._bytes = 0
        self._behind = ""

    def __call__(self, done: int, total: int, path: str) -> None:
        """Show that ``done`` of ``total`` files are done and ``path`` is at hand; "" when all are done."""
        self._bytes += _size(self._behind)
        self._behind = path
        now = self._clock()
        if path and now - self._written < _EVERY:
            return
        self._written = now
        took = now - self._began
        share = self._bytes / self._size if self._size else 0.0
        left = f", {duration(took / share - took)} left" if took > 2 and 0.0 < share < 1.0 else ""
        name = f"  {Path(path).name[:50]}" if path else ""
        self._stream.write(f"\r\033[K{done}/{total} files{left}{name}" + ("" if path else "\n"))
        self._stream.flush()


def duration(seconds: float) -> str:
    """Return a time in words.

    >>> duration(3), duration(200), duration(8000)
    ('3 s', '3 min 20 s', '2 h 13 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _size(path: str) -> int:
    with suppress(OSError, ValueError):
        return Path(path).stat().st_size if path else 0
    return 0


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0.0 <= number <= 86400.0:
        raise ValueError(text)
    return number


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
