"""Words to search by: Chinese as overlapping pairs, so that two-character words are found; latin words by their beginnings."""

import re
from collections.abc import Iterator

_CJK = r"\u3400-\u9fff\uf900-\ufaff"
_RUNS = re.compile(rf"([{_CJK}]+)|([0-9a-z]+(?:[./-][0-9a-z]+)*)", re.IGNORECASE)
# Beginnings of latin words are stored from two characters up to this many; longer queries are cut to it.
LONGEST_PREFIX = 16


def words(*texts: str) -> list[str]:
    """What texts are indexed under, each word once."""
    return list(dict.fromkeys(word for chinese, latin in _runs(*texts) for word in _stored(chinese, latin)))


def wanted(text: str) -> list[str]:
    """The words that a match must all have; empty when the text holds nothing to search for."""
    return list(dict.fromkeys(word for chinese, latin in _runs(text) for word in _asked(chinese, latin)))


def _runs(*texts: str) -> Iterator[tuple[str, str]]:
    for text in texts:
        yield from _RUNS.findall(text.lower())


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _stored(chinese: str, latin: str) -> Iterator[str]:
    yield from _pairs(chinese)
    yield from chinese
    parts = re.split(r"[./-]", latin)
    for word in [latin, *parts] if latin else []:
        yield from (word[:length] for length in range(1, min(len(word), LONGEST_PREFIX) + 1))


def _asked(chinese: str, latin: str) -> list[str]:
    return [latin[:LONGEST_PREFIX]] if latin else _pairs(chinese) or [chinese]
