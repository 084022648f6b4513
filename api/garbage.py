"""When Python looks for garbage: rarely, and never through what lives as long as the process (decision 0013)."""

import gc

YOUNG, MIDDLE, OLD = 100_000, 50, 1_000
"""Containers made until the youngest are looked through; how many such rounds until the next older ones are, twice."""


def rarely() -> None:
    """Call when a process begins: what it loads is made of ever more objects that all stay, and would be looked through all the time."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def settle() -> None:
    """Call once when the server has started and everything that stays is loaded.

    What is there now (modules, the schema, models: some hundred thousand objects) is set aside for good, and a request's own objects
    are freed by their reference counts in any case. What is left for the collector are rare cycles, so it is asked a hundred
    times less often.
    """
    gc.collect()
    gc.freeze()
    rarely()
