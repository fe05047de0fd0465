"""Processes that prepare documents side by side, each under a limit on time and memory.

A file that makes its process crash or run out of time is reported as such; the process is replaced and the
other files go on. Nothing of the parent's program is run again in the children, so a script needs no
``if __name__ == "__main__"``. Knows nothing of the library.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from rag.errors import LoadError
from rag.loading import seconds_for
from rag.preparing import Prepared, answer_of, prepare, receive, send
from rag.splitting import PASSAGE_CHARACTERS

SECONDS = 300  # for one document
MEBIBYTES = 4096
COMMAND = (sys.executable, "-m", "rag.preparing")


class Workers:
    """``count`` processes, started when there is work for them; none at all for 0."""

    def __init__(self, count: int, longest: int = PASSAGE_CHARACTERS) -> None:
        self.count = count
        self._longest = longest  # characters of a passage
        self._threads = ThreadPoolExecutor(max(1, count), "yinju-prepare") if count else None
        self._own = threading.local()
        self._running: set[_Process] = set()
        self._closed = False

    def submit(self, path: Path, data: bytes, identifier: str) -> Future[Prepared]:
        """Prepare a document; see ``preparing.prepare`` for what the future holds or raises."""
        if self._threads is not None:
            return self._threads.submit(self._prepare, path, data, identifier)
        future: Future[Prepared] = Future()
        try:
            future.set_result(prepare(path, data, identifier, self._longest))
        except Exception as error:
            future.set_exception(error)
        return future

    def __enter__(self) -> Workers:
        """Use in a ``with`` statement: all processes have ended after it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        for process in list(self._running):
            process.stop()
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)

    def _prepare(self, path: Path, data: bytes, identifier: str) -> Prepared:
        if self._closed:
            raise LoadError(f"{path}: stopped before it was read.")
        process: _Process | None = getattr(self._own, "process", None)
        if process is None or not process.alive:
            process = self._own.process = _Process()
            self._running.add(process)
        try:
            return process.prepare(path, data, identifier, self._longest)
        finally:
            if not process.alive:
                self._running.discard(process)


class _Process:
    """One child process, used by one thread."""

    def __init__(self) -> None:
        root = str(Path(__file__).resolve().parent.parent)
        paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
        self.alive = True
        self._ready = False
        self._process = subprocess.Popen(
            [*COMMAND, str(MEBIBYTES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("YINJU_DEBUG") else subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"},
        )

    def prepare(self, path: Path, data: bytes, identifier: str, longest: int) -> Prepared:
        assert self._process.stdin is not None and self._process.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.kill()

        try:
            if not self._ready:  # loading the code does not count against the file
                self._ready = receive(self._process.stdout) is not None
        except (OSError, ValueError):
            self._ready = False
        own = seconds_for(path)  # a PDF is read in a process of its own that has its own limit
        seconds = SECONDS if own is None else max(SECONDS, own + 60)
        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            send(self._process.stdin, [str(path), identifier, longest], data)
            answer = receive(self._process.stdout)
        except (OSError, ValueError):  # the pipe broke, or was closed by stop()
            answer = None
        finally:
            timer.cancel()
        if answer is not None:
            return answer_of(*answer, identifier)
        self.stop()
        if late.is_set():
            raise LoadError(f"{path}: took longer than {seconds} seconds to read; split the file.")
        raise LoadError(
            f"{path}: ended the process that read it (it is damaged, made to do harm, or needs more than "
            f"{MEBIBYTES} MiB)."
        )

    def stop(self) -> None:
        self.alive = False
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
