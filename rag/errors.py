"""Every error Yinju raises on purpose.

    YinjuError
    ├── InputError          the user's file, question or setting is at fault (exit code 1)
    │   ├── LoadError       one file cannot be read; the rest of the batch goes on
    │   ├── LibraryError    the library folder cannot be used as asked
    │   └── SettingsError   a setting names something that does not exist
    ├── MissingExtraError   an optional package is needed; the message gives the install command
    └── InternalError       our fault (exit code 3)

A message says what happened, to which file, and what to do next. This module imports the standard
library only.
"""


class YinjuError(Exception):
    """Base of all errors raised on purpose."""


class InputError(YinjuError):
    """What the user gave cannot be used as it is."""


class LoadError(InputError):
    """One file cannot be read as a document."""


class LibraryError(InputError):
    """The library folder cannot be opened or used as asked."""


class SettingsError(InputError):
    """A setting has a value that cannot be used."""


class MissingExtraError(YinjuError):
    """An optional package is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        self.what, self.extra = what, extra
        super().__init__(f"{what} needs an optional package. Install it with: pip install 'yinju[{extra}]'")


class InternalError(YinjuError):
    """A promise of our own was broken; please report it."""
