"""Zip archives of documents: each member is a document of its own, at ``archive.zip/member``.

Members are read in memory and never written anywhere, so a member's name can trick nobody. Limits on
count, size and compression ratio stop archives that are made to fill a machine.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from rag.errors import LoadError

MAX_MEMBERS = 20_000
MAX_TOTAL_BYTES = 2 << 30
MAX_RATIO = 200


def members(path: Path, data: bytes, suffixes: frozenset[str]) -> Iterator[tuple[Path, bytes | LoadError]]:
    """Yield (path, bytes) of each member with one of ``suffixes``, or the reason why it cannot be read.

    Raises:
        LoadError: no zip, encrypted, or over a limit; nothing of it is read then.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise LoadError(f"{path}: damaged, or not a zip archive.") from error
    with archive:
        wanted = [m for m in archive.infolist() if not m.is_dir() and _suffix(m) in suffixes and not _hidden(m)]
        _check(path, wanted)
        for member in sorted(wanted, key=lambda m: m.filename):
            place = path / _safe(member.filename)
            try:
                yield place, archive.read(member)
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
                yield place, LoadError(f"{place}: cannot be unpacked ({error}).")


def _check(path: Path, wanted: list[zipfile.ZipInfo]) -> None:
    total = sum(member.file_size for member in wanted)
    packed = sum(member.compress_size for member in wanted)
    if len(wanted) > MAX_MEMBERS:
        raise LoadError(f"{path}: {len(wanted)} files, over the limit of {MAX_MEMBERS}. Split the archive.")
    if total > MAX_TOTAL_BYTES:
        raise LoadError(f"{path}: unpacks to {total >> 20} MiB, over the limit of {MAX_TOTAL_BYTES >> 20} MiB.")
    if total > (1 << 20) and total > MAX_RATIO * max(packed, 1):
        raise LoadError(f"{path}: unpacks to more than {MAX_RATIO} times its size, as archives made for harm do.")
    if any(member.flag_bits & 1 for member in wanted):
        raise LoadError(f"{path}: encrypted; unpack it and add the files.")


def _suffix(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename).suffix.lower()


def _hidden(member: zipfile.ZipInfo) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in _safe(member.filename).split("/"))


def _safe(name: str) -> str:
    """Return a member's name without anything that leads out of the archive."""
    parts = [
        part for part in PurePosixPath(name.replace("\\", "/").replace("\x00", "")).parts if part not in ("/", "..")
    ]
    return "/".join(parts) or "unnamed"
