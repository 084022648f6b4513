"""What compiled readers call for all that is not plain: other classes, nulls, values nobody expected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as DriverUUID
from graphql import GraphQLEnumType, GraphQLLeafType, GraphQLObjectType, Undefined

if TYPE_CHECKING:
    from resolvers.executor import LevelExecutor
    from resolvers.plans import Selected

PLAIN = frozenset(
    {str, int, float, bool, Decimal, datetime, date, time, timedelta, UUID, DriverUUID, bytes, list, dict, tuple}
)
"""Classes of values that are neither an error nor something to wait for."""


class Unusual(Exception):  # no error, but a reason to take the other way
    """The stock path has to look at this value."""


def shown_leaf(type_: GraphQLLeafType, *, required: bool) -> Callable[[Any], Any]:
    """Shows a value of this scalar or enum as the stock executor does; Unusual where that would be an error."""
    coerce = type_.coerce_output_value

    def shown(value: Any) -> Any:
        if value is None and not required:
            return None
        if value.__class__ not in PLAIN and not isinstance(value, Enum):
            raise Unusual
        answer = coerce(value)
        if answer is None or answer is Undefined:
            raise Unusual
        return answer

    return shown


def names_of(type_: GraphQLEnumType) -> dict[Any, str]:
    """The name for each value an enum field may hold: the plain value in rows, the member in instances."""
    members = getattr(type_, "wrapped_cls", ())
    names = {definition.value: name for name, definition in type_.values.items()}
    return {**names, **{member: names[member.value] for member in members if member.value in names}}


def admission(selected: Selected) -> Callable[[Any, LevelExecutor], None]:
    """Lets a value of a class not met before pass if it appears as the one type that was expected; Unusual otherwise."""
    expected = selected.named

    def admit(value: Any, run: LevelExecutor) -> None:
        if value is None or run.runtime_type(selected, value) is not expected:
            raise Unusual

    return admit


def choice(selected: Selected) -> Callable[[Any, LevelExecutor], GraphQLObjectType]:
    """Finds the type as which a value appears where several are possible; Unusual where that is not certain."""

    def choose(value: Any, run: LevelExecutor) -> GraphQLObjectType:
        shown = None if value is None else run.runtime_type(selected, value)
        if shown is None:
            raise Unusual
        return shown

    return choose
