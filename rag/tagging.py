"""Chinese words with their parts of speech, by jieba, loaded once per process and without a sound.

jieba's own start-up prints, warns on new Pythons, and trusts a marshalled cache in the shared temporary
folder; here its dictionary is read from the package instead. Every caller shares one dictionary.
Knows nothing of questions, documents or models.
"""

from __future__ import annotations

import io
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
    """Return jieba's shared tagger (about a second on first use)."""
    with _LOADING, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes in its patterns, pkg_resources
        import jieba

        jieba.setLogLevel(logging.WARNING)
        dictionary = jieba.dt.get_dict_file().read().decode("utf-8")
        frequencies, tags = _parsed(dictionary)
        jieba.dt.FREQ, jieba.dt.total, jieba.dt.initialized = frequencies, sum(frequencies.values()), True
        jieba.dt.get_dict_file = lambda: io.BytesIO()  # the tagger would read the dictionary a second time
        try:
            import jieba.posseg
        finally:
            del jieba.dt.get_dict_file
        jieba.posseg.dt.word_tag_tab = tags
        return jieba.posseg.dt


def _parsed(dictionary: str) -> tuple[dict[str, int], dict[str, str]]:
    """Return the frequency of every word and 0 for every beginning of one, and the words' tags, as jieba keeps them.

    >>> _parsed("北京 34488 ns")
    ({'北京': 34488, '北': 0}, {'北京': 'ns'})
    """
    rows = [line.split(" ") for line in dictionary.splitlines()]
    frequencies = {row[0]: int(row[1]) for row in rows}
    beginnings = {row[0][:size] for row in rows for size in range(1, len(row[0]))}
    frequencies.update(dict.fromkeys(beginnings - frequencies.keys(), 0))
    return frequencies, {row[0]: row[2] for row in rows if len(row) > 2}
