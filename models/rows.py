"""Rows for reading: what the driver gives, with attribute names, and nothing built around it.

A list of 50 orders with their lines is some 400 rows. Making a Tortoise instance of each costs more than everything else a request
does, so reads show rows and verbs work on instances; both have the same attribute names, so GraphQL types show either:

    >>> orders = await rows(Order.visible_to(actor).order_by("-id").limit(20))
    >>> orders[0].number, orders[0].status, orders[0].total
    ('PO-7F3K-9Q', 'SUBMITTED', Decimal('430.79'))

A row cannot be changed. Numbers are exact `Decimal`s, times are aware and in UTC, an enum column is its plain string, JSON is decoded.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

import asyncpg
import orjson
from tortoise import fields
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.context import require_context
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.base import NOTHING
from models.database import ALIAS, pool
from models.lease import current
from models.statements import statement


class Row(asyncpg.Record):  # type: ignore[misc]  # asyncpg is untyped
    """One record of one table; `row.number` is the column behind the model's field `number`.

    It is the driver's own record, given a subclass per model, so that a row costs nothing beyond fetching it.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        """A column that the model does not declare, such as an annotation of the query."""
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no column {name!r}") from None


@cache
def row_class(model: type[Model]) -> type[Row]:
    """The subclass of `Row` that carries this model's records, so that GraphQL can tell what a row is."""
    columns = {name: property(_reader(model, name, column)) for name, column in _columns(model).items()}
    return type(
        f"{model.__name__}Row", (Row,), {"__slots__": (), "__doc__": f"A record of {model.__name__}.", **columns}
    )


async def rows(queryset: QuerySet[Any]) -> list[Row]:
    """The rows this queryset selects: Tortoise's own SQL and parameters, run straight on the driver."""
    sql, values = statement(queryset)
    return await fetch(queryset.model, sql, *values)


async def row(queryset: QuerySet[Any]) -> Row | None:
    """The first row this queryset selects, or None."""
    found = await rows(queryset.limit(1))
    return found[0] if found else None


async def related_rows(
    model: type[Model],
    *,
    by: str,
    ids: Sequence[Any],
    order_by: Sequence[str] = (),
    where: Mapping[str, Any] | None = None,
    limit: int | None = None,
    among: QuerySet[Any] | None = None,
    columns: Collection[str] | None = None,
) -> list[Row]:
    """The rows whose `by` is one of `ids`, in one statement however many ids there are.

    `order_by` names attributes, "-" before one means descending; `where` holds further equalities; `limit` counts for each id by
    itself; `among` narrows to the rows of another queryset, which is how visibility joins in. `columns` names the attributes that
    will be read, besides `by`; others are then missing from the rows.
    """
    # What nobody may see is not asked for: an answer would come without a row.
    if not ids or (among is not None and any(one is NOTHING for one in among._q_objects)):
        return []
    conditions = dict(where or {})
    source, values = (_table(model), []) if among is None else statement(among)
    sql = _Children(
        model,
        source if among is None else f"({source})",
        len(values),
        by,
        tuple(order_by),
        tuple(conditions),
        limit,
        None if columns is None else frozenset(columns),
    ).sql()
    return await fetch(model, sql, *values, list(ids), *conditions.values())


async def fetch(model: type[Model], sql: str, *values: Any) -> list[Row]:
    """Run one SELECT over this model's columns; inside `transact` it sees what the transaction has written."""
    client = require_context().db(ALIAS)
    if isinstance(client, TransactionWrapper) and not client._finalized:
        async with client.acquire_connection() as connection:
            return list(await connection.fetch(sql, *values, record_class=row_class(model)))
    lease = current()
    if lease is not None:
        return await lease.fetch(row_class(model), sql, *values)
    return list(await pool().fetch(sql, *values, record_class=row_class(model)))


async def pages(model: type[Model], sql: str, *values: Any, most: int) -> AsyncIterator[list[Row]]:
    """What one SELECT finds, run once, at most so many rows at a time: no more of them are in memory. Belongs inside `transact`."""
    client = require_context().db(ALIAS)
    if not isinstance(client, TransactionWrapper):
        raise TypeError("pages() belongs inside transact()")
    async with client.acquire_connection() as connection:
        cursor = await connection.cursor(sql, *values, record_class=row_class(model))
    while True:
        async with client.acquire_connection() as connection:
            found = list(await cursor.fetch(most))
        if not found:
            return
        yield found


@dataclass(frozen=True, slots=True)
class _Children:
    """All that the SQL of `related_rows` follows from. Every name in it comes from a model, and every value is a parameter."""

    model: type[Model]
    source: str
    taken: int
    """How many parameters the source has; the ids are the next one."""
    by: str
    order_by: tuple[str, ...]
    conditions: tuple[str, ...]
    limit: int | None
    columns: frozenset[str] | None

    @lru_cache(1_000)  # noqa: B019  # values without identity: an equal question has the same answer
    def sql(self) -> str:
        """The statement, with the ids as its parameter after those of the source, and then the conditions' values."""
        column, ids = _columns(self.model), f"${self.taken + 1}"
        select = f'SELECT {self._wanted()} FROM {self.source} AS child WHERE child."{column[self.by]}"'  # noqa: S608
        narrowed = "".join(
            f' AND child."{column[name]}" = ${number}' for number, name in enumerate(self.conditions, self.taken + 2)
        )
        if self.limit is None:
            return f"{select} = ANY({ids}){narrowed}{self._order()}"
        # One index range for each parent: a window function would read and number every child before it drops most of them.
        kind = self.model._meta.fields_map[self.by].get_for_dialect("postgres", "SQL_TYPE")
        each = f"{select} = parent.id{narrowed}{self._order()} LIMIT {self.limit:d}"
        parents = f"unnest({ids}::{kind}[]) AS parent(id)"
        return f"SELECT child.* FROM {parents} CROSS JOIN LATERAL ({each}) AS child{self._order()}"  # noqa: S608

    def _wanted(self) -> str:
        needed = {self.by, *(name.lstrip("-") for name in self.order_by), *(self.columns or ())}
        columns = _columns(self.model).items()
        return ", ".join(f'child."{column}"' for name, column in columns if self.columns is None or name in needed)

    def _order(self) -> str:
        column = _columns(self.model)
        keys = [f'child."{column[key.lstrip("-")]}"{" DESC" * key.startswith("-")}' for key in self.order_by]
        return f" ORDER BY {', '.join(keys)}" if keys else ""


def _table(model: type[Model]) -> str:
    schema = f'"{model._meta.schema}".' if model._meta.schema else ""
    return f'{schema}"{model._meta.db_table}"'


def _columns(model: type[Model]) -> Mapping[str, str]:
    """Attribute name -> column name."""
    return model._meta.fields_db_projection


def _reader(model: type[Model], name: str, column: str) -> Any:
    read = itemgetter(column)
    if not isinstance(model._meta.fields_map[name], fields.JSONField):
        return read
    # Decoded here and not by a codec of the pool: Tortoise, which shares the pool, decodes and encodes JSON itself.
    return lambda record: None if (text := read(record)) is None else orjson.loads(text)
