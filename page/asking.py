"""Questions being answered: one at a time in each browser tab, each stopped at once when the reader says so.

Knows nothing of the library or of Gradio: a tab is a name, an answer is what an iterator gives.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 4  # questions being answered at the same time
WAITING = 16  # questions that may be waited for at the same time, each in a thread of the server; more queue up
TWICE = 1.0  # seconds within which the same question again is the same key pressed twice
_TABS = 1000  # remembered; the one longest idle is forgotten first


class Asked:
    """One question being answered."""

    def __init__(self, what: str = "", turns: threading.Semaphore | None = None) -> None:
        """Note that ``what`` is asked now; it is worked on when ``turns`` has room for it."""
        self.what = what
        self._turns = turns or threading.Semaphore()
        self.began = time.monotonic()
        self.running = True
        self.stopped = False
        self.dropped = False  # nothing of it is to be shown any more
        self._found: queue.SimpleQueue[tuple[object, BaseException | None, bool]] = queue.SimpleQueue()

    def steps(self, found: Iterator[T]) -> Iterator[T]:
        """Yield what ``found`` gives, as it is worked out in a thread of its own; end at once when stopped.

        Raises:
            Exception: what ``found`` raised.
        """

        def work() -> None:
            error: BaseException | None = None
            try:
                with self._turns:
                    if self.stopped:
                        return
                    for item in found:
                        self._found.put((item, None, False))
                        if self.stopped:
                            return
            except BaseException as raised:
                error = raised
            self._found.put((None, error, True))

        threading.Thread(target=work, name="yinju-answer", daemon=True).start()
        while True:
            item, error, last = self._found.get()
            if self.stopped:
                return
            if error is not None:
                raise error
            if last:
                return
            yield item  # type: ignore[misc]

    def stop(self, *, silently: bool = False) -> None:
        """End the steps now; ``silently`` when nothing is to be said about it either."""
        self.running = False
        self.stopped = True
        self.dropped = self.dropped or silently
        self._found.put((None, None, True))

    def end(self) -> None:
        """Note that the answer is there, or will never be: the next question may begin."""
        self.running = False


class Asking:
    """The questions of all tabs."""

    def __init__(self) -> None:
        self._last: dict[str, Asked] = {}
        self._turns = threading.Semaphore(AT_ONCE)
        self._lock = threading.Lock()

    def begin(self, tab: str, what: str) -> Asked | None:
        """Begin to answer ``what``; None while another question of the tab is answered, or when it is sent twice."""
        with self._lock:
            last = self._last.pop(tab, None)
            if last is not None:
                ended = last.stopped or last.dropped  # then it may be asked again at once
                again = last.what == what and not ended and time.monotonic() - last.began < TWICE
                if last.running or again:
                    self._last[tab] = last
                    return None
                last.dropped = True  # its last words would come too late
            asked = self._last[tab] = Asked(what, self._turns)
            while len(self._last) > _TABS:
                del self._last[next(iter(self._last))]
            return asked

    def stop(self, tab: str, *, silently: bool = False) -> bool:
        """Stop the question being answered in a tab; tell whether there was one."""
        with self._lock:
            last = self._last.get(tab)
            if last is None:
                return False
            running = last.running
            if running:
                last.stop(silently=silently)
            elif silently:
                last.dropped = True
            return running
