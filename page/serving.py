"""What serving the page needs before there is a page: its language, its users, its address."""

from __future__ import annotations

import ctypes
import hmac
import os
import platform
import re
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rag.errors import InputError

COOKIE = "yinju-language"
FIRST_PORT, LAST_PORT = 7860, 7959
DEFAULT_LANGUAGE = "en"


_ARENA_MAX = -8  # M_ARENA_MAX of mallopt(3)


def share_arenas(most: int = 2) -> None:
    """Have the threads of this process share ``most`` pools of memory, where the C library is glibc.

    It gives up to eight a core to threads and keeps in each what was once needed: with eight users at once the page
    took 200 MiB more, and more with every minute.
    """
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).mallopt(_ARENA_MAX, most)


def preferred(headers: Mapping[str, str], languages: Mapping[str, Any]) -> str:
    """Return which of ``languages`` a request asks for.

    >>> preferred({"accept-language": "fr, zh-CN;q=0.8, en;q=0.5"}, {"zh": 1, "en": 2})
    'zh'
    """
    chosen = re.search(rf"(?:^|;\s*){COOKIE}=(\w+)", headers.get("cookie", ""))
    if chosen and chosen[1] in languages:
        return chosen[1]
    ranked = []
    for place, part in enumerate(headers.get("accept-language", "").split(",")):
        name, _, quality = part.strip().partition(";q=")
        try:
            ranked.append((-float(quality or 1), place, name.strip().lower().split("-")[0]))
        except ValueError:
            continue
    return next((name for _, _, name in sorted(ranked) if name in languages), DEFAULT_LANGUAGE)


def users(path: str) -> Callable[[str, str], bool]:
    """Return a check of name and password against a file with a ``NAME:PASSWORD`` on each line.

    Raises:
        InputError: the file cannot be read or names nobody.
    """
    try:
        lines = Path(path).expanduser().read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the users cannot be read ({error}).") from error
    known = dict(line.strip().split(":", 1) for line in lines if ":" in line and not line.startswith("#"))
    if not known:
        raise InputError(f"{path}: no users in it. Write one NAME:PASSWORD on each line.")

    def allowed(name: str, password: str) -> bool:
        right = known.get(name)
        given = hmac.compare_digest(password.encode(), (right or "").encode())
        return given and bool(right)

    return allowed


def listen(host: str, port: int | None) -> socket.socket:
    """Return a listening socket: from here on a browser waits instead of being refused.

    Raises:
        InputError: the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in [port] if port is not None else range(FIRST_PORT, LAST_PORT + 1):
        made = socket.socket(family, socket.SOCK_STREAM)
        if os.name == "posix":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((host, number))
        except (OSError, OverflowError) as error:
            made.close()
            if port is not None or not isinstance(error, OSError):
                raise InputError(f"{host}:{number} cannot be listened on ({error}). Choose another --port.") from error
            continue
        made.listen(128)
        return made
    raise InputError(f"No free port from {FIRST_PORT} to {LAST_PORT} on {host}. Name one with --port.")


def address(bound: socket.socket) -> str:
    """Return the URL under which this machine's browser reaches a listening socket."""
    host, port = bound.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
