"""What can be known of a selection before there is a row: how each field gets its value, and where relations are."""

from __future__ import annotations

import dataclasses
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_abstract_type,
    is_object_type,
)
from graphql.execution.collect_fields import CollectedFields, FieldDetailsList, GroupedFieldSet
from strawberry.types.field import StrawberryField

from resolvers.narrowing import Columns, attributes_read, union
from resolvers.relations import BATCH, DERIVED, Batch, takes_context
from resolvers.runtime_types import RuntimeTypes, tells_by_class

Getter = Callable[[Any, Any], Any]
Collect = Callable[[GraphQLObjectType, FieldDetailsList], CollectedFields]


class How(Enum):
    """Where a field's value comes from."""

    READ = "an attribute, or a pure function of the row"
    RELATED = "a batch"
    TYPENAME = "the type"
    RESOLVED = "a resolver; nothing is known before it has run"


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """How one field of one object type gets its value; `get(row, context)` where it is READ."""

    how: How
    definition: GraphQLField
    get: Getter | None = None
    attribute: str | None = None
    """Where `get` does nothing but read this attribute."""
    of_row: Callable[[Any], Any] | None = None
    """The same as `get` where it needs no context."""
    batch: Batch | None = None
    reads: Columns | None = None
    """The attributes of the row that this field needs; None: any."""


@dataclass(slots=True, eq=False)
class Selected:
    """One field selected beneath one object type, at one place in a document."""

    name: str
    owner: GraphQLObjectType
    field: Field
    details: FieldDetailsList
    named: GraphQLNamedType = dataclasses.field(init=False)
    """The type of the field's value, or of what its lists hold."""
    leads: bool | None = None
    """Whether a relation is selected beneath; None: not looked at yet."""

    def __post_init__(self) -> None:
        self.named = get_named_type(self.field.definition.type)

    @property
    def place(self) -> int:
        """What identifies the place while the document is executed: the first of its nodes."""
        return id(self.details[0].node)


@dataclass(slots=True, eq=False)
class Selection:
    """All that is selected beneath one object type at one place, in the order of the answer."""

    type: GraphQLObjectType
    fields: list[Selected]
    leading: list[Selected]
    """Those that are relations or lead to some."""
    plain: bool
    """Nothing of it is delivered later (@defer)."""
    reads: Columns | None
    """The attributes that are needed of the rows; None: any."""


def describe(schema: GraphQLSchema, parent: GraphQLObjectType, name: str) -> Field | None:
    """How this field gets its value, or None where the type has no such field."""
    definition = schema.get_field(parent, name)
    if definition is None:
        return None
    if name == "__typename":
        return Field(How.TYPENAME, definition, reads=frozenset())
    declared = definition.extensions.get("strawberry-definition")
    if not isinstance(declared, StrawberryField) or declared.extensions:
        return Field(How.RESOLVED, definition)
    if batch := declared.metadata.get(BATCH):
        return Field(How.RELATED, definition, batch=batch, reads=getattr(batch, "reads", None))
    if fn := declared.metadata.get(DERIVED):
        return _derived(definition, fn)
    if declared.is_basic_field and declared.default_resolver is getattr:
        attribute = declared.python_name
        read = attrgetter(attribute)
        reads = frozenset({attribute})
        return Field(How.READ, definition, lambda row, _context: read(row), attribute=attribute, reads=reads)
    return Field(How.RESOLVED, definition)


def _derived(definition: GraphQLField, fn: Callable[..., Any]) -> Field:
    reads = attributes_read(fn)
    if takes_context(fn):
        return Field(How.READ, definition, fn, reads=reads)
    return Field(How.READ, definition, lambda row, _context: fn(row), of_row=fn, reads=reads)


class Plan:
    """What is known of one document's selections. Made as execution asks, kept for the next execution of the same document."""

    def __init__(self, known: Known) -> None:
        self.schema, self.runtime_types = known.schema, known.runtime_types
        self.collected: dict[tuple[GraphQLObjectType, int], tuple[FieldDetailsList, CollectedFields]] = {}
        """graphql-core's own memory of collected fields, shared by the executions."""
        self.root: GroupedFieldSet | None = None
        self.readers: dict[tuple[Any, Selected], Any] = {}
        """What `resolvers.compiling` made of these places."""
        self.uses = 0
        """How often the document was executed."""
        self._known = known
        # Keyed by lists' ids: `Selected.details` keeps each of them alive as long as the plan.
        self._selected: dict[tuple[GraphQLObjectType, int], Selected | None] = {}
        self._selections: dict[tuple[GraphQLObjectType, int], Selection] = {}

    def selected(self, parent: GraphQLObjectType, details: FieldDetailsList) -> Selected | None:
        """This place of the document, or None where the type has no such field."""
        key = parent, id(details)
        if key not in self._selected:
            known = self._known.field(parent, details[0].node.name.value)
            name = (details[0].node.alias or details[0].node.name).value
            self._selected[key] = Selected(name, parent, known, details) if known else None
        return self._selected[key]

    def selection(self, collect: Collect, parent: GraphQLObjectType, above: Selected) -> Selection:
        """What is selected on this object type beneath that place."""
        key = parent, id(above.details)
        found = self._selections.get(key)
        if found is None:
            found = self._selections[key] = self._select(collect, parent, above.details)
        return found

    def leads(self, collect: Collect, selected: Selected) -> bool:
        """Whether a relation is selected beneath this place, as far as one gets without a resolver."""
        if selected.leads is None:
            possible = self.possible(selected.named)
            selected.leads = any(self.selection(collect, one, selected).leading for one in possible)
        return selected.leads

    def reads(self, collect: Collect, selected: Selected) -> Columns | None:
        """The attributes that are needed of the objects at this place; None: any."""
        if not is_object_type(selected.named):
            return None
        return self.selection(collect, selected.named, selected).reads

    def possible(self, named: GraphQLNamedType) -> list[GraphQLObjectType]:
        """The object types as which a value may appear where this type is expected."""
        if is_object_type(named):
            return [named]
        return list(self.schema.get_possible_types(named)) if is_abstract_type(named) else []

    def _select(self, collect: Collect, parent: GraphQLObjectType, details: FieldDetailsList) -> Selection:
        grouped, later, _ = collect(parent, details)
        fields = [one for nodes in grouped.values() if (one := self.selected(parent, nodes)) is not None]
        leading = [one for one in fields if self._is_leading(collect, one)]
        by_class = parent.is_type_of is None or tells_by_class(parent)
        reads = union(one.field.reads for one in fields) if by_class else None
        return Selection(parent, fields, leading, plain=not later, reads=reads)

    def _is_leading(self, collect: Collect, selected: Selected) -> bool:
        how = selected.field.how
        return how is How.RELATED or (how is How.READ and self.leads(collect, selected))


Switches = tuple[tuple[str, bool], ...]


class Known:
    """What is known of one schema, and the plans of the documents that were executed on it."""

    KEPT = 8
    """Plans remembered for one operation with different switches; the least recently used is forgotten first."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._fields: dict[tuple[str, str], Field | None] = {}
        self.runtime_types = RuntimeTypes(schema)
        self._plans: dict[int, tuple[weakref.ref[OperationDefinitionNode], OrderedDict[Switches, Plan]]] = {}

    def field(self, parent: GraphQLObjectType, name: str) -> Field | None:
        """How this field gets its value."""
        key = parent.name, name
        if key not in self._fields:
            self._fields[key] = describe(self.schema, parent, name)
        return self._fields[key]

    def plan(self, operation: OperationDefinitionNode, switches: Switches) -> Plan:
        """The plan of this operation with these Boolean variables, which is all that @skip and @include can depend on.

        A document that comes from a parser cache is the same object each time, so its plan is found again; when the cache lets go of
        the document, its plans go with it.
        """
        key = id(operation)
        if key not in self._plans:
            # Called before the memory of the operation, and with it the key, can become another object's.
            forget = weakref.ref(operation, lambda _: self._plans.pop(key, None))
            self._plans[key] = forget, OrderedDict()
        plans = self._plans[key][1]
        if switches not in plans:
            plans[switches] = Plan(self)
            if len(plans) > self.KEPT:
                plans.popitem(last=False)
        plans.move_to_end(switches)
        return plans[switches]


def known_of(schema: GraphQLSchema) -> Known:
    """What is known of this schema; kept with it, and forgotten with it."""
    known = schema.extensions.get(KNOWN)
    if not isinstance(known, Known):
        known = schema.extensions[KNOWN] = Known(schema)
    return known


KNOWN = "dinghuo-known"
