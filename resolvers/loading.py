"""Loads every relation selected beneath some rows, level by level, one batch for each relation and level."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import GraphQLObjectType
from graphql.execution.values import get_argument_values
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from resolvers.narrowing import Columns, union
from resolvers.plans import How, Selected
from resolvers.relations import Batch, matched, narrowed

if TYPE_CHECKING:
    from resolvers.executor import LevelExecutor

Key = tuple[Batch, Hashable]
Place = tuple[str, int]
"""A type's name and the id of a field node: where a relation is selected."""


@dataclass(slots=True)
class Answers:
    """What one batch gave with one set of arguments, for each parent it was asked for."""

    columns: Columns | None = None
    """What was fetched of the children; None: everything."""
    values: dict[int, Any] = field(default_factory=dict)
    failures: dict[int, Exception] = field(default_factory=dict)
    parents: list[Any] = field(default_factory=list)
    """Kept alive, for they are known by their id."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def cover(self, columns: Columns | None) -> bool:
        """Whether the children have all of these columns."""
        return self.columns is None or (columns is not None and columns <= self.columns)

    def knows(self, parent: object) -> bool:
        """Whether the batch was asked for this parent already, with whatever outcome."""
        return id(parent) in self.values or id(parent) in self.failures

    async def ask(self, batch: Batch, context: Any, arguments: Mapping[str, Any], parents: Sequence[Any]) -> None:
        """Ask the batch for those parents it was not asked for yet; whoever asks meanwhile waits for the answer."""
        async with self.turn:
            fresh = {id(parent): parent for parent in parents}
            if self.values or self.failures:
                fresh = {key: parent for key, parent in fresh.items() if not self.knows(parent)}
            if not fresh:
                return
            asked = list(fresh.values())
            self.parents += asked
            try:
                answer = matched(batch, asked, await batch(context, asked, **arguments))
            except Exception as failure:  # it belongs to the fields that wanted the answer, and is raised there
                self.failures.update(dict.fromkeys(fresh, failure))
            else:
                self.values.update(zip(fresh, answer, strict=True))


class Loaded:
    """All that was loaded ahead in one execution. Never kept on the rows: they may be shared by viewers who may see different things."""

    def __init__(self) -> None:
        self.answers: dict[Key, Answers] = {}
        self.at: dict[Place, Answers] = {}
        self.values: dict[Selected, dict[int, Any]] = {}
        """For each place in the document, what was loaded for each parent, by the parent's id."""

    def keep(self, selected: Selected, answers: Answers) -> None:
        """Let these answers be found at this place."""
        self.at[selected.owner.name, selected.place] = answers
        self.values[selected] = answers.values

    def reached(self, selected: Selected) -> bool:
        """Whether a walk has been at this place."""
        return (selected.owner.name, selected.place) in self.at

    def holds(self, info: Any, parent: object) -> bool:
        """Whether this field was loaded for this parent."""
        answers = self.at.get((info.parent_type.name, id(info.field_nodes[0])))
        return answers is not None and answers.knows(parent)

    def value(self, info: Any, parent: object) -> Any:
        """What the batch gave for this parent; raises what the batch raised."""
        answers = self.at[info.parent_type.name, id(info.field_nodes[0])]
        if failure := answers.failures.get(id(parent)):
            raise failure.with_traceback(None)
        return answers.values[id(parent)]


@dataclass(slots=True)
class Request:
    """One batch of one level: with which arguments it is asked, and the places that wait for it."""

    batch: Batch
    arguments: Mapping[str, Any]
    uses: list[tuple[Selected, list[Any]]] = field(default_factory=list)


class Loading:
    """One walk beneath the value of one field."""

    def __init__(self, run: LevelExecutor) -> None:
        self.run, self.plan, self.loaded = run, run.plan, run.loaded
        self.collect = run.collect_subfields

    async def beneath(self, selected: Selected, value: Any) -> None:
        """Load what is selected beneath this value, and beneath what that brings, until nothing is left. Never fails."""
        level = [(selected, value)]
        while level:
            requests: dict[Key, Request] = {}
            for one, found in level:
                self._scan(one, found, requests)
            level = []
            for key, request in requests.items():
                values = (await self._ask(key, request)).values
                level += [
                    (one, [values.get(id(parent)) for parent in parents])
                    for one, parents in request.uses
                    if self.plan.leads(self.collect, one)
                ]

    def _scan(self, selected: Selected, value: Any, requests: dict[Key, Request]) -> None:
        """Find the relations this value's objects wait for; what can be read on the way is followed at once: it costs no query."""
        if not self.plan.leads(self.collect, selected):
            return
        groups: dict[GraphQLObjectType, list[Any]] = {}
        for one in _objects(value):
            shown = self.run.runtime_type(selected, one)
            if shown is not None:
                groups.setdefault(shown, []).append(one)
        for shown, objects in groups.items():
            for inner in self.plan.selection(self.collect, shown, selected).leading:
                if inner.field.how is How.RELATED:
                    self._request(inner, objects, requests)
                else:
                    self._scan(inner, self._read(inner, objects), requests)

    def _request(self, selected: Selected, parents: list[Any], requests: dict[Key, Request]) -> None:
        batch = selected.field.batch
        if batch is None:
            return
        try:
            frozen, arguments = self._arguments(selected) if selected.field.definition.args else ((), {})
            request = requests.setdefault((batch, frozen), Request(batch, arguments))
        except Exception:  # the field's resolver meets the same trouble and reports it
            return
        request.uses.append((selected, parents))

    async def _ask(self, key: Key, request: Request) -> Answers:
        columns = union(self.plan.reads(self.collect, selected) for selected, _ in request.uses)
        answers = self.loaded.answers.get(key)
        if answers is None or not answers.cover(columns):
            answers = self.loaded.answers[key] = Answers(columns)
        for selected, _ in request.uses:
            self.loaded.keep(selected, answers)
        parents = [parent for _, parents in request.uses for parent in parents]
        await answers.ask(narrowed(request.batch, answers.columns), self.run.context_value, request.arguments, parents)
        return answers

    def _arguments(self, selected: Selected) -> tuple[Hashable, dict[str, Any]]:
        """The field's arguments as the client gave them, to know them by, and as the batch takes them."""
        definition, details = selected.field.definition, selected.details[0]
        raw = get_argument_values(definition, details.node, self.run.variable_values, details.fragment_variable_values)
        declared: StrawberryField = definition.extensions["strawberry-definition"]
        schema = self.plan.schema._strawberry_schema  # type: ignore[attr-defined]
        converted = convert_arguments(
            raw, declared.arguments, scalar_registry=schema.schema_converter.scalar_registry, config=schema.config
        )
        return _frozen(raw), converted

    def _read(self, selected: Selected, objects: list[Any]) -> list[Any]:
        """The field's value for each object; a derived one is kept, for it would be another object the next time."""
        get, context = selected.field.get, self.run.context_value
        if get is None:
            return []
        values: dict[int, Any] = {}
        for one in objects:
            with suppress(Exception):  # the field itself will fail in the same way, and be reported where it stands
                values[id(one)] = get(one, context)
        if selected.field.attribute is None:
            self.loaded.keep(selected, Answers(values=values, parents=objects))
        return list(values.values())


def _objects(value: Any) -> Iterator[Any]:
    """The objects in a value, however deep in lists. Only lists and tuples: what can be read once belongs to the reader."""
    if isinstance(value, list | tuple):
        for one in value:
            yield from _objects(one)
    elif value is not None and not isinstance(value, Exception):
        yield value


def _frozen(value: Any) -> Hashable:
    """The same value in a form that can be compared and hashed."""
    if isinstance(value, dict):
        return tuple((name, _frozen(one)) for name, one in sorted(value.items()))
    if isinstance(value, list):
        return tuple(_frozen(one) for one in value)
    return value.__class__, value
