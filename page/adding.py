"""Files from the browser into the library: kept beside it under safe names, then added.

Says in plain words, file by file, what became of each. Knows nothing of Gradio but that uploads are paths.
"""

from __future__ import annotations

import filecmp
import logging
import math
import queue
import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from page.markup import file_name, show
from page.reasons import reason
from page.texts import Texts
from rag.errors import YinjuError
from rag.library import Library
from rag.loading import printable
from rag.records import AddReport

_log = logging.getLogger("yinju.page")
Say = Callable[[str], None]
MOST_BYTES = 256 * 2**20  # of one uploaded file; larger ones are added with `yinju add`
AT_ONCE = 4  # additions of all tabs that wait for their turn, each in a thread of the server; more queue up
FILES = "files"  # folder inside the library for what was uploaded
_LONGEST_NAME = 100
_LISTED = 200  # files named in a report
_SOON = 2.0  # seconds under which no remaining time is given
_KEEPING = threading.Lock()
_AWAITED: Counter[Path] = Counter()  # copies that an addition is reading or going to read
_TURN = threading.Lock()  # the library takes one addition after the other
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069]')


def safe_name(name: str) -> str:
    """Return a file name that stays inside its folder and can be written on any system.

    >>> safe_name("../../etc/passwd"), safe_name("日报 3月.txt")
    ('passwd', '日报 3月.txt')
    """
    last = re.split(r"[/\\]", name)[-1]
    cleaned = _UNSAFE.sub("_", last).strip(" .") or "file"
    stem, dot, suffix = cleaned.rpartition(".")
    if not dot:
        return cleaned[:_LONGEST_NAME]
    return f"{stem[: _LONGEST_NAME - len(suffix[:12])]}.{suffix[:12]}"


def keep(folder: Path, uploaded: Path) -> Path:
    """Copy an uploaded file into ``folder`` and return the copy.

    The same file again gives the same path; another file of the same name gets a number, so that no
    upload ever takes the place of another.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / safe_name(uploaded.name)
    for number in range(1, 10_000):
        target = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        if not target.exists():
            shutil.copyfile(uploaded, target)
            return target
        if filecmp.cmp(uploaded, target, shallow=False):
            return target
    raise YinjuError(f"{uploaded.name}: there are too many files of this name in the library.")


def add(library: Library, texts: Texts, uploads: Sequence[str]) -> Iterator[str]:
    """Add uploaded files; yield HTML that says how far it is, and at the end what became of each file."""

    def work(say: Say) -> str:
        with _kept(library, uploads) as paths, _turn(texts, say):  # before the turn comes: uploads do not stay
            return report(texts, library.add(paths, Steps(texts, say).step))

    return _told(texts, work)


@contextmanager
def _kept(library: Library, uploads: Sequence[str]) -> Iterator[list[Path]]:
    """Give copies of the uploads in the library's folder; those that no document was read from are gone afterwards."""
    with _KEEPING:
        paths = [keep(library.folder / FILES, Path(upload)) for upload in uploads]
        _AWAITED.update(paths)
    try:
        yield paths
    finally:
        with _KEEPING:
            _AWAITED.subtract(paths)
            used = {
                str(above) for found in library.documents() for above in (Path(found.path), *Path(found.path).parents)
            }
            for path in paths:
                if not _AWAITED[path] and printable(path.absolute()) not in used:
                    path.unlink(missing_ok=True)


def reindex(library: Library, texts: Texts) -> Iterator[str]:
    """Read again the files that have changed, then embed and index every passage anew; yield HTML as ``add`` does."""

    def work(say: Say) -> str:
        documents = library.documents()
        sources = [source_file(Path(document.path)) for document in documents]
        there = list(dict.fromkeys(source for source in sources if source is not None))
        result = AddReport()
        with _turn(texts, say):
            if there:
                result = library.add(there, Steps(texts, say).step)
            say(f"<p>{show(texts.reindexing)}</p>")
            count = library.reindex()
        changed = len(result.added) + len(result.replaced)
        said = texts.reindexed.format(len(library.documents()), changed, sources.count(None), count)
        failures = report(texts, AddReport(failed=result.failed))
        return f"<p>{show(said)}</p>{failures}"

    return _told(texts, work)


def remove(library: Library, texts: Texts, identifier: str) -> Iterator[str]:
    """Remove a document; yield HTML that says that it waits, while files are being added, and then what is gone."""

    def work(say: Say) -> str:
        with _turn(texts, say):
            return show(texts.removed.format(library.remove(identifier).path))

    return _told(texts, work)


def source_file(path: Path) -> Path | None:
    """Return the file that a document was read from, the archive for one inside it; None when it is gone."""
    return next((found for found in (path, *path.parents) if found.is_file()), None)


@contextmanager
def _turn(texts: Texts, say: Say) -> Iterator[None]:
    """Wait, and say so, while other files are added."""
    if not _TURN.acquire(blocking=False):
        say(f"<p>{show(texts.adding_waits)}</p>")
        _TURN.acquire()
    try:
        yield
    finally:
        _TURN.release()


def _told(texts: Texts, work: Callable[[Say], str]) -> Iterator[str]:
    """Do ``work`` in a thread of its own; yield what it says on the way, and at the end what it returns."""
    said: queue.Queue[str | None] = queue.Queue()
    outcome: list[str] = []

    def run() -> None:
        try:
            outcome.append(work(said.put))
        except (YinjuError, OSError) as error:
            outcome.append(f"<p>{show(reason(texts, str(error)))}</p>")
        except Exception as error:
            _log.exception("adding files failed")
            outcome.append(f"<p>{show(f'{type(error).__name__}: {error}')}</p>")
        finally:
            said.put(None)

    worker = threading.Thread(target=run, name="yinju-add", daemon=True)
    worker.start()
    while (step := said.get()) is not None:
        if step:
            yield step
    worker.join()
    yield outcome[0]


class Additions:
    """What became of the additions of one tab: of those under way, and of those done since none was."""

    def __init__(self) -> None:
        """Begin with none."""
        self._said: list[str] = []
        self._under_way = 0

    def told(self, steps: Iterator[str]) -> Iterator[str]:
        """Yield all there is to say, as HTML, whenever the addition that ``steps`` tells of says something."""
        if not self._under_way:
            self._said.clear()
        self._under_way += 1
        place = len(self._said)
        self._said.append("")
        try:
            for step in steps:
                self._said[place] = step
                yield "".join(f"<div>{said}</div>" for said in self._said if said)
        finally:
            self._under_way -= 1


class Steps:
    """Says how far an addition is: which file of how many, as a bar too, and when it will be done."""

    def __init__(self, texts: Texts, say: Say) -> None:
        self._texts = texts
        self._say = say
        self._began = time.monotonic()

    def step(self, done: int, total: int, path: str) -> None:
        """Say that ``path`` is being read after ``done`` of ``total`` files; nothing when there is none."""
        if not path:
            return
        taken = time.monotonic() - self._began
        left = taken / done * (total - done) if done and taken > _SOON else 0.0
        rest = f" · {show(self._texts.time_left.format(_duration(left)))}" if left > _SOON else ""
        self._say(
            f"<p>{show(self._texts.adding.format(file_name(path)))} ({done + 1}/{total}){rest}</p>"
            f'<progress max="{total}" value="{done}"></progress>'
        )


def _duration(seconds: float) -> str:
    """Return a time as hours, minutes and seconds.

    >>> _duration(8.2), _duration(75), _duration(3700)
    ('0:09', '1:15', '1:01:40')
    """
    whole = math.ceil(seconds)
    minutes, rest = divmod(whole, 60)
    return f"{minutes}:{rest:02}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def report(texts: Texts, result: AddReport) -> str:
    """Return what ``add`` did: how many of each, then a line per file, those that failed first."""
    kinds = ((texts.added, result.added), (texts.replaced, result.replaced), (texts.unchanged, result.skipped))
    lines = []
    for failure in result.failed:
        why = reason(texts, failure.reason.removeprefix(f"{failure.path}: "))
        lines.append(f'<p class="bad">{show(file_name(failure.path))}: {show(texts.refused)}: {show(why)}</p>')
    for label, paths in kinds:
        lines += [f"<p>{show(file_name(path))}: {show(label)}</p>" for path in paths]
    counts = [(label, len(paths)) for label, paths in (*kinds, (texts.refused, result.failed)) if paths]
    total = sum(count for _, count in counts)
    head = ""
    if total > 1:
        head = f"<p><b>{show(' · '.join(f'{label} {count}' for label, count in counts))}</b></p>"
    last = f"<p>{show(texts.passages_added.format(result.passages))}</p>" if result.passages else ""
    more = total - _LISTED
    rest = f"<p>{show(texts.more_files.format(more))}</p>" if more > 0 else ""
    return f'{head}{last}<div class="outcomes">{"".join(lines[:_LISTED])}{rest}</div>'
