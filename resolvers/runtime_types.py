"""As which object type a value appears, asked once for each class of values wherever the class decides it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from graphql import GraphQLNamedType, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema, is_abstract_type
from strawberry.types.base import StrawberryObjectDefinition

DEFINITION = "strawberry-definition"


class RuntimeTypes:
    """What is known of one schema: for an object, interface or union type, the object type in which values of a class appear."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: dict[GraphQLNamedType, dict[type, GraphQLObjectType]] = {}

    def known(self, named: GraphQLNamedType) -> dict[type, GraphQLObjectType]:
        """The object type for every class of values met so far whose values all appear as the same where `named` is expected."""
        return self._known.setdefault(named, {})

    def of(
        self, named: GraphQLNamedType, value: Any, info: Callable[[], GraphQLResolveInfo[Any]]
    ) -> GraphQLObjectType | None:
        """The object type of this value where `named` is expected; None where only the stock path can tell or refuse."""
        known = self.known(named)
        found = known.get(value.__class__)
        if found is not None:
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

    def _asked(self, named: GraphQLNamedType, value: Any, info: GraphQLResolveInfo[Any]) -> GraphQLObjectType | None:
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
        if not is_abstract_type(named):
            return _takes_any(named) or (tells_by_class(named) and not _may_be_cast(value))
        declared = getattr(type(value), "__strawberry_definition__", None)
        if isinstance(declared, StrawberryObjectDefinition) and declared.is_graphql_generic:
            return False  # Strawberry looks at the fields' values to tell which of the specialisations it is
        own = named.extensions.get(DEFINITION)
        possible = self._schema.get_possible_types(named)
        return (
            not _may_be_cast(value)
            and getattr(own, "resolve_type", None) is None
            and all(_takes_any(one) or tells_by_class(one) for one in possible)
        )


def _takes_any(shown: Any) -> bool:
    """Whether this type looks at no value at all."""
    return shown.is_type_of is None


def tells_by_class(shown: Any) -> bool:
    """Whether this type tells its values by their class: Strawberry tells for it, or `shows` does."""
    declared = shown.extensions.get(DEFINITION)
    return hasattr(shown.is_type_of, "shows") or getattr(declared, "is_type_of", 0) is None


def _may_be_cast(value: Any) -> bool:
    """Whether `strawberry.cast` can name one value's own type: it marks the value, which a row does not let it do."""
    return type(value).__dictoffset__ != 0


def _now(answer: Any) -> Any:
    """The answer, unless it has to be waited for: then None, and nothing is left waiting."""
    if not inspect.isawaitable(answer):
        return answer
    if inspect.iscoroutine(answer):
        answer.close()
    return None
