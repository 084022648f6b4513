"""The cost of an operation: how many objects it may return, known before it runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
    get_introspection_query,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_leaf_type,
    is_list_type,
    is_object_type,
    parse,
)

from api.bounds import Limits
from api.limits import INTROSPECTION, Fragments, TypedField, fragments_of, group_fields
from resolvers.errors import bad_input

PAGE_ARGUMENT = "first"


@dataclass(frozen=True)
class Page:
    """The size of a page: written in the document (also as a variable's default), or in a variable, or left to the schema."""

    literal: int | None
    variable: str | None
    default: int
    cap: int

    def size(self, variables: Mapping[str, Any]) -> int:
        """Entries on the page; INVALID_INPUT when it is outside 1..cap."""
        given = self.literal if self.variable is None else variables.get(self.variable, self.literal)
        if isinstance(given, bool) or not isinstance(given, int):
            return self.default  # left out, null, or not a number: then coercion refuses it
        if not 1 <= given <= self.cap:
            raise bad_input(PAGE_ARGUMENT, f"must be between 1 and {self.cap}")
        return given


@dataclass(frozen=True)
class Cost:
    """So many objects of its own, and per entry of the page what lies below."""

    own: int
    pages: tuple[tuple[int, Page, "Cost"], ...] = ()

    def of(self, variables: Mapping[str, Any]) -> int:
        """The cost with these variables; INVALID_INPUT for a page size outside its bounds."""
        return self.own + sum(times * page.size(variables) * below.of(variables) for times, page, below in self.pages)

    def times(self, factor: int) -> "Cost":
        """The cost of that many of it."""
        return Cost(self.own * factor, tuple((times * factor, page, below) for times, page, below in self.pages))


class CostCounter:
    """Counts operations of one schema.

    Each object counts one, and a list counts its entries: as many as `first` says for a page, else a constant. Leaves
    are free, and so is a single object of nothing but leaves, such as Money. What the schema tells about itself is counted
    with the schema's own numbers, on a bill of its own.
    """

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self.schema = schema
        self.limits = limits
        self.introspection_sizes = _introspection_sizes(schema)
        standard = parse(get_introspection_query(specified_by_url=True, input_value_deprecation=True, one_of=True))
        operation = next(node for node in standard.definitions if isinstance(node, OperationDefinitionNode))
        self.introspection_allowed = 2 * self.introspection(operation, fragments_of(standard)).own

    def data(self, operation: OperationDefinitionNode, fragments: Fragments) -> Cost:
        """What the operation costs, introspection left out. The document has to be valid."""
        return self._roots(operation, fragments, introspection=False)

    def introspection(self, operation: OperationDefinitionNode, fragments: Fragments) -> Cost:
        """What introspection in the operation costs. The document has to be valid."""
        return self._roots(operation, fragments, introspection=True)

    def _roots(self, operation: OperationDefinitionNode, fragments: Fragments, *, introspection: bool) -> Cost:
        root = self.schema.get_root_type(operation.operation)
        groups = group_fields([(root.name if root else "", operation.selection_set)], fragments)
        asked = [fields for fields in groups.values() if (fields[0][1].name.value in INTROSPECTION) is introspection]
        return _sum(self._answer(fields, fragments, None, operation) for fields in asked)

    def _answer(
        self, fields: list[TypedField], fragments: Fragments, page: Page | None, operation: OperationDefinitionNode
    ) -> Cost:
        """The cost of one answer; fields of several types may share its name, then each of them is counted."""
        by_type: dict[str, list[FieldNode]] = {}
        for on, node in fields:
            by_type.setdefault(on, []).append(node)
        return _sum(self._field(on, nodes, fragments, page, operation) for on, nodes in by_type.items())

    def _field(
        self,
        on: str,
        nodes: list[FieldNode],
        fragments: Fragments,
        page: Page | None,
        operation: OperationDefinitionNode,
    ) -> Cost:
        parent = self.schema.get_type(on)
        field = self.schema.get_field(parent, nodes[0].name.value) if is_composite_type(parent) else None
        if field is None or not is_composite_type(named := get_named_type(field.type)):
            return Cost(0)
        own_page = self._page(field, nodes[0], operation)
        is_list = is_list_type(get_nullable_type(field.type))
        sets = [(named.name, node.selection_set) for node in nodes if node.selection_set]
        # The list right below a connection is the connection's page.
        handed_down = None if is_list else own_page
        below = _sum(
            self._answer(fields, fragments, handed_down, operation) for fields in group_fields(sets, fragments).values()
        )
        # A page that no list below uses is free, but its size is looked at all the same.
        checked = Cost(0, ((0, own_page, Cost(0)),)) if own_page is not None else Cost(0)
        entry = _sum((Cost(1 if is_list or not _is_value(named) else 0), below, checked))
        if not is_list:
            return entry
        if (entries := own_page or page) is not None:
            return Cost(0, ((1, entries, entry),))
        return entry.times(
            self.introspection_sizes.get(nodes[0].name.value, 1) if on.startswith("__") else self.limits.list_size
        )

    def _page(self, field: GraphQLField, node: FieldNode, operation: OperationDefinitionNode) -> Page | None:
        if (argument := field.args.get(PAGE_ARGUMENT)) is None:
            return None
        given = next((a.value for a in node.arguments or () if a.name.value == PAGE_ARGUMENT), None)
        variable = given.name.value if isinstance(given, VariableNode) else None
        written = given if variable is None else _variable_default(operation, variable)
        literal = int(written.value) if isinstance(written, IntValueNode) else None
        return Page(literal, variable, _argument_default(argument, self.limits.page_cap), self.limits.page_cap)


def _is_value(named: GraphQLCompositeType) -> bool:
    return is_object_type(named) and all(is_leaf_type(get_named_type(field.type)) for field in named.fields.values())


def _variable_default(operation: OperationDefinitionNode, variable: str) -> ValueNode | None:
    definitions = operation.variable_definitions or ()
    return next((one.default_value for one in definitions if one.variable.name.value == variable), None)


def _argument_default(argument: GraphQLArgument, otherwise: int) -> int:
    default = argument.default.value if argument.default is not None else argument.default_value
    return default if isinstance(default, int) else otherwise


def _introspection_sizes(schema: GraphQLSchema) -> dict[str, int]:
    """How many entries the lists of introspection have in this schema: types exactly, the lists in a type on average."""
    types = schema.type_map.values()
    with_fields = [t for t in types if is_object_type(t) or is_interface_type(t) or is_input_object_type(t)]
    fields = [field for t in with_fields if not is_input_object_type(t) for field in t.fields.values()]
    return {
        "types": len(types),
        "directives": len(schema.directives),
        "fields": _mean(sum(len(t.fields) for t in with_fields), len(types)),
        "inputFields": _mean(sum(len(t.fields) for t in with_fields if is_input_object_type(t)), len(types)),
        "args": _mean(sum(len(field.args) for field in fields), len(fields)),
        "enumValues": _mean(sum(len(t.values) for t in types if is_enum_type(t)), len(types)),
        "possibleTypes": _mean(
            sum(len(schema.get_possible_types(t)) for t in types if is_abstract_type(t)), len(types)
        ),
        "interfaces": 1,
    }


def _mean(whole: int, parts: int) -> int:
    return max(1, -(-whole // max(1, parts)))


def _sum(costs: Iterable[Cost]) -> Cost:
    parts = list(costs)
    return Cost(sum(part.own for part in parts), tuple(page for part in parts for page in part.pages))
