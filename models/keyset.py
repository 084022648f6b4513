"""Walks a sorted list page by page: each page starts beyond the last row of the one before, wherever that stands by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tortoise import fields
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.rows import Row, fetch
from models.statements import statement

Values = Sequence[Any]
SORTABLE = (
    fields.UUIDField,
    fields.DatetimeField,
    fields.DateField,
    fields.DecimalField,
    fields.IntField,
    fields.CharField,
)


@dataclass(frozen=True)
class Key:
    """One attribute that a list is sorted by."""

    name: str
    column: str
    descending: bool


@dataclass(frozen=True)
class Keyset:
    """A total order of a model's rows: no two rows are equal in it, so that a row's values say exactly where it stands."""

    model: type[Model]
    keys: tuple[Key, ...]

    @classmethod
    @cache
    def of(cls, model: type[Model], order: tuple[str, ...]) -> "Keyset":
        """From attribute names, "-" before one for descending, such as ("-created_at", "-id").

        The last must be the primary key, so that the order is total, and none may be null, since SQL compares null with nothing and
        its rows would be missing from every page; ValueError otherwise.
        """
        keys = tuple(_key(model, name) for name in order)
        if not keys or keys[-1].name != model._meta.pk_attr:
            raise ValueError(f"the last sort key must be the primary key of {model.__name__}")
        return cls(model, keys)

    @property
    def name(self) -> str:
        """What tells this order from every other, such as "order:-created_at,-id"."""
        keys = ",".join("-" * key.descending + key.name for key in self.keys)
        return f"{self.model._meta.db_table}:{keys}"

    @property
    def fields(self) -> list[Any]:
        """The model's field behind each key."""
        return [self.model._meta.fields_map[key.name] for key in self.keys]

    def values_of(self, row: Any) -> list[Any]:
        """Where a row stands."""
        return [getattr(row, key.name) for key in self.keys]


async def rows_beyond(queryset: QuerySet[Any], keyset: Keyset, place: Values | None, limit: int) -> list[Row]:
    """The next `limit` rows of the queryset in this order beyond `place`, or the first ones; always one statement."""
    sql, values = beyond(queryset, keyset, place, limit)
    return await fetch(keyset.model, sql, *values)


def beyond(queryset: QuerySet[Any], keyset: Keyset, place: Values | None, limit: int) -> tuple[str, Values]:
    """The SQL of that statement, and its parameters."""
    # PostgreSQL merges the inner query into the outer one, so that the condition and the order are read off one index.
    source, values = statement(queryset.order_by())
    later = "" if place is None else f" WHERE {_later(keyset.keys, len(values) + 1)}"
    order = ", ".join(f'entry."{key.column}"{" DESC" if key.descending else ""}' for key in keyset.keys)
    # Names come from the model, every value is a parameter, and `:d` takes nothing but a whole number.
    sql = f"SELECT entry.* FROM ({source}) AS entry{later} ORDER BY {order} LIMIT {limit:d}"  # noqa: S608
    return sql, [*values, *(place or ())]


def _later(keys: Sequence[Key], number: int) -> str:
    """The condition that a row comes later than the values from parameter `number` on."""
    first = keys[0]
    later = "<" if first.descending else ">"
    if len({key.descending for key in keys}) == 1:
        columns = ", ".join(f'entry."{key.column}"' for key in keys)
        places = ", ".join(f"${number + place}" for place in range(len(keys)))
        return f"({columns}) {later} ({places})"
    # Rows compare in one direction only. The first half is what an index can start from.
    column, rest = f'entry."{first.column}"', _later(keys[1:], number + 1)
    return f"({column} {later}= ${number} AND ({column} {later} ${number} OR {rest}))"


def _key(model: type[Model], order: str) -> Key:
    name = order.removeprefix("-")
    field = model._meta.fields_map.get(name)
    if not isinstance(field, SORTABLE) or field.null:
        raise ValueError(
            f"{model.__name__} cannot be sorted by {name!r}: it must be a column of a plain kind, never null"
        )
    return Key(name, model._meta.fields_db_projection[name], descending=order.startswith("-"))
