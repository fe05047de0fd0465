"""The files of Gradio's page, served without Gradio: a browser can fetch them while Gradio is still being imported.

Their names carry a hash of what is in them, so a browser may keep them for good. ``frontend.txt`` names those that our
page uses (``python -m benchmarks.opening --names`` writes it); the opening page fetches them ahead. Where another
version of Gradio has other names, they are fetched when they are needed.
"""

from __future__ import annotations

from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

PREFIX = "/assets/"
NAMES = Path(__file__).parent / "frontend.txt"
_KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


class Frontend:
    """The files in the folder ``assets`` of the installed Gradio."""

    @cached_property
    def _files(self) -> dict[str, Path]:
        spec = find_spec("gradio")
        places = [] if spec is None else spec.submodule_search_locations or []
        folders = [Path(place, "templates", "frontend", "assets") for place in places]
        return {file.name: file for folder in folders if folder.is_dir() for file in folder.iterdir()}

    def read(self, path: str) -> tuple[str, bytes] | None:
        """Return the media type and the bytes of ``/assets/NAME``; None where there is no such file."""
        file = self._files.get(path.removeprefix(PREFIX))
        if file is None or file.suffix not in _KINDS:
            return None
        return _KINDS[file.suffix], file.read_bytes()

    @cached_property
    def ahead(self) -> list[str]:
        """The names of those that our page uses."""
        return [name for name in NAMES.read_text("utf-8").split() if name in self._files]
