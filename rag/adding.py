"""Files into the library: found, read, prepared side by side, embedded, stored by one writer.

Walks a document's line for ``Library.add``. Files are read and hashed here, prepared by ``workers`` a little
ahead, and stored in the order in which they were found; no more of them is held than is being worked on. A
few documents share a transaction, and the indexes follow for many together.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.catalog import Catalog
from rag.errors import InternalError, LoadError, MissingExtraError
from rag.indexing import Indexes
from rag.preparing import Prepared
from rag.records import AddReport, Failure, Passage
from rag.workers import Workers

if TYPE_CHECKING:
    from embeddings import Encoder
    from rag.catalog import FloatArray

Progress = Callable[[int, int, str], None]

_INDEX_EVERY = 2000  # passages between two commits of the indexes
_AHEAD = 8  # documents for each process that may be prepared before the writer takes them
_AHEAD_BYTES = 64 << 20
_TOGETHER = 16  # documents in one transaction, at most
_PATIENCE = 0.5  # seconds that a prepared document waits for others to share its transaction
_SMALL_BYTES = 1 << 20
_PLAIN = frozenset((".txt", ".text", ".md", ".markdown"))


@dataclass(frozen=True, slots=True)
class _Job:
    """A document that is being prepared; ``future`` is None for the end of a file."""

    place: str
    size: int = 0
    identifier: str = ""
    future: Future[Prepared] | None = None


class Adding:
    """One call of ``add``: give it files with ``files``, then ask for the report."""

    def __init__(self, catalog: Catalog, indexes: Indexes, encoder: Encoder, workers: Workers) -> None:
        self._catalog, self._indexes, self._encoder = catalog, indexes, encoder
        self._workers, self._ahead = workers, _AHEAD * workers.count
        self._expected = catalog.generation
        self._done: dict[str, list[str]] = {"added": [], "replaced": [], "skipped": []}
        self._failed: list[Failure] = []
        self._stored = 0
        self._jobs: deque[_Job] = deque()
        self._bytes = 0
        self._ready: list[tuple[str, Prepared]] = []
        self._since = 0.0
        self._finished = 0
        self._tell: Callable[[str], None] = lambda path: None
        self.dates: set[str] = set()
        self._clear()

    def files(self, paths: Iterable[Path], total: int, progress: Progress | None) -> None:
        """Add what is in these files; what cannot be read is noted for the report."""
        told = -1

        def tell(path: str) -> None:
            """Say once for each file done which one is at hand."""
            nonlocal told
            if progress is not None and told < self._finished < total:
                told = self._finished
                progress(told, total, path)

        self._tell = tell
        for path in paths:
            tell(str(path))
            self._file(path)
            self._jobs.append(_Job(str(path)))
            self._take(self._ahead)
        self._take(0)
        self._store()
        if progress is not None and total:
            progress(total, total, "")

    def flush(self) -> None:
        """Bring the indexes up to date."""
        import numpy as np

        if self._catalog.generation != self._expected:
            self._indexes.rebuild()  # another process changed the catalog too
        elif self._added or self._gone:
            vectors = np.zeros((len(self._added), self._encoder.dimension), dtype=np.float32)
            for i, (_, vector) in enumerate(self._added.values()):
                vectors[i] = vector
            added = [(key, passage) for key, (passage, _) in self._added.items()]
            self._indexes.update(added, vectors, self._gone, self._expected)
        self._expected = self._catalog.generation
        self._clear()
        give_memory_back()

    def report(self) -> AddReport:
        """Return what was done so far."""
        done = {outcome: tuple(paths) for outcome, paths in self._done.items()}
        return AddReport(done["added"], done["replaced"], done["skipped"], tuple(self._failed), self._stored)

    def _file(self, path: Path) -> None:
        """Read the file and hand what is in it to the workers."""
        from rag.loading import ARCHIVE, documents_in, printable

        members: dict[str, str] = {}
        try:
            for found, data in documents_in(path):
                place = printable(found)
                members[place] = ""
                if isinstance(data, LoadError):
                    self._failed.append(Failure(place, printable(data)))
                    continue
                identifier = members[place] = hashlib.sha256(data).hexdigest()[:16]
                if self._known(place, identifier):
                    self._done["skipped"].append(place)
                    continue
                future = self._workers.submit(Path(place), data, identifier)
                self._jobs.append(_Job(place, len(data), identifier, future))
                self._bytes += len(data)
                self._take(self._ahead)
            if path.suffix.lower() == ARCHIVE:
                self._tidy(printable(path), members)
        except LoadError as error:
            self._failed.append(Failure(printable(path), printable(error)))

    def _tidy(self, archive: str, members: Mapping[str, str]) -> None:
        """Remove documents of files that are no longer in an archive; one that was renamed in it moves."""
        places = {identifier: place for place, identifier in members.items() if identifier}
        for identifier, path in self._catalog.under(archive):
            if path in members:
                continue
            place = places.get(identifier)
            if place is not None and self._catalog.identifier_at(place) is None:
                self._catalog.move(identifier, place)
            elif place is None:
                self._gone.extend(self._catalog.remove(identifier))
                self._expected += 1

    def _known(self, place: str, identifier: str) -> bool:
        """Tell whether this content is stored already; a file that was moved takes its document along."""
        if self._catalog.identifier_at(place) == identifier:
            return True
        elsewhere = self._catalog.path_of(identifier)
        if elsewhere is None:
            return False
        if (stale := self._catalog.identifier_at(place)) is not None:
            self._gone.extend(self._catalog.remove(stale))
            self._expected += 1
        other = Path(elsewhere)
        if not any(_is_file(found) for found in (other, *other.parents)):  # a member's archive counts
            self._catalog.move(identifier, place)
        return True

    def _take(self, left: int) -> None:
        """Take what is prepared, in order, until no more than ``left`` documents are being worked on."""
        while self._jobs:
            job = self._jobs[0]
            waits = job.future is not None and not job.future.done()
            if waits and len(self._jobs) <= left and self._bytes <= _AHEAD_BYTES:
                break
            self._jobs.popleft()
            if job.future is None:
                self._finished += 1
                if self._jobs:
                    self._tell(self._jobs[0].place)
                continue
            self._bytes -= job.size
            try:
                prepared = job.future.result()
            except (LoadError, MissingExtraError) as error:
                self._failed.append(Failure(job.place, str(error)))
            except Exception as error:  # whatever it is, one file never loses the others
                self._failed.append(Failure(job.place, f"{job.place}: our fault, please report it: {error}"))
            else:
                self._since = self._since if self._ready else time.monotonic()
                self._ready.append((job.place, prepared))
            if len(self._ready) >= _TOGETHER or (self._ready and time.monotonic() - self._since > _PATIENCE):
                self._store()

    def _store(self) -> None:
        """Store the documents that are ready; when this returns they are on disk."""
        ready, self._ready = self._ready, []
        if not ready:
            return
        places = {place for place, _ in ready}
        if len(places) < len(ready) or len({prepared.identifier for _, prepared in ready}) < len(ready):
            for one in ready:  # the same content twice, or the same place: one after the other
                self._put([one])
        else:
            self._put(ready)
        if len(self._added) >= _INDEX_EVERY:
            self.flush()

    def _put(self, ready: Sequence[tuple[str, Prepared]]) -> None:
        fresh = []
        for place, one in ready:
            if self._known(place, one.identifier):
                self._done["skipped"].append(place)
            else:
                fresh.append((place, one))
        before = [self._catalog.identifier_at(place) for place, _ in fresh]
        try:
            vectors = self._encoder.encode_passages(
                [searchable(passage) for _, one in fresh for passage in one.passages]
            )
            self._commit([one for _, one in fresh], vectors)
        except (MemoryError, ValueError, InternalError) as error:  # one document never loses the others
            if len(fresh) > 1:
                for pair in fresh:
                    self._put([pair])
            elif fresh:
                place = fresh[0][0]
                self._failed.append(Failure(place, f"{place}: our fault, please report it: {error}"))
            return
        for (place, one), old in zip(fresh, before, strict=True):
            self._done["added" if old is None else "replaced"].append(place)
            if one.raw.date and any(a.jump_from is not None or a.jump_to is not None for a in one.articles):
                self.dates.add(one.raw.date)

    def _commit(self, documents: Sequence[Prepared], vectors: FloatArray) -> None:
        """Store documents in one transaction; ``vectors`` float32 ``[passages of all, dimension]``."""
        if not documents:
            return
        entries, at = [], 0
        for one in documents:
            rows = vectors[at : at + len(one.passages)]
            entries.append((one.identifier, one.raw, one.articles, one.passages, rows))
            at += len(one.passages)
        for one, (keys, gone), (*_, rows) in zip(documents, self._catalog.put_all(entries), entries, strict=True):
            self._expected += 1
            self._stored += len(one.passages)
            self._added.update(zip(keys, zip(one.passages, rows, strict=True), strict=True))
            for key in gone:
                self._added.pop(key, None)
            self._gone.extend(gone)

    def _clear(self) -> None:
        self._added: dict[int, tuple[Passage, FloatArray]] = {}
        self._gone: list[int] = []


def plan(paths: Iterable[Path], processes: int | None) -> tuple[int, int]:
    """Return how many files there are, and how many processes are to prepare them.

    None are worth starting for a little plain text; else there is one for each core, up to 8.
    """
    count = size = 0
    plain = True
    for path in paths:
        count += 1
        plain = plain and path.suffix.lower() in _PLAIN
        with suppress(OSError, ValueError):
            size += path.stat().st_size
    if processes is None:
        processes = 0 if plain and size <= _SMALL_BYTES else min(8, cores())
    return count, processes


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def give_memory_back() -> None:
    """Have the C library return what was freed to the system; glibc keeps it, and after an hour that is a lot."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)


def searchable(passage: Passage) -> str:
    """Return what the encoder sees of a passage: its headline, then its text."""
    return f"{passage.title}\n{passage.text}" if passage.title else passage.text


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
