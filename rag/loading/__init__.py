"""Find files and read each one as a raw document.

One table, ``LOADERS``, names the function for each file suffix; a new format is one entry. Knows nothing
of articles or of the library.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rag.errors import InputError, LoadError
from rag.loading.archive import members
from rag.loading.markup import load_docx, load_epub, load_html
from rag.loading.pdf import load_pdf
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
}

ARCHIVE = ".zip"
MAX_FILE_BYTES = 512 * 1024 * 1024


def discover(paths: Sequence[str | os.PathLike[str]]) -> Iterator[Path]:
    """Yield the files under ``paths``, folders walked in name order, hidden ones and links left out.

    A file named directly is always yielded; inside a folder only supported types and files without a
    suffix are.

    Raises:
        InputError: a path does not exist.
    """
    for given in paths:
        path = Path(given)
        if path.is_dir():
            for folder, folders, files in os.walk(path):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(files):
                    file = Path(folder) / name
                    if not name.startswith(".") and _supported(file) and not file.is_symlink():
                        yield file
        elif path.exists():
            yield path
        else:
            raise InputError(f"{path}: no such file or folder. Check the path and add it again.")


def documents_in(path: Path) -> Iterator[tuple[Path, bytes | LoadError]]:
    """Yield (path, bytes) of the file at ``path``, or of each document in it when it is a zip archive.

    A member of an archive that cannot be read comes with the reason in place of its bytes.

    Raises:
        LoadError: the file cannot be read, or the archive is damaged or over a limit.
    """
    data = read_bytes(path)
    if path.suffix.lower() == ARCHIVE:
        yield from members(path, data, frozenset(LOADERS))
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
    document = loader(path, data)
    if not document.text.strip():
        raise LoadError(f"{path}: there is no text in the file; nothing to add.")
    return document


def read_bytes(path: Path) -> bytes:
    """Return the file's bytes.

    Raises:
        LoadError: the file cannot be opened or is larger than ``MAX_FILE_BYTES``.
    """
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES >> 20
            raise LoadError(f"{path}: {size >> 20} MiB is over the limit of {limit} MiB. Split the file.")
        return path.read_bytes()
    except OSError as error:
        raise LoadError(f"{path}: cannot be read ({error.strerror or error}).") from error


def _supported(path: Path) -> bool:
    return path.suffix.lower() in LOADERS or path.suffix.lower() == ARCHIVE
