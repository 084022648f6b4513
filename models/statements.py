"""The SQL of a queryset, built by Tortoise, once for each different question.

Building takes longer than PostgreSQL takes to answer (100 to 200 µs), and a server is asked the same few questions over and over: what
may this company see, page one of its orders. So the text and its parameters are remembered by everything they follow from.
"""

from collections import OrderedDict
from collections.abc import Hashable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

KEPT = 1_000
"""Statements remembered; the least recently used is forgotten first."""

PLAIN = (str, int, float, Decimal, UUID, datetime, date, Enum, type(None))
"""What a filter may compare with for its statement to be remembered: values that cannot change, and name no table."""

UNUSUAL = (
    "_annotations",
    "_custom_filters",
    "_having",
    "_group_bys",
    "_fields_for_select",
    "_select_for_update",
    "_select_related",
    "_force_indexes",
    "_use_indexes",
)
"""Parts of a queryset that are not looked into: with any of them a statement is built anew."""

_remembered: OrderedDict[Hashable, tuple[str, tuple[Any, ...]]] = OrderedDict()


def statement(queryset: QuerySet[Any]) -> tuple[str, list[Any]]:
    """The SQL that awaiting the queryset would run, and its parameters."""
    key = _key(queryset)
    if key is None:
        return _built(queryset)
    known = _remembered.get(key)
    if known is None:
        sql, values = _built(queryset)
        known = _remembered[key] = sql, tuple(values)
        if len(_remembered) > KEPT:
            _remembered.popitem(last=False)
    else:
        _remembered.move_to_end(key)
    return known[0], list(known[1])


def _built(queryset: QuerySet[Any]) -> tuple[str, list[Any]]:
    # Awaiting a queryset does these two steps and then builds instances, which is the part that is left out here.
    queryset._choose_db_if_not_chosen()
    queryset._make_query()
    return queryset.query.get_parameterized_sql()


def _key(queryset: QuerySet[Any]) -> Hashable | None:
    """All that the statement follows from, or None where that cannot be told for certain."""
    if type(queryset) is not QuerySet or any(getattr(queryset, part) for part in UNUSUAL):
        return None
    try:
        conditions = tuple(map(_condition, queryset._q_objects))
    except TypeError:
        return None
    shape = queryset._limit, queryset._offset, queryset._distinct, tuple(queryset._orderings)
    return queryset.model, conditions, shape


def _condition(q: Q) -> Hashable:
    if type(q) is not Q:
        raise TypeError(f"{type(q).__name__} may be more than its parts")
    filters = tuple((name, _value(value)) for name, value in q.filters.items())
    return q.join_type, q._is_negated, filters, tuple(map(_condition, q.children))


def _value(value: Any) -> Hashable:
    if isinstance(value, list | tuple):
        return tuple(map(_value, value))
    if not isinstance(value, PLAIN):
        raise TypeError(f"{type(value).__name__} may change or be computed")
    return value.__class__, value  # the class too: True equals 1 and Decimal(1), but is not sent as they are
