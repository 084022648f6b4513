"""Loads every relation selected beneath some rows, level by level, one batch for each relation and level."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import GraphQLObjectType
from graphql.execution.values import get_argument_values
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from resolvers.plans import How, Selected
from resolvers.relations import Batch, matched

if TYPE_CHECKING:
    from resolvers.executor import LevelExecutor

Key = tuple[Batch, Hashable]
Place = tuple[str, int]
"""A type's name and the id of a field node: where a relation is selected."""


@dataclass(slots=True)
class Answers:
    """What one batch gave with one set of arguments, for each parent it was asked for."""

    values: dict[int, Any] = field(default_factory=dict)
    failures: dict[int, Exception] = field(default_factory=dict)
    parents: list[Any] = field(default_factory=list)
    """Kept alive, for they are known by their id."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def knows(self, parent: object) -> bool:
        """Whether the batch was asked for this parent already, with whatever outcome."""
        return id(parent) in self.values or id(parent) in self.failures

    async def ask(self, batch: Batch, context: Any, arguments: Mapping[str, Any], parents: Sequence[Any]) -> None:
        """Ask the batch for those parents it was not asked for yet; whoever asks meanwhile waits for the answer."""
        async with self.turn:
            fresh = list({id(parent): parent for parent in parents if not self.knows(parent)}.values())
            if not fresh:
                return
            self.parents += fresh
            try:
                answer = matched(batch, fresh, await batch(context, fresh, **arguments))
            except Exception as failure:  # it belongs to the fields that wanted the answer, and is raised there
                self.failures.update((id(parent), failure) for parent in fresh)
            else:
                self.values.update((id(parent), value) for parent, value in zip(fresh, answer, strict=True))


class Loaded:
    """All that was loaded ahead in one execution. Never kept on the rows: they may be shared by viewers who may see different things."""

    def __init__(self) -> None:
        self.answers: dict[Key, Answers] = {}
        self.at: dict[Place, Answers] = {}
        self.values: dict[Selected, dict[int, Any]] = {}
        """For each place in the document, what was loaded for each parent, by the parent's id."""

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
    """One batch of one level: who is asked, with which arguments, and the places that wait for it."""

    batch: Batch
    arguments: Mapping[str, Any]
    answers: Answers
    uses: list[tuple[Selected, list[Any]]] = field(default_factory=list)


class Loading:
    """One walk beneath the value of one field."""

    def __init__(self, run: LevelExecutor) -> None:
        self.run, self.plan, self.loaded = run, run.plan, run.loaded

    async def beneath(self, selected: Selected, value: Any) -> None:
        """Load what is selected beneath this value, and beneath what that brings, until nothing is left. Never fails."""
        level = [(selected, value)]
        while level:
            requests: dict[Key, Request] = {}
            for one, found in level:
                self._scan(one, found, requests)
            level = []
            for request in requests.values():
                parents = [parent for _, parents in request.uses for parent in parents]
                await request.answers.ask(request.batch, self.run.context_value, request.arguments, parents)
                values = request.answers.values
                level += [(one, [values.get(id(parent)) for parent in parents]) for one, parents in request.uses]

    def _scan(self, selected: Selected, value: Any, requests: dict[Key, Request]) -> None:
        """Find the relations this value's objects wait for; attributes on the way are followed at once, since they cost no query."""
        if not self.plan.leads(self.run.collect_subfields, selected):
            return
        groups: dict[GraphQLObjectType, list[Any]] = {}
        for one in _objects(value):
            shown = self.run.runtime_type(selected, one)
            if shown is not None:
                groups.setdefault(shown, []).append(one)
        for shown, objects in groups.items():
            for inner in self.plan.selection(self.run.collect_subfields, shown, selected).leading:
                if inner.field.how is How.RELATED:
                    self._request(shown, inner, objects, requests)
                else:
                    self._scan(inner, [self._read(inner, one) for one in objects], requests)

    def _request(
        self, shown: GraphQLObjectType, selected: Selected, parents: list[Any], requests: dict[Key, Request]
    ) -> None:
        batch, details = selected.field.batch, selected.details[0]
        try:
            raw = get_argument_values(
                selected.field.definition, details.node, self.run.variable_values, details.fragment_variable_values
            )
            key = batch, _frozen(raw)
            hash(key)
            arguments = self._converted(selected, raw)
        except Exception:  # the field's resolver meets the same trouble and reports it
            return
        answers = self.loaded.answers.setdefault(key, Answers())
        self.loaded.at[shown.name, selected.place] = answers
        self.loaded.values[selected] = answers.values
        request = requests.setdefault(key, Request(batch, arguments, answers))
        request.uses.append((selected, parents))

    def _converted(self, selected: Selected, raw: dict[str, Any]) -> dict[str, Any]:
        declared: StrawberryField = selected.field.definition.extensions["strawberry-definition"]
        schema = self.plan.schema._strawberry_schema  # type: ignore[attr-defined]
        return convert_arguments(
            raw, declared.arguments, scalar_registry=schema.schema_converter.scalar_registry, config=schema.config
        )

    def _read(self, selected: Selected, one: Any) -> Any:
        try:
            return selected.field.get(one, self.run.context_value)
        except Exception:  # the field itself will fail in the same way, and be reported where it stands
            return None


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
