"""Loads the models behind the page, so that the page is there at once. Says what is going on."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from page.texts import Texts
from rag.errors import YinjuError
from rag.library import Library

_log = logging.getLogger("yinju.page")


class Warming:
    """What is being prepared. ``start`` works in a thread of its own."""

    def __init__(self) -> None:
        self._state = "ready"
        self._detail = ""
        self._documents = threading.Event()
        self._documents.set()

    @property
    def done(self) -> bool:
        """Whether nothing more will change."""
        return self._state in {"ready", "failed"}

    @property
    def ready(self) -> bool:
        """Whether the models are there."""
        return self._state == "ready"

    def documents_there(self) -> None:
        """Wait until the sample pages are added, when they are being added: a question must not come too early."""
        self._documents.wait()

    def start(self, library: Library, *, samples: bool, served: Callable[[], bool] = lambda: True) -> None:
        """Add the sample pages to an empty library when asked to, then load the reader.

        Begins when ``served`` says that the page is: imports take turns, and the page comes first.
        """
        self._state = "samples" if samples and not len(library) else "models"
        if self._state == "samples":
            self._documents.clear()
        threading.Thread(target=self._run, args=(library, served), name="yinju-warming", daemon=True).start()

    def words(self, texts: Texts) -> tuple[str, str]:
        """Return (state for the style sheet, what to say)."""
        return {
            "ready": ("good", texts.ready),
            "samples": ("busy", texts.adding_samples),
            "models": ("busy", texts.warming),
            "failed": ("bad", texts.models_failed.format(self._detail)),
        }[self._state]

    def _run(self, library: Library, served: Callable[[], bool]) -> None:
        try:
            while not served():
                time.sleep(0.05)
            if self._state == "samples":
                from samples import pages_folder

                library.add(pages_folder())
                self._state = "models"
                self._documents.set()
            library.reader()
            if len(library):
                library.answer("引据")  # the first answer loads the dictionaries and takes seconds
            self._state = "ready"
        except Exception as error:
            if not isinstance(error, YinjuError):
                _log.exception("warming up failed")
            self._detail = str(error)
            self._state = "failed"
            self._documents.set()
