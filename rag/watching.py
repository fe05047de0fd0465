"""Watch folders: what is new, changed or deleted in them is added, replaced or removed.

Folders are polled, so that network drives and every system work alike. A file is taken when its size and
time have stood still for a while, so that none is read half-written; a deletion waits as long, so that an
editor that saves by deleting and renaming removes nothing. Knows nothing of formats or of how documents are
stored.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rag.errors import InputError, LibraryError
from rag.loading import discover, printable

if TYPE_CHECKING:
    from rag.library import Library

Kind = Literal["added", "replaced", "removed", "failed", "waiting"]
_Signature = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Event:
    """What became of a file. ``detail`` says why for ``failed`` and ``waiting``."""

    kind: Kind
    path: str
    detail: str = ""


@dataclass(slots=True)
class _File:
    """A file as last seen; ``signature`` is None when it is gone."""

    signature: _Signature | None
    since: float
    done: bool = False


class Watch:
    """Keeps a library in step with folders: call ``tick`` again and again."""

    def __init__(
        self,
        library: Library,
        folders: Sequence[Path],
        settle: float = 3.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Watch ``folders``; a file is taken ``settle`` seconds after its last change.

        Raises:
            InputError: one of them is no folder.
        """
        for folder in folders:
            if not folder.is_dir():
                raise InputError(f"{folder}: no such folder. Name a folder to watch.")
        self._library = library
        self._folders = {folder.absolute(): folder.stat().st_dev for folder in folders}
        self._settle, self._clock = settle, clock
        self._files: dict[str, _File] = {}
        self._duplicates: set[str] = set()
        self._missing: set[Path] = set()
        self._started = False

    def tick(self) -> list[Event]:
        """Look once; add, replace and remove what has stood still; return what was done."""
        now = self._clock()
        events: list[Event] = []
        available = [folder for folder in self._folders if self._available(folder, events)]
        found = _signatures(available)
        if not self._started and len(available) == len(self._folders):
            self._started = True
            self._files = {str(path): _File(None, now) for path in self._stored_without_file(found)} | self._files
        for path, signature in found.items():
            file = self._files.get(path)
            if file is None or file.signature != signature:
                self._files[path] = _File(signature, now)
        for path, file in self._files.items():
            gone = path not in found and any(folder in Path(path).parents for folder in available)
            if gone and file.signature is not None:
                file.signature, file.since, file.done = None, now, False
        due = [path for path, file in self._files.items() if not file.done and now - file.since >= self._settle]
        try:
            events += self._add([path for path in due if self._files[path].signature is not None])
            events += self._remove([path for path in due if self._files[path].signature is None])
        except LibraryError as error:  # another process is changing the library: try again at the next tick
            events.append(Event("waiting", str(self._library.folder), str(error)))
        return events

    def _available(self, folder: Path, events: list[Event]) -> bool:
        """False when the folder, or the drive it was on, is not there; nothing is removed then."""
        try:
            there = folder.is_dir() and folder.stat().st_dev == self._folders[folder]
        except OSError:
            there = False
        if there:
            self._missing.discard(folder)
        elif folder not in self._missing:
            self._missing.add(folder)
            events.append(Event("waiting", str(folder), "the folder is not there now; its documents are kept"))
        return there

    def _stored_without_file(self, found: dict[str, _Signature]) -> list[Path]:
        """Files and archives that documents came from and that were deleted before the watch began."""
        names = {printable(path) for path in found}
        lost = []
        for document in self._library.documents():
            path = Path(document.path)
            inside = any(folder in path.parents for folder in self._folders)
            if inside and names.isdisjoint((document.path, *map(str, path.parents))):
                lost.append(path)
        return lost

    def _add(self, paths: list[str]) -> list[Event]:
        there = [path for path in paths if Path(path).exists()]
        if not there:
            return []
        report = self._library.add(there)
        for path in there:
            self._files[path].done = True
        stored = set(report.added) | set(report.replaced)
        self._duplicates = (self._duplicates | set(report.skipped)) - stored
        return [
            *(Event("added", path) for path in report.added),
            *(Event("replaced", path) for path in report.replaced),
            *(Event("failed", failure.path, failure.reason) for failure in report.failed),
        ]

    def _remove(self, paths: list[str]) -> list[Event]:
        if not paths:
            return []
        names = {printable(path) for path in paths}
        gone = [
            document
            for document in self._library.documents()
            if not names.isdisjoint((document.path, *map(str, Path(document.path).parents)))
        ]
        self._library.remove_all([document.id for document in gone])
        for path in paths:
            del self._files[path]
        if gone:  # a copy that was skipped because of a file that is gone is wanted now
            for path in self._duplicates & self._files.keys():
                self._files[path].done = False
        return [Event("removed", document.path) for document in gone]


def _signatures(folders: Sequence[Path]) -> dict[str, _Signature]:
    found: dict[str, _Signature] = {}
    for path in discover(folders):
        try:
            status = path.stat()
        except OSError:
            continue  # gone between the two looks
        found[str(path)] = (status.st_size, status.st_mtime_ns, status.st_ino)
    return found
