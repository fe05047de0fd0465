"""A small corpus written for Yinju: newspaper pages of papers that do not exist, with the truth beside them.

It says where the files are and nothing more; what is in them is told in ``README.md``. Knows nothing of
loading, of articles as the product restores them, or of the evaluation.
"""

from pathlib import Path

__all__ = ["articles_folder", "pages_folder"]


def pages_folder() -> Path:
    """The folder with the damaged pages (``NAME.txt``) and their truth (``NAME.truth.json``)."""
    return Path(__file__).resolve().parent / "pages"


def articles_folder() -> Path:
    """The folder with the clean articles, one ``ID.json`` each."""
    return Path(__file__).resolve().parent / "articles"
