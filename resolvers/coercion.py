"""Where exactly a value from a client does not fit its type, as paths such as `input.lines[0].quantity`."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLSchema,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    Visitor,
    is_input_object_type,
    is_input_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
    is_scalar_type,
    is_specified_scalar_type,
    type_from_ast,
    visit,
)
from graphql.pyutils import Undefined

from resolvers.scalars import text_fault

Fault = tuple[str, str]
"""The path of a value and what is wrong with it."""


def variable_faults(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Iterator[Fault]:
    """Each place where the variables do not fit; named by the argument they fill, as a literal there would be."""
    places = _Places()
    visit(document, places)
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        type_ = type_from_ast(schema, definition.type)
        if type_ is None or not is_input_type(type_) or (name not in variables and definition.default_value):
            continue
        try:
            yield from value_faults(variables.get(name), type_, places.found.get(name, name))
        except RecursionError:
            yield places.found.get(name, name), "is nested too deeply"


def has_bad_text(value: Any) -> bool:
    """Whether any text inside a JSON value is one that no input may contain. A loop: it runs for every request."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if text_fault(value) is not None:
                return True
        elif isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return False


def text_faults(document: DocumentNode, variables: Mapping[str, Any]) -> Iterator[Fault]:
    """Each text in the variables that no input may contain, named like `variable_faults`."""
    places = _Places()
    visit(document, places)
    waiting = [(places.found.get(name, name), value) for name, value in variables.items()]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str) and (fault := text_fault(value)) is not None:
            yield path, fault
        elif isinstance(value, dict):
            waiting.extend((f"{path}.{name}", entry) for name, entry in value.items())
        elif isinstance(value, list):
            waiting.extend((f"{path}[{place}]", entry) for place, entry in enumerate(value))


def literal_faults(node: ValueNode, type_: GraphQLInputType, path: str) -> Iterator[Fault]:
    """Each place where a literal does not fit; variables in it are left to the rule about their declared types."""
    return value_faults(_unfolded(node), type_, path)


def value_faults(value: Any, type_: GraphQLInputType, path: str) -> Iterator[Fault]:
    """Each place where a JSON value, or an unfolded literal, does not fit."""
    if isinstance(value, VariableNode):
        return
    if is_non_null_type(type_):
        if value is None:
            yield path, "is required"
            return
        type_ = type_.of_type
    if value is None:
        return
    if is_list_type(type_):
        # A single value stands for a list of one.
        entries = (
            [(f"{path}[{place}]", entry) for place, entry in enumerate(value)]
            if isinstance(value, list)
            else [(path, value)]
        )
        yield from chain.from_iterable(value_faults(entry, type_.of_type, place) for place, entry in entries)
    elif is_input_object_type(type_):
        yield from _object_faults(value, type_, path)
    elif (fault := _leaf_fault(value, type_)) is not None:
        yield path, fault


def _object_faults(value: Any, type_: GraphQLInputObjectType, path: str) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield path, "must be an object"
        return
    for name, field in type_.fields.items():
        if name in value:
            yield from value_faults(value[name], field.type, f"{path}.{name}")
        elif is_required_input_field(field):
            yield f"{path}.{name}", "is required"
    for name in sorted(value.keys() - type_.fields.keys()):
        yield f"{path}.{name}", f"is not a field of {type_.name}"
    if type_.is_one_of and (len(value) != 1 or None in value.values()):
        yield path, "needs exactly one of its fields"


def _leaf_fault(value: Any, type_: Any) -> str | None:
    """What a scalar or enum objects to: a scalar of ours in its own words."""
    if isinstance(value, StringValueNode) and (fault := text_fault(value.value)) is not None:
        return fault
    try:
        result = _coerced(value, type_)
    except GraphQLError as error:
        if is_scalar_type(type_) and not is_specified_scalar_type(type_):
            return error.message
        result = Undefined
    except Exception:  # a scalar's parser may raise anything on what it does not expect
        result = Undefined
    return f"must be of type {type_.name}" if result is Undefined else None


def _coerced(value: Any, type_: Any) -> Any:
    if isinstance(value, (dict, list)):
        return Undefined
    if not isinstance(value, ValueNode):
        return type_.coerce_input_value(value)
    if type_.coerce_input_literal is not None:
        return type_.coerce_input_literal(value)
    return type_.parse_literal(value, None)


def _unfolded(node: ValueNode) -> Any:
    """The literal's lists and objects as Python's, its leaves as they are: only they tell 1 from "1"."""
    if isinstance(node, NullValueNode):
        return None
    if isinstance(node, ListValueNode):
        return [_unfolded(entry) for entry in node.values]
    if isinstance(node, ObjectValueNode):
        return {field.name.value: _unfolded(field.value) for field in node.fields}
    return node


class _Places(Visitor):
    """Where each variable is used first: the path from the argument's name down to it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        """Look through the argument's value."""
        waiting = [(node.name.value, node.value)]
        while waiting:
            path, value = waiting.pop()
            if isinstance(value, VariableNode):
                self.found.setdefault(value.name.value, path)
            elif isinstance(value, ObjectValueNode):
                waiting.extend((f"{path}.{field.name.value}", field.value) for field in value.fields)
            elif isinstance(value, ListValueNode):
                waiting.extend((f"{path}[{place}]", entry) for place, entry in enumerate(value.values))
