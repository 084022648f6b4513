"""Limits that an input class declares beside its fields, and one check that names every field beyond them."""

import dataclasses
import re
import unicodedata
from collections.abc import Iterator, Sized
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Protocol, get_args, get_origin, get_type_hints, runtime_checkable

import strawberry
from strawberry.types.base import get_object_definition
from strawberry.types.unset import UNSET
from strawberry.utils.str_converters import to_camel_case

from resolvers.errors import bad_input
from rules.phrase import Phrase
from rules.problems import FieldFault, InvalidInput

PAGE_DEFAULT = 20
PAGE_CAP = 100
_EMPTY = Phrase("must not be empty")


@runtime_checkable
class Limit(Protocol):
    """A promise about one field's value, written as `Annotated[str, Text(1, 200)]`."""

    def fault(self, value: Any) -> Phrase | None:
        """What is wrong with the value, or None."""


@dataclasses.dataclass(frozen=True)
class Text:
    """Between `shortest` and `longest` characters, blanks at both ends not counted; wholly matching `pattern` if given.

    What must not be empty must show something: a name of zero-width signs alone looks like none.
    """

    shortest: int
    longest: int
    pattern: str | None = None

    def fault(self, value: str) -> Phrase | None:
        """Too short, too long or of another form."""
        length = len(value.strip())
        if self.shortest and not any(map(_shows, value)):
            return _EMPTY
        if length < self.shortest:
            return _EMPTY if self.shortest == 1 else Phrase("is shorter than {least} characters", least=self.shortest)
        if len(value) > self.longest:
            return Phrase("is longer than {most} characters", most=self.longest)
        if self.pattern is not None and not re.fullmatch(self.pattern, value):
            return Phrase("does not have the expected form")
        return None


def _shows(character: str) -> bool:
    """Whether a reader sees it: no blank (Z), control, format sign, surrogate or unassigned character (C)."""
    return unicodedata.category(character)[0] not in "ZC"


@dataclasses.dataclass(frozen=True)
class Number:
    """From `least` to `most`, both included, with at most `places` decimals; `above` excludes its own value."""

    least: Decimal | int | None = None
    most: Decimal | int | None = None
    above: Decimal | int | None = None
    places: int | None = None

    def fault(self, value: Decimal | int) -> Phrase | None:
        """Too small, too large or too fine."""
        if self.least is not None and value < self.least:
            return Phrase("must be at least {least}", least=self.least)
        if self.above is not None and value <= self.above:
            return Phrase("must be greater than {above}", above=self.above)
        if self.most is not None and value > self.most:
            return Phrase("must be at most {most}", most=self.most)
        if self.places is not None and isinstance(value, Decimal) and value != round(value, self.places):
            return Phrase("has more than {places} decimals", places=self.places)
        return None


PIECES = Number(above=0, most=10**12, places=6)
Pieces = Annotated[Decimal, PIECES]
"""How many of something, in its unit."""


@dataclasses.dataclass(frozen=True)
class Items:
    """Between `fewest` and `most` entries of a list."""

    fewest: int
    most: int

    def fault(self, value: Sized) -> Phrase | None:
        """Too few or too many."""
        if len(value) < self.fewest:
            return _EMPTY if self.fewest == 1 else Phrase("needs at least {fewest} entries", fewest=self.fewest)
        return Phrase("has more than {most} entries", most=self.most) if len(value) > self.most else None


def check(given: object, path: str = "input") -> None:
    """Raise InvalidInput naming every field of the input, at any depth, that is beyond its declared limit."""
    faults = tuple(_faults(given, path))
    if faults:
        raise InvalidInput(faults)


def page_size(first: int | None, *, default: int = PAGE_DEFAULT, cap: int = PAGE_CAP) -> int:
    """How many entries to read for the argument `first`; outside 1..cap is an INVALID_INPUT error."""
    if first is None:
        return default
    if not 1 <= first <= cap:
        raise bad_input("first", f"must be between 1 and {cap}")
    return first


def _faults(given: Any, path: str) -> Iterator[FieldFault]:
    if isinstance(given, list):
        for place, entry in enumerate(given):
            yield from _faults(entry, f"{path}[{place}]")
    elif get_object_definition(type(given)) is not None:
        for name, shown, limits in limited_fields(given.__class__):
            yield from _field_faults(getattr(given, name), f"{path}.{shown}", limits)


def _field_faults(value: object, path: str, limits: tuple[Limit, ...]) -> Iterator[FieldFault]:
    if isinstance(value, strawberry.Some):
        value = value.value
    if value is None or value is UNSET:
        return
    yield from (FieldFault(path, fault) for limit in limits if (fault := limit.fault(value)))
    yield from _faults(value, path)


@cache
def limited_fields(input_class: type) -> tuple[tuple[str, str, tuple[Limit, ...]], ...]:
    """Python name, name in the schema and limits of each field."""
    hints = get_type_hints(input_class, include_extras=True)
    definition = get_object_definition(input_class, strict=True)
    return tuple(
        (
            field.python_name,
            field.graphql_name or to_camel_case(field.python_name),
            tuple(_limits(hints[field.python_name])),
        )
        for field in definition.fields
    )


def _limits(hint: object) -> Iterator[Limit]:
    """The limits in an annotation, also inside an Optional; limits on a list's entries are not looked for."""
    if get_origin(hint) is Annotated:
        yield from (mark for mark in get_args(hint)[1:] if isinstance(mark, Limit))
        yield from _limits(get_args(hint)[0])
    elif type(None) in get_args(hint) or get_origin(hint) is strawberry.Maybe:
        for choice in get_args(hint):
            yield from _limits(choice)
