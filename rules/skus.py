"""Article numbers as people type them, and which of those that exist was probably meant."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping


def same_or_near(wanted: Iterable[str], known: Iterable[str]) -> Mapping[str, str]:
    """For each wanted number the known one that differs by nothing that is heard when it is read aloud (case, width, blanks, dashes),
    or else by one character or two exchanged ones; nothing where two known ones are as near.

    It takes time for each known number but not for each pair: two texts one edit apart have a text in common that each becomes by
    leaving out at most one character.
    """
    reduced: dict[str, set[str]] = defaultdict(set)
    for one in set(wanted):
        for shorter in _shortened(_folded(one)):
            reduced[shorter].add(one)
    same: dict[str, set[str]] = defaultdict(set)
    near: dict[str, set[str]] = defaultdict(set)
    for sku in known:
        folded = _folded(sku)
        for one in {one for shorter in _shortened(folded) for one in reduced.get(shorter, ())}:
            (same if _folded(one) == folded else near)[one].add(sku)
    return {one: skus.pop() for found in (near, same) for one, skus in found.items() if len(skus) == 1}


def _folded(sku: str) -> str:
    text = unicodedata.normalize("NFKC", sku).casefold()
    return "".join(sign for sign in text if sign.isalnum())


def _shortened(text: str) -> Iterator[str]:
    yield text
    if len(text) > 3:  # shorter ones resemble too many
        yield from (text[:place] + text[place + 1 :] for place in range(len(text)))
