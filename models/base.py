"""What every stored thing has: a time-ordered id, and a rule about who may see it."""

import os
import time
from collections.abc import Iterable
from enum import Enum
from functools import cache
from typing import Any, Self
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model, ModelMeta

from rules.people import Actor


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then 74 random bits, so that keyset pages follow it."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


NOTHING = Q(id__isnull=True)


def own(actor: Actor, path: str = "", column: str = "company_id") -> Q:
    """Which rows are a company's own business, of which no other and no operator meets anything; `path` leads to the row that names it
    in `column`, such as `budget__`."""
    wanted: dict[str, Any] = {path + column: actor.company}
    return Q(**wanted) if actor.may_read and not actor.is_operator else NOTHING


class Uncommented(ModelMeta):
    """Tortoise looks for `#:` comments of each class in its source, a third of the time that importing takes; there are none here."""

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        """The class, which nobody looks up."""
        return super().__new__(cls, name, bases, {**attrs, "_no_comments": True})


class Stored(Model, metaclass=Uncommented):
    """A row with a time-ordered id and the moment it was written."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    created_at = fields.DatetimeField()

    class Meta:
        abstract = True

    async def written(self) -> bool:
        """Insert the row; False where one of its unique values is taken, and then nothing happened.

        A concurrent insert of the same value is waited for. The transaction stays usable, which a failed INSERT would not leave it.
        """
        sql = f'{_insertion(type(self))} ON CONFLICT DO NOTHING RETURNING "id"'
        self._saved_in_db = await self._choose_db(True).execute_insert(sql, self._values()) is not None
        return self._saved_in_db

    @classmethod
    async def write_all(cls, rows: Iterable[Self]) -> None:
        """Insert all of them, or none."""
        values = [row._values() for row in rows]
        if values:
            await cls._choose_db(True).execute_many(_insertion(cls), values)

    def _values(self) -> list[Any]:
        fields_map = self._meta.fields_map
        return [fields_map[name].to_db_value(getattr(self, name), self) for name in self._meta.fields_db_projection]


@cache
def _insertion(model: type[Stored]) -> str:
    """The statement that Tortoise would build anew each time."""
    columns = list(model._meta.fields_db_projection.values())
    names, places = ", ".join(f'"{name}"' for name in columns), ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({places})'  # noqa: S608


def money(**options: Any) -> Any:
    """An amount at the currency's exponent."""
    return fields.DecimalField(max_digits=20, decimal_places=2, **options)


def unit_price(**options: Any) -> Any:
    """A price for one unit, to six decimals."""
    return fields.DecimalField(max_digits=20, decimal_places=6, **options)


def quantity(**options: Any) -> Any:
    """A quantity in the line's unit, to six decimals."""
    return fields.DecimalField(max_digits=20, decimal_places=6, **options)


def rate(**options: Any) -> Any:
    """A share such as 0.13."""
    return fields.DecimalField(max_digits=7, decimal_places=6, **options)


def degrees() -> Any:
    """A latitude or longitude, to about 0.1 m; it may be missing."""
    return fields.DecimalField(max_digits=9, decimal_places=6, null=True)


def optional_text(longest: int) -> Any:
    """A text that may be missing, of at most so many characters."""
    return fields.CharField(max_length=longest, null=True)


def optional_enum(enum: type[Enum], longest: int) -> Any:
    """A code that may be missing."""
    return fields.CharEnumField(enum, max_length=longest, null=True)
