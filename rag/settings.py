"""What a user may set, with the values that were measured best as defaults.

Kept as ``settings.json`` in the library folder when it differs from the defaults. A setting that does
not exist or has an unusable value is an error, never ignored.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from rag.errors import SettingsError

BUILTIN = "builtin"


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one library.

    Attributes:
        encoder: ``builtin``, a folder in sentence-transformers format, or a hub name.
        encoder_dimension: how many numbers of its vectors are kept; None keeps all.
        encoder_length: how many tokens of a text it reads; None is as the model says.
        query_prompt, passage_prompt: what is put before a query and a passage; None is as the model says.
        reader: ``builtin``, a folder in transformers format, or a hub name of a seq2seq model.
        passages: how many hits are read for an answer.
        sentences: how many of their sentences the reader sees.
        threshold: confidence under which the answer is an abstention; None takes the reader's own,
            fitted when it was trained.
        dense_weight: weight of the dense list in the fused score, 0 to 1.
        depth: how many passages of each list are fused.
        passage_characters: how long a passage is, about, in documents added from now on.
    """

    encoder: str = BUILTIN
    reader: str = BUILTIN
    passages: int = 8
    sentences: int = 16
    threshold: float | None = None
    dense_weight: float = 0.2
    depth: int = 100
    passage_characters: int = 320
    encoder_dimension: int | None = None
    encoder_length: int | None = None
    query_prompt: str | None = None
    passage_prompt: str | None = None

    def __post_init__(self) -> None:
        for name, low, high in _RANGES:
            value = getattr(self, name)
            if value is not None and not (
                isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
            ):
                raise SettingsError(f"Setting {name} = {value!r} cannot be used; it goes from {low} to {high}.")
        for name in ("encoder_dimension", "encoder_length"):
            if isinstance(value := getattr(self, name), float):
                raise SettingsError(f"Setting {name} = {value!r} cannot be used; it is a whole number.")
        for name in ("query_prompt", "passage_prompt"):
            if not isinstance(value := getattr(self, name), str | None):
                raise SettingsError(f"Setting {name} = {value!r} cannot be used; it is a text or null.")

    @classmethod
    def load(cls, path: Path) -> Settings:
        """Return the settings in ``path``, the defaults when there is no such file.

        Raises:
            SettingsError: the file is not JSON, or holds a setting or value that cannot be used.
        """
        try:
            values = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError) as error:
            raise SettingsError(f"{path}: not readable as settings ({error}). Mend it or delete it.") from error
        return cls().changed(**values) if isinstance(values, dict) else _not_settings(path)

    def changed(self, **values: Any) -> Settings:
        """Return these settings with some values changed.

        Raises:
            SettingsError: a name does not exist or a value cannot be used.
        """
        known = {field.name for field in fields(self)}
        if unknown := sorted(set(values) - known):
            raise SettingsError(f"No setting {unknown[0]!r}. There are: {', '.join(sorted(known))}")
        return replace(self, **values)

    def save(self, path: Path) -> None:
        """Write the settings to ``path`` in one step."""
        temporary = path.with_suffix(".tmp")
        temporary.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", "utf-8")
        temporary.replace(path)


_RANGES: tuple[tuple[str, float, float], ...] = (
    ("passages", 1, 100),
    ("sentences", 1, 200),
    ("threshold", 0.0, 1.0),
    ("dense_weight", 0.0, 1.0),
    ("depth", 1, 10_000),
    ("passage_characters", 80, 4_000),
    ("encoder_dimension", 8, 16_384),
    ("encoder_length", 8, 1_000_000),
)


def _not_settings(path: Path) -> Settings:
    raise SettingsError(f'{path}: settings are one JSON object, such as {{"passages": 8}}.')
