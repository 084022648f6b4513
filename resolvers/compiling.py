"""Compiles plain selections into Python: one function for each object type and place, which reads a row into its part of the answer.

For `orders { number supplier { legalName } }` this is written, once for each document:

    def read(row, run):
        if row.__class__ not in known3: admit4(row, run)
        v0 = row.legal_name
        if v0.__class__ is not str: v0 = leaf5(v0)
        return {'legalName': v0}

    def read(row, run):
        …
        v1 = run.loaded.values[place6][id(row)]
        v1 = shape7(v1, run)
        return {'number': v0, 'supplier': v1}

A call for each field would cost three times as much, and this is where an answer's time goes. Each function is compiled by itself, with
its own names: the same selection stands in many places, and in many documents, and is then compiled once. Nothing of a request gets
into the source but its field names, as literals.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import CodeType
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLString,
    Undefined,
    is_abstract_type,
    is_leaf_type,
)

from resolvers.plans import How, Selected
from resolvers.reading import PLAIN, Unusual, admission, choice, names_of, shown_leaf

if TYPE_CHECKING:
    from resolvers.executor import LevelExecutor

Reader = Callable[[Any, "LevelExecutor"], Any]
"""Gives a value as it stands in the answer; any exception says that the stock path has to look."""

IS_SHOWN_AS_IT_IS = {
    GraphQLString: "{v}.__class__ is str",
    GraphQLID: "{v}.__class__ is str",
    GraphQLInt: "{v}.__class__ is int and -2147483648 <= {v} <= 2147483647",
    GraphQLBoolean: "{v}.__class__ is bool",
}


class NeedsResolverError(Exception):
    """Something of the selection cannot be read before a resolver has run."""


def value_reader(run: LevelExecutor, selected: Selected) -> Reader | None:
    """How the value of this field is read, or None where something beneath it needs a resolver."""
    if any(directive.name.value == "stream" for one in selected.details for directive in one.node.directives or ()):
        return None
    return _compiled(run, lambda writer: writer.value(selected.field.definition.type, selected, "value"))


def field_reader(run: LevelExecutor, selected: Selected) -> Reader | None:
    """How this field is read from its parent, or None."""
    return _compiled(run, lambda writer: writer.field(selected, "value", "value"))


def _compiled(run: LevelExecutor, write: Callable[[Writer], list[str]]) -> Reader | None:
    writer = Writer(run)
    try:
        return writer.reader("value", [*write(writer), "return value"])
    except NeedsResolverError:
        return None


@lru_cache(5_000)
def _code(source: str) -> CodeType:
    """Places where the same is selected from the same types differ in what the names stand for, not in their source."""
    return compile(source, "<reader>", "exec")


class Writer:
    """Writes the source of one function, and keeps the objects that it names."""

    def __init__(self, run: LevelExecutor) -> None:
        self.run, self.plan = run, run.plan
        self.lines: list[str] = []
        self.names: dict[str, Any] = {"PLAIN": PLAIN, "Unusual": Unusual, "Undefined": Undefined}

    def reader(self, argument: str, body: list[str]) -> Reader:
        """The function with this body."""
        self.define("read", argument, body)
        exec(_code("\n".join(self.lines)), self.names)  # noqa: S102  # see above: no foreign text
        reader: Reader = self.names["read"]
        return reader

    def define(self, name: str, argument: str, body: list[str]) -> None:
        """Add a function; those it calls were added before."""
        self.lines += [f"def {name}({argument}, run):", *(f"    {line}" for line in body)]

    def name(self, kind: str, thing: Any) -> str:
        """A name in the source for this object."""
        name = f"{kind}{len(self.names)}"
        self.names[name] = thing
        return name

    def field(self, selected: Selected, source: str, v: str) -> list[str]:
        """Lines that read the field of `source` into the variable `v`."""
        field = selected.field
        match field.how:
            case How.TYPENAME:
                return [f"{v} = {selected.owner.name!r}"]
            case How.READ if field.attribute is not None:
                get = f"{source}.{field.attribute}"
            case How.READ if self.plan.leads(self.run.collect_subfields, selected):
                get = f"run.loaded.values[{self.name('place', selected)}][id({source})]"
            case How.READ if field.of_row is not None:
                get = f"{self.name('get', field.of_row)}({source})"
            case How.READ:
                get = f"{self.name('get', field.get)}({source}, run.context_value)"
            case How.RELATED:
                get = f"run.loaded.values[{self.name('place', selected)}][id({source})]"
            case _:
                raise NeedsResolverError
        return [f"{v} = {get}", *self.value(field.definition.type, selected, v)]

    def value(self, type_: GraphQLOutputType, selected: Selected, v: str) -> list[str]:
        """Lines that turn the value in `v` into what stands in the answer."""
        required = isinstance(type_, GraphQLNonNull)
        nullable: Any = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if is_leaf_type(nullable):
            return self._leaf(nullable, v, required=required)
        if isinstance(nullable, GraphQLList):
            lines = self._list(nullable, selected, v)
            # Where null is not allowed, it is stopped by not being a list.
            return lines if required else [f"if {v} is not None:", *(f"    {line}" for line in lines)]
        shown = self._object(selected, v)
        return [f"{v} = {shown}" if required else f"{v} = None if {v} is None else {shown}"]

    def _leaf(self, type_: Any, v: str, *, required: bool) -> list[str]:
        otherwise = f"{v} = {self.name('leaf', shown_leaf(type_, required=required))}({v})"
        if test := IS_SHOWN_AS_IT_IS.get(type_):
            return [f"if not ({test.format(v=v)}): {otherwise}"]
        if isinstance(type_, GraphQLEnumType):
            names = self.name("names", names_of(type_))
            return [f"{v} = {names}[{v}] if {v} in {names} else {otherwise.partition(' = ')[2]}"]
        show = self.name("show", type_.coerce_output_value)
        return [
            f"if {v}.__class__ in PLAIN:",
            f"    {v} = {show}({v})",
            f"    if {v} is None or {v} is Undefined: raise Unusual",
            f"else: {otherwise}",
        ]

    def _list(self, type_: GraphQLList[Any], selected: Selected, v: str) -> list[str]:
        item = f"{v}i"
        lines = self.value(type_.of_type, selected, item)
        each = lines[0].removeprefix(f"{item} = ")
        if len(lines) > 1 or each == lines[0]:
            function = f"each{len(self.lines)}"
            self.define(function, item, [*lines, f"return {item}"])
            each = f"{function}({item}, run)"
        return [
            f"if {v}.__class__ is not list and {v}.__class__ is not tuple: raise Unusual",
            f"{v} = [{each} for {item} in {v}]",
        ]

    def _object(self, selected: Selected, v: str) -> str:
        """The expression that shows the object in `v`."""
        possible = self.plan.possible(selected.named)
        if not is_abstract_type(selected.named):
            return f"{self.name('shape', self._shape(possible[0], selected))}({v}, run)"
        known = self.name("known", self.plan.runtime_types.known(selected.named))
        choices = self.name("shapes", {one: self._shape(one, selected) for one in possible})
        choose = self.name("choose", choice(selected))
        return f"{choices}[{known}.get({v}.__class__) or {choose}({v}, run)]({v}, run)"

    def _shape(self, shown: GraphQLObjectType, selected: Selected) -> Reader:
        """A function that reads a row into the selected fields."""
        selection = self.plan.selection(self.run.collect_subfields, shown, selected)
        if not selection.plain:
            raise NeedsResolverError
        inner = Writer(self.run)
        lines, answer = [] if is_abstract_type(selected.named) else inner.admitting(selected), []
        for number, field in enumerate(selection.fields):
            lines += inner.field(field, "row", f"v{number}")
            answer.append(f"{field.name!r}: v{number}")
        return inner.reader("row", [*lines, f"return {{{', '.join(answer)}}}"])

    def admitting(self, selected: Selected) -> list[str]:
        """Lines that look whether the row is one of the type's, where only one type is possible."""
        known = self.name("known", self.plan.runtime_types.known(selected.named))
        return [f"if row.__class__ not in {known}: {self.name('admit', admission(selected))}(row, run)"]
