"""Words to search by: Chinese as overlapping pairs, so that two-character words are found; other words by their beginnings."""

import re
import unicodedata
from collections.abc import Iterator

LONGEST_PREFIX = 24
"""Characters; beginnings are stored up to this length, and a longer word is looked for by its first so many."""

MOST_WORDS = 24
"""A search asks for so many words at most; whoever pastes a page finds what has its first ones."""

# Scripts that are written without spaces: Chinese with its rare characters, Japanese kana, Korean syllables.
_UNSPACED = r"\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
# A model number hangs together over its dots, dashes and strokes: HP-1020, 3/4, M8_20.
_RUNS = re.compile(rf"([{_UNSPACED}]+)|([0-9a-z]+(?:[-./_][0-9a-z]+)*)|((?:(?![{_UNSPACED}])[^\W\d_a-z])+)")
_JOINTS = re.compile(r"[-./_]")
# The many signs that people type into a measure, for a diameter and between its sides.
_DIAMETER = str.maketrans(dict.fromkeys("ø⌀∅", "φ"))
_ACCENTS = re.compile("[\u0300-\u036f]")
_BY = re.compile(r"(?<=[0-9])\s*([×✕✖⨯*]|\sx\s)\s*(?=[0-9])")


def words(*texts: str) -> list[str]:
    """What texts are indexed under, each word once."""
    return list(dict.fromkeys(word for run in _runs(*texts) for word in _stored(*run)))


def wanted(text: str) -> list[str]:
    """The words that a match must all have; empty when the text holds nothing to search for."""
    return list(dict.fromkeys(word for run in _runs(text) for word in _asked(*run)))[:MOST_WORDS]


def folded(text: str) -> str:
    """The text without what people do not mean by it: width, case, accents, and the signs they have for "by" and for a diameter."""
    compatible = unicodedata.normalize("NFKC", text).casefold()
    measured = _BY.sub("x", compatible.translate(_DIAMETER))
    # Only accents go: the marks that Japanese letters are composed with make other letters of them.
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", measured)))


def _runs(*texts: str) -> Iterator[tuple[str, str]]:
    """Runs of an unspaced script, and words of any other."""
    for text in texts:
        for unspaced, latin, other in _RUNS.findall(folded(text)):
            yield unspaced, latin or other


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _beginnings(word: str) -> Iterator[str]:
    return (word[:length] for length in range(1, min(len(word), LONGEST_PREFIX) + 1))


def _stored(unspaced: str, word: str) -> Iterator[str]:
    yield from _pairs(unspaced)
    yield from unspaced
    for part in [word, *_JOINTS.split(word)] if word else []:
        yield from _beginnings(part)


def _asked(unspaced: str, word: str) -> Iterator[str]:
    yield from _pairs(unspaced) or unspaced
    if word:
        yield word[:LONGEST_PREFIX]
    if len(word) > LONGEST_PREFIX:
        # What was cut off still narrows, part by part.
        yield from (part[:LONGEST_PREFIX] for part in _JOINTS.split(word))
