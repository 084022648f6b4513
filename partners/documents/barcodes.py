"""The bars of an SSCC, as GS1-128 wants them (GS1 General Specifications, 5.4: FNC1, then AI 00 and 18 digits in code set C)."""

from itertools import groupby

from barcode.codex import Gs1_128

APPLICATION = "00"
"""GS1's application identifier of an SSCC."""


def bars(sscc: str) -> list[tuple[int, int]]:
    """Where each bar begins and how wide it is, in modules from the left."""
    [modules] = Gs1_128(APPLICATION + sscc).build()
    found, at = [], 0
    for dark, run in groupby(modules):
        width = len(list(run))
        if dark == "1":
            found.append((at, width))
        at += width
    return found


def readable(sscc: str) -> str:
    """What stands beneath the bars for people."""
    return f"({APPLICATION}) {sscc}"
