"""Zip archives of documents: each member is a document of its own, at ``archive.zip/member``.

Members are read in memory and never written anywhere, so a member's name can trick nobody. Limits on
count, size and compression ratio stop archives that are made to fill a machine.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from rag.errors import LoadError

MAX_MEMBERS = 20_000
MAX_TOTAL_BYTES = 2 << 30
MAX_MEMBER_BYTES = 512 << 20
MAX_RATIO = 200


def members(path: Path, data: bytes, suffixes: frozenset[str]) -> Iterator[tuple[Path, bytes | LoadError]]:
    """Yield (path, bytes) of each member with one of ``suffixes``, or the reason why it cannot be read.

    A member over a limit, encrypted or damaged loses no other one. Names are those the archive shows, those
    of old Chinese archives read as GB 18030; a name that another member has already got a number.

    Raises:
        LoadError: no zip, or all of it together is over a limit; nothing of it is read then.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise LoadError(f"{path}: damaged, or not a zip archive.") from error
    with archive:
        named = [(_safe(_name(member)), member) for member in archive.infolist() if not member.is_dir()]
        wanted = [
            (name, member)
            for name, member in named
            if PurePosixPath(name).suffix.lower() in suffixes and not _hidden(name)
        ]
        refused = {id(member): reason for _, member in wanted if (reason := _refusal(member))}
        _check(path, [member for _, member in wanted if id(member) not in refused], len(wanted))
        taken: set[str] = set()
        for name, member in sorted(wanted, key=lambda pair: pair[0]):
            place = path / _unique(name, taken)
            if id(member) in refused:
                yield place, LoadError(f"{place}: {refused[id(member)]}")
                continue
            try:
                yield place, archive.read(member)
            except (
                zipfile.BadZipFile,
                zlib.error,
                NotImplementedError,
                RuntimeError,
                OSError,
                EOFError,
                ValueError,
            ) as e:
                yield place, LoadError(f"{place}: cannot be unpacked ({e}).")


def _refusal(member: zipfile.ZipInfo) -> str | None:
    """Why a member is not unpacked, or None."""
    if member.flag_bits & 1:
        return "encrypted; unpack the archive and add the files."
    if member.file_size > MAX_MEMBER_BYTES:
        return f"unpacks to {member.file_size >> 20} MiB, over the limit of {MAX_MEMBER_BYTES >> 20} MiB."
    if member.file_size > (1 << 20) and member.file_size > MAX_RATIO * max(member.compress_size, 1):
        return f"unpacks to more than {MAX_RATIO} times its size, as archives made for harm do."
    return None


def _check(path: Path, wanted: list[zipfile.ZipInfo], count: int) -> None:
    total = sum(member.file_size for member in wanted)
    if count > MAX_MEMBERS:
        raise LoadError(f"{path}: {count} files, over the limit of {MAX_MEMBERS}. Split the archive.")
    if total > MAX_TOTAL_BYTES:
        raise LoadError(f"{path}: unpacks to {total >> 20} MiB, over the limit of {MAX_TOTAL_BYTES >> 20} MiB.")


def _name(member: zipfile.ZipInfo) -> str:
    """Return the member's name; zipfile reads one without the UTF-8 flag as code page 437, whatever it was."""
    name = member.orig_filename
    if member.flag_bits & 0x800 or name.isascii():
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return name


def _unique(name: str, taken: set[str]) -> str:
    """Return ``name``, numbered when it is taken, and note it as taken."""
    path = PurePosixPath(name)
    chosen, number = name, 1
    while chosen in taken:
        number += 1
        chosen = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
    taken.add(chosen)
    return chosen


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def _safe(name: str) -> str:
    """Return a member's name without anything that leads out of the archive."""
    parts = [
        part
        for part in PurePosixPath(name.replace("\\", "/").replace("\x00", "")).parts
        if part not in ("/", "//", "..")
    ]
    return "/".join(parts) or "unnamed"
