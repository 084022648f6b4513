"""Builds the input classes from what a client sent; of each class it is found out once how, and not for each of 5,000 lines.

Strawberry resolves every field's annotation anew for every value. It lets a type build its own values (`from_input`), which is used
here for all input types without a `Maybe[T]`: a null for one of those is refused by a rule that looks at such types no more.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any

import strawberry
from graphql import is_input_object_type
from strawberry.relay import GlobalID
from strawberry.scalars import is_scalar
from strawberry.types.arguments import InputContext
from strawberry.types.base import (
    StrawberryMaybe,
    StrawberryObjectDefinition,
    StrawberryOptional,
)
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition
from strawberry.types.field import StrawberryField

Build = Callable[[type, Mapping[str, Any], InputContext], Any]


def build_directly(schema: strawberry.Schema) -> None:
    """From now on the schema's input types build their values by what is known of them."""
    for type_ in schema._schema.type_map.values():
        definition = type_.extensions.get("strawberry-definition")
        if is_input_object_type(type_) and isinstance(definition, StrawberryObjectDefinition):
            definition.from_input = builder_of(schema, definition)


def builder_of(schema: strawberry.Schema, definition: StrawberryObjectDefinition) -> Build | None:
    """How a value of this type is built, or None where it is to be left to Strawberry."""
    fields = [_field(schema, definition, field) for field in definition.fields]
    if any(isinstance(type_, StrawberryMaybe) for *_, type_ in fields):
        return None
    # As Strawberry does: what may be null and has no other default need not be given.
    absent = {
        one.python_name: None
        for one in definition.fields
        if one.default_value is MISSING and one.default_factory is MISSING
    }

    def build(cls: type, given: Mapping[str, Any], context: InputContext) -> Any:
        said: dict[str, Any] = {**absent}
        for shown, name, type_ in fields:
            if shown in given:
                value = given[shown]
                said[name] = value if type_ is None or value is None else context.convert(value, type_, shown)
        return cls(**said)

    return build


def _field(
    schema: strawberry.Schema, definition: StrawberryObjectDefinition, field: StrawberryField
) -> tuple[str, str, Any]:
    """Its name in the schema and in Python, and its type, or None where the value is taken as it is."""
    type_: Any = field.resolve_type(type_definition=definition)
    plain = type_.of_type if type(type_) is StrawberryOptional else type_
    is_plain = isinstance(plain, StrawberryEnumDefinition) or has_enum_definition(plain)
    is_plain = is_plain or (is_scalar(plain, schema.schema_converter.scalar_registry) and plain is not GlobalID)
    return schema.config.name_converter.from_field(field), field.python_name, None if is_plain else type_
