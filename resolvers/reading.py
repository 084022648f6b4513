"""Reads plain selections straight into the answer: no task, path or resolver call for a field that only shows what is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as DriverUUID
from graphql import (
    GraphQLLeafType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLOutputType,
    Undefined,
    is_leaf_type,
)

from resolvers.plans import How, Selected, Selection

if TYPE_CHECKING:
    from resolvers.executor import LevelExecutor

Reader = Callable[[Any, "LevelExecutor"], Any]
"""A value as it stands in the answer, or an exception where the stock path has to look."""

PLAIN = frozenset(
    {str, int, float, bool, Decimal, datetime, date, time, timedelta, UUID, DriverUUID, bytes, list, dict, tuple}
)
"""Classes of values that are neither an error nor something to wait for."""

INT_MIN, INT_MAX = -(2**31), 2**31 - 1


class Unusual(Exception):  # no error: a reason to take the other way
    """The stock path has to look at this value."""


def value_reader(run: LevelExecutor, selected: Selected) -> Reader | None:
    """How the value of this field is read, or None where something beneath it needs a resolver."""
    if any(directive.name.value == "stream" for one in selected.details for directive in one.node.directives or ()):
        return None
    return _typed(run, selected.field.definition.type, selected)


def field_reader(run: LevelExecutor, selected: Selected) -> Reader | None:
    """How this field is read from its parent, or None."""
    read, parent = value_reader(run, selected), selected.owner.name
    get, how = selected.field.get, selected.field.how
    if read is None or how is How.RESOLVED:
        return None
    if how is How.TYPENAME:
        return lambda _source, _run: parent
    if how is How.RELATED:
        place = parent, selected.place
        return lambda source, run: read(run.loaded.at[place].values[id(source)], run)
    return lambda source, run: read(get(source, run.context_value), run)


def _typed(run: LevelExecutor, type_: GraphQLOutputType, selected: Selected) -> Reader | None:
    required = isinstance(type_, GraphQLNonNull)
    nullable = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(nullable, GraphQLList):
        read = _listed(run, nullable.of_type, selected)
    elif is_leaf_type(nullable):
        read = _leaf(nullable)
    else:
        read = _object(run, nullable, selected)
    return _present(read) if required and read is not None else read


def _present(read: Reader) -> Reader:
    def present(value: Any, run: LevelExecutor) -> Any:
        if value is None:
            raise Unusual
        return read(value, run)

    return present


def _listed(run: LevelExecutor, item: GraphQLOutputType, selected: Selected) -> Reader | None:
    read = _typed(run, item, selected)
    if read is None:
        return None

    def listed(value: Any, run: LevelExecutor) -> Any:
        if value is None:
            return None
        if value.__class__ is not list and value.__class__ is not tuple:
            raise Unusual
        return [read(one, run) for one in value]

    return listed


def _leaf(type_: GraphQLLeafType) -> Reader:
    coerce = type_.coerce_output_value

    def leaf(value: Any, _run: LevelExecutor) -> Any:
        if value is None:
            return None
        if value.__class__ not in PLAIN and not isinstance(value, Enum):
            raise Unusual
        shown = coerce(value)
        if shown is None or shown is Undefined:
            raise Unusual
        return shown

    return leaf


def _object(run: LevelExecutor, named: GraphQLNamedType, selected: Selected) -> Reader | None:
    shapes: dict[str, Reader] = {}
    for possible in run.plan.possible(named):
        shape = _shape(run, run.plan.selection(run.collect_subfields, possible, selected))
        if shape is None:
            return None
        shapes[possible.name] = shape

    def shown(value: Any, run: LevelExecutor) -> Any:
        if value is None:
            return None
        runtime_type = run.runtime_type(selected, value)
        if runtime_type is None:
            raise Unusual
        return shapes[runtime_type.name](value, run)

    return shown


def _shape(run: LevelExecutor, selection: Selection) -> Reader | None:
    if not selection.plain:
        return None
    steps = []
    for one in selection.fields:
        read = field_reader(run, one)
        if read is None:
            return None
        steps.append((one.name, read))
    return lambda source, run: {name: read(source, run) for name, read in steps}
