"""Words to search by: Chinese as overlapping pairs, so that two-character words are found; everything else as lower-case tokens."""

import re

_CJK = r"\u3400-\u9fff\uf900-\ufaff"
_RUNS = re.compile(rf"([{_CJK}]+)|([0-9a-z]+(?:[.\-/][0-9a-z]+)*)", re.IGNORECASE)


def tokens(text: str) -> list[str]:
    """What a text is indexed under, each token once."""
    found: dict[str, None] = {}
    for chinese, latin in _RUNS.findall(text.lower()):
        for token in _pairs(chinese) if chinese else _parts(latin):
            found[token] = None
    return list(found)


def _pairs(run: str) -> list[str]:
    """Overlapping pairs and each character, so that one typed character also finds something."""
    return [run[i : i + 2] for i in range(len(run) - 1)] + list(run)


def _parts(word: str) -> list[str]:
    """A word such as `m8-20` whole and in its parts."""
    parts = re.split(r"[.\-/]", word)
    return [word, *parts] if len(parts) > 1 else [word]


def query(text: str) -> str:
    """A PostgreSQL tsquery that needs every pair and the beginning of every latin word; empty when nothing can be searched."""
    terms: dict[str, None] = {}
    for chinese, latin in _RUNS.findall(text.lower()):
        for term in _wanted(chinese) if chinese else [f"'{latin}':*"]:
            terms[term] = None
    return " & ".join(terms)


def _wanted(run: str) -> list[str]:
    return [f"'{run[i : i + 2]}'" for i in range(len(run) - 1)] or [f"'{run}'"]
