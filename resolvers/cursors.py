"""Cursors: where a row stands in a sorted list, as one opaque text with exactly one spelling."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from graphql import GraphQLError
from tortoise import fields

from models.keyset import Keyset
from resolvers.scalars import (
    parse_date,
    parse_datetime,
    parse_decimal,
    show_date,
    show_datetime,
    show_decimal,
    text_fault,
)

LONGEST = 4_000
"""Characters; two texts of the longest kind we sort by still fit."""

_SHOWN: dict[type, Callable[[Any], str]] = {datetime: show_datetime, date: show_date, Decimal: show_decimal}


def encode_cursor(keyset: Keyset, row: Any) -> str:
    """The place of a row: the order's name and the row's values in it."""
    return _spelled(keyset, keyset.values_of(row))


def decode_cursor(keyset: Keyset, cursor: str) -> list[Any] | None:
    """The values of a cursor of this order, or None for any other text. Never raises."""
    if len(cursor) > LONGEST:
        return None
    try:
        _name, *told = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [_read(field, value) for field, value in zip(keyset.fields, told, strict=True)]
    except (Error, ValueError, TypeError, GraphQLError):
        return None
    # Whatever is spelled in another way than ours, another order's name included, is not ours.
    return values if _spelled(keyset, values) == cursor else None


def _spelled(keyset: Keyset, values: list[Any]) -> str:
    return urlsafe_b64encode(orjson.dumps([keyset.name, *map(_told, values)])).decode().rstrip("=")


def _told(value: object) -> int | str:
    show = _SHOWN.get(type(value))
    if show is not None:
        return show(value)
    return value if isinstance(value, int) else str(value)


def _read(field: Any, told: Any) -> Any:
    """The value as the driver takes it; raises one of what decode_cursor catches."""
    return next(read for kind, read in _READ if isinstance(field, kind))(field, told)


def _read_text(_field: Any, told: Any) -> str:
    if not isinstance(told, str) or text_fault(told):
        raise ValueError("not a text")
    return told


def _read_number(field: Any, told: Any) -> int:
    limits = field.constraints
    if type(told) is not int or not limits["ge"] <= told <= limits["le"]:
        raise ValueError("not a number of this column")
    return told


_READ: tuple[tuple[type, Callable[[Any, Any], Any]], ...] = (
    (fields.UUIDField, lambda field, told: UUID(_read_text(field, told))),
    (fields.DatetimeField, lambda _field, told: parse_datetime(told)),
    (fields.DateField, lambda _field, told: parse_date(told)),
    (fields.DecimalField, lambda _field, told: parse_decimal(told)),
    (fields.IntField, _read_number),
    (fields.CharField, _read_text),
)
