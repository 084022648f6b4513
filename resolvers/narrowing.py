"""Which columns of a row a selection can possibly read, so that a relation fetches no others.

Decoding a column costs more than reading it, and most selections want a few of many. What an attribute field or a relation reads is
declared; what a derived field reads is seen in its function's code. Where that is not certain, all columns are fetched.
"""

import dis
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise
from types import FunctionType
from typing import Any

Columns = frozenset[str]


def union(parts: Iterable[Columns | None]) -> Columns | None:
    """All columns of the parts; None, which stands for every column, if one of them is None."""
    total: set[str] = set()
    for part in parts:
        if part is None:
            return None
        total |= part
    return frozenset(total)


@lru_cache(4_096)
def attributes_read(fn: Callable[..., Any]) -> Columns | None:
    """The attributes that the function reads of its first argument; None where it may do anything else with it.

    `lambda row: Money(row.amount, row.currency)` reads two; `lambda row: label(row)` hands the row on, which is not followed.
    """
    if not isinstance(fn, FunctionType) or not fn.__code__.co_argcount:
        return None
    row = fn.__code__.co_varnames[0]
    found: set[str] = set()
    for instruction, following in pairwise(dis.get_instructions(fn)):
        if not _names(instruction.argval, row):
            continue
        if instruction.opname != "LOAD_FAST" or following.opname != "LOAD_ATTR":
            return None
        found.add(following.argval)
    return frozenset(found)


def _names(argval: object, variable: str) -> bool:
    """Whether an instruction is about this variable; newer Pythons load two with one instruction."""
    return argval == variable or (isinstance(argval, tuple) and variable in argval)
