"""Find files and read each one as a raw document.

One table, ``LOADERS``, names the function for each file suffix; a new format is one entry. Knows nothing
of articles or of the library.
"""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rag.errors import InputError, LoadError, YinjuError
from rag.loading import ocr
from rag.loading.archive import members
from rag.loading.markup import load_docx, load_epub, load_html
from rag.loading.pdf import load_image, load_pdf
from rag.loading.pdf import seconds as seconds_for_scans
from rag.loading.text import load_text
from rag.records import RawDocument

Loader = Callable[[Path, bytes], RawDocument]

LOADERS: dict[str, Loader] = {
    ".txt": load_text,
    ".text": load_text,
    ".md": load_text,
    ".markdown": load_text,
    ".pdf": load_pdf,
    ".html": load_html,
    ".htm": load_html,
    ".xhtml": load_html,
    ".docx": load_docx,
    ".epub": load_epub,
    ".png": load_image,
    ".jpg": load_image,
    ".jpeg": load_image,
    ".tif": load_image,
    ".tiff": load_image,
    ".bmp": load_image,
    ".webp": load_image,
}

ARCHIVE = ".zip"
MAX_FILE_BYTES = 512 * 1024 * 1024
_MAX_TITLE = 300
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def discover(paths: Sequence[str | os.PathLike[str]]) -> Iterator[Path]:
    """Yield the files under ``paths`` once, folders walked in name order, hidden ones and links left out.

    A file named directly is always yielded; inside a folder only ordinary files of supported types are.

    Raises:
        InputError: a path does not exist.
    """
    roots = list(dict.fromkeys(Path(given) for given in paths))
    trees = [path for path in roots if path.is_dir()]
    for path in roots:
        if any(_covers(tree, path) for tree in trees if tree != path):
            continue
        if path.is_dir():
            for folder, folders, files in os.walk(path):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(files):
                    file = Path(folder) / name
                    if not name.startswith(".") and _supported(file) and not file.is_symlink() and file.is_file():
                        yield file
        elif _exists(path):
            yield path
        else:
            raise InputError(f"{path}: no such file or folder. Check the path and add it again.")


def left_out(folders: Sequence[str | os.PathLike[str]]) -> Counter[str]:
    """Count the files under ``folders`` that ``discover`` leaves out for their type, by suffix ("" for none)."""
    found: Counter[str] = Counter()
    for given in folders:
        for _, inner, files in os.walk(given):
            inner[:] = [name for name in inner if not name.startswith(".")]
            found.update(
                Path(name).suffix.lower()[:12] for name in files if name[:1] != "." and not _supported(Path(name))
            )
    return found


def documents_in(path: Path) -> Iterator[tuple[Path, bytes | LoadError]]:
    """Yield (path, bytes) of the file at ``path``, or of each document in it when it is a zip archive.

    A member of an archive that cannot be read comes with the reason in place of its bytes.

    Raises:
        LoadError: the file cannot be read, or the archive is damaged or over a limit.
    """
    data = read_bytes(path)
    if path.suffix.lower() == ARCHIVE:
        yield from members(path, data, frozenset(suffix for suffix in LOADERS if _readable(suffix)))
    else:
        yield path, data


def load(path: Path, data: bytes) -> RawDocument:
    """Read the bytes of the file at ``path`` as a raw document.

    Raises:
        LoadError: the file is empty, too large, binary or of a type that is not supported.
    """
    if not data:
        raise LoadError(f"{path}: the file is empty; nothing to add.")
    loader = LOADERS.get(path.suffix.lower())
    if loader is None:
        known = " ".join(sorted([*LOADERS, ARCHIVE]))
        raise LoadError(f"{path}: files of type “{path.suffix or 'none'}” cannot be read. Supported: {known}")
    try:
        document = loader(path, data)
    except YinjuError:
        raise
    except Exception as error:  # the parsers of foreign formats raise whatever a damaged file leads them to
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise LoadError(f"{path}: damaged, or not what its name says ({reason}).") from error
    if not document.text.strip():
        raise LoadError(f"{path}: there is no text in the file; nothing to add.")
    title = " ".join(document.title.split())[:_MAX_TITLE]
    return replace(document, text=storable(document.text), title=storable(title))


def storable(text: str) -> str:
    """Return ``text`` with lone surrogates, which no database and no encoding takes, as U+FFFD; same length."""
    return _SURROGATES.sub("\ufffd", text)


def read_bytes(path: Path) -> bytes:
    """Return the file's bytes.

    Raises:
        LoadError: the file cannot be opened, is no ordinary file, or is larger than ``MAX_FILE_BYTES``.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise LoadError(f"{path}: not an ordinary file; nothing to add.")
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1) if found.st_size <= MAX_FILE_BYTES else b""
    except (OSError, ValueError) as error:
        raise LoadError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error}).") from error
    size = max(found.st_size, len(data))
    if size > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES >> 20
        raise LoadError(f"{path}: {size >> 20} MiB is over the limit of {limit} MiB. Split the file.")
    return data


def printable(value: object) -> str:
    """Return a path or message as text that can be stored and shown on one line; odd characters escaped."""
    text = str(value).encode("utf-8", "backslashreplace").decode()
    return _UNPRINTABLE.sub(lambda match: repr(match.group())[1:-1], text)


def _covers(folder: Path, path: Path) -> bool:
    """Tell whether walking ``folder`` comes by ``path``."""
    try:
        inner = path.absolute().relative_to(folder.absolute())
    except ValueError:
        return False
    plain = not any(part.startswith(".") for part in inner.parts) and (path.is_dir() or _supported(path))
    return plain and path.resolve() == folder.resolve() / inner


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long, or with a NUL
        return False


def seconds_for(path: Path) -> int | None:
    """How many seconds reading a file of this type may take, None for types that are read at once."""
    return seconds_for_scans() if LOADERS.get(path.suffix.lower()) in (load_pdf, load_image) else None


def _supported(path: Path) -> bool:
    return _readable(path.suffix.lower())


def _readable(suffix: str) -> bool:
    """Pictures in a folder are documents only where text can be recognised; most are no pages at all."""
    return suffix == ARCHIVE or (suffix in LOADERS and (LOADERS[suffix] is not load_image or ocr.installed()))
