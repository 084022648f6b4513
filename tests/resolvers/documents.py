"""Documents of every shape for a schema: generated ones, and each of them bent in the ways clients bend theirs."""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    parse_type,
    validate,
    value_from_ast_untyped,
    visit,
)
from hypothesis import HealthCheck, Phase, given, settings, strategies
from hypothesis_graphql import nodes, queries

Case = tuple[DocumentNode, dict[str, Any]]
SCALARS = {
    "Decimal": strategies.sampled_from(["0", "0.40", "12.5"]).map(nodes.String),
    "DateTime": strategies.just("2026-11-30T08:00:00Z").map(nodes.String),
    "Date": strategies.just("2026-11-30").map(nodes.String),
}
"""What our own scalars may look like in an argument."""


def cases(
    schema: GraphQLSchema, *, generated: int, bent: int, known: Mapping[str, Sequence[str]] | None = None
) -> Iterator[Case]:
    """`generated` documents, each as it is and bent `bent` times; the same ones each time.

    Where an argument of a `known` name is bent, it gets one of these values, since a made-up id finds nothing.
    """
    for number, document in enumerate(_generated(schema, generated)):
        yield document, {}
        for turn in range(bent):
            yield bent_once(schema, document, random.Random(f"{number} {turn}"), known)  # no secret


def bent_once(
    schema: GraphQLSchema,
    document: DocumentNode,
    chance: random.Random,
    known: Mapping[str, Sequence[str]] | None = None,
) -> Case:
    """The document as `chance` bends it; what is valid stays valid."""
    case = _Bend(schema, chance, known or {}).bent(document)
    assert not validate(schema, case[0])
    return case


def _generated(schema: GraphQLSchema, count: int) -> list[DocumentNode]:
    documents: list[DocumentNode] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(queries(schema, custom_scalars={name: made for name, made in SCALARS.items() if name in schema.type_map}))
    def collect(text: Any) -> None:
        documents.append(parse(text))

    collect()
    return documents


class _Bend(Visitor):
    """Aliases, repeated fields, fragments, directives and variables, where chance has it."""

    def __init__(self, schema: GraphQLSchema, chance: random.Random, known: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.known = known
        self.schema, self.chance, self.types = schema, chance, TypeInfo(schema)
        self.fragments: list[FragmentDefinitionNode] = []
        self.declared: list[VariableDefinitionNode] = []
        self.variables: dict[str, Any] = {}

    def bent(self, document: DocumentNode) -> Case:
        """The bent document and the variables it needs."""
        changed = visit(document, TypeInfoVisitor(self.types, self))
        operation = changed.definitions[0]
        assert isinstance(operation, OperationDefinitionNode)
        operation = _with(operation, variable_definitions=tuple(self.declared), operation=OperationType.QUERY)
        return DocumentNode(definitions=(operation, *self.fragments)), self.variables

    def leave_argument(self, node: ArgumentNode, *_: Any) -> Any:
        """A literal becomes a variable, a made-up value one that is known."""
        known = self.known.get(node.name.value)
        if known is None and self.chance.random() > 0.5:
            return None
        type_ = self.types.get_argument()
        assert type_ is not None
        value = value_from_ast_untyped(node.value) if known is None else self.chance.choice(known)
        name = self._variable(str(type_.type), value)
        return _with(node, value=VariableNode(name=NameNode(value=name)))

    def leave_selection_set(self, node: SelectionSetNode, *_: Any) -> Any:
        """Some of the fields come twice, under conditions, or by way of a fragment."""
        parent = self.types.get_parent_type()
        assert parent is not None
        selections: list[Any] = []
        for one in node.selections:
            selections.append(one)
            if isinstance(one, FieldNode):
                selections += self._again(one)
        if self.chance.random() < 0.2:
            selections.insert(self.chance.randrange(len(selections) + 1), FieldNode(name=NameNode(value="__typename")))
        if self.chance.random() < 0.3:
            selections.append(self._fragment(parent.name, self.chance.sample(selections, k=1)))
        if self.chance.random() < 0.1:
            self.chance.shuffle(selections)
        return _with(node, selections=tuple(selections))

    def _again(self, field: FieldNode) -> list[Any]:
        choice = self.chance.random()
        if choice < 0.1:
            alias = NameNode(value=f"again{self.chance.randrange(10**9)}")
            return [_with(field, alias=alias)]
        if choice < 0.15:
            return [field]
        if choice < 0.25:
            alias = NameNode(value=f"perhaps{self.chance.randrange(10**9)}")
            return [_with(field, alias=alias, directives=(self._condition(),))]
        return []

    def _condition(self) -> DirectiveNode:
        name, value = self.chance.choice(["skip", "include"]), self.chance.random() < 0.5
        condition: Any = BooleanValueNode(value=value)
        if self.chance.random() < 0.7:
            variable = self._variable("Boolean!", value)
            condition = VariableNode(name=NameNode(value=variable))
        argument = ArgumentNode(name=NameNode(value="if"), value=condition)
        return DirectiveNode(name=NameNode(value=name), arguments=(argument,))

    def _fragment(self, on: str, selections: list[Any]) -> Any:
        within = SelectionSetNode(selections=tuple(selections))
        condition = NamedTypeNode(name=NameNode(value=on))
        if self.chance.random() < 0.5:
            return InlineFragmentNode(type_condition=condition, selection_set=within, directives=())
        name = NameNode(value=f"Part{len(self.fragments)}")
        self.fragments.append(
            FragmentDefinitionNode(name=name, type_condition=condition, selection_set=within, directives=())
        )
        return FragmentSpreadNode(name=name, directives=())

    def _variable(self, type_: str, value: Any) -> str:
        name = f"v{len(self.declared)}"
        variable = VariableNode(name=NameNode(value=name))
        self.declared.append(VariableDefinitionNode(variable=variable, type=parse_type(type_), directives=()))
        self.variables[name] = value
        return name


def _with(node: Any, **changes: Any) -> Any:
    """The same node with other parts."""
    return type(node)(**{**{key: getattr(node, key) for key in node.keys}, **changes})
