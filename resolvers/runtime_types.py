"""As which object type a value appears, asked once for each class of values wherever the class decides it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from graphql import GraphQLNamedType, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema, is_abstract_type
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE

DEFINITION = "strawberry-definition"


class RuntimeTypes:
    """What is known of one schema: for an object, interface or union type, the object type in which values of a class appear."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: dict[GraphQLNamedType, dict[type, GraphQLObjectType]] = {}

    def of(
        self, named: GraphQLNamedType, value: Any, info: Callable[[], GraphQLResolveInfo]
    ) -> GraphQLObjectType | None:
        """The object type of this value where `named` is expected; None where only the stock path can tell or refuse."""
        known = self._known.setdefault(named, {})
        found = known.get(value.__class__)
        if found is not None and not _is_cast(value):
            return found
        if isinstance(value, Exception) or inspect.isawaitable(value):
            return None
        try:
            shown = self._asked(named, value, info())
        except Exception:  # the stock path asks again, and reports it
            return None
        if shown is not None and self._class_decides(named, value):
            known[value.__class__] = shown
        return shown

    def _asked(self, named: GraphQLNamedType, value: Any, info: GraphQLResolveInfo) -> GraphQLObjectType | None:
        shown: Any = named
        if is_abstract_type(named):
            resolve = named.resolve_type
            name = _now(resolve(value, info, named)) if resolve else None
            shown = self._schema.get_type(name) if isinstance(name, str) else None
            if not isinstance(shown, GraphQLObjectType) or not self._schema.is_sub_type(named, shown):
                return None
        return None if shown.is_type_of and not _now(shown.is_type_of(value, info)) else shown

    def _class_decides(self, named: GraphQLNamedType, value: Any) -> bool:
        """Whether every value of this class would get the same answer."""
        if _is_cast(value):
            return False
        if not is_abstract_type(named):
            return _tells_by_class(named)
        declared = getattr(type(value), "__strawberry_definition__", None)
        if isinstance(declared, StrawberryObjectDefinition) and declared.is_graphql_generic:
            return False  # Strawberry looks at the fields' values to tell which of the specialisations it is
        own = named.extensions.get(DEFINITION)
        return getattr(own, "resolve_type", None) is None and all(
            map(_tells_by_class, self._schema.get_possible_types(named))
        )


def _tells_by_class(shown: Any) -> bool:
    """Whether this type tells its values by their class: it takes any, Strawberry tells for it, or `shows` does."""
    declared = shown.extensions.get(DEFINITION)
    return shown.is_type_of is None or hasattr(shown.is_type_of, "shows") or getattr(declared, "is_type_of", 0) is None


def _is_cast(value: Any) -> bool:
    """Whether `strawberry.cast` named this one value's type."""
    return type(value).__dictoffset__ != 0 and TYPE_CAST_ATTRIBUTE in value.__dict__


def _now(answer: Any) -> Any:
    """The answer, unless it has to be waited for: then None, and nothing is left waiting."""
    if not inspect.isawaitable(answer):
        return answer
    if inspect.iscoroutine(answer):
        answer.close()
    return None
