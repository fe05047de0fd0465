"""Chinese words with their parts of speech, by jieba, loaded once per process and without a sound.

jieba's own start-up prints, warns on new Pythons, and trusts a marshalled cache in the shared temporary
folder; here its dictionary is read from the package instead. Every caller shares one dictionary.
Knows nothing of questions, documents or models.
"""

from __future__ import annotations

import logging
import threading
import warnings
from functools import lru_cache
from typing import Any

_LOADING = threading.Lock()


def tagged(text: str) -> list[tuple[str, str]]:
    """Return the words of ``text`` with jieba's part-of-speech flags (ICTCLAS), in order, none left out.

    >>> tagged("去年呢")
    [('去年', 't'), ('呢', 'y')]
    """
    return [(pair.word, pair.flag) for pair in _tagger().cut(text)]


@lru_cache(maxsize=1)
def _tagger() -> Any:
    """Return jieba's shared tagger (about two seconds on first use)."""
    with _LOADING:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in its patterns, pkg_resources
            import jieba
            import jieba.posseg
        jieba.setLogLevel(logging.WARNING)
        if not jieba.dt.initialized:
            jieba.dt.FREQ, jieba.dt.total = jieba.dt.gen_pfdict(jieba.dt.get_dict_file())
            jieba.dt.initialized = True
        return jieba.posseg.dt
