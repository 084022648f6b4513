"""The contract with clients: current, described, without surprises, and never broken after a release."""

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLFloat,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_union_type,
)
from strawberry.types.base import StrawberryObjectDefinition

from api.schema import schema, sdl
from resolvers.errors import Code
from resolvers.inputs import Items, Number, Text, limited_fields
from resolvers.node import models_of
from resolvers.problems import REFUSALS
from rules.permissions import BY_HTTP, MAY, OPEN
from rules.problems import Problem, ProblemCode, Unauthenticated, Unavailable
from tests.released import broken, last_release
from tests.source import ROOT

SCHEMA = schema._schema
OWN = {name: type_ for name, type_ in SCHEMA.type_map.items() if not name.startswith("__")}
FIELDS = {
    f"{name}.{field_name}": field
    for name, type_ in OWN.items()
    for field_name, field in getattr(type_, "fields", {}).items()
}
assert SCHEMA.mutation_type is not None
MUTATIONS = SCHEMA.mutation_type.fields
# What the whole request is refused with, whichever field it asks for.
TOP_LEVEL: set[type[Problem]] = {Unauthenticated, Unavailable}
# Names that others gave: a carrier's report, a signing key.
NOT_OURS = {"appId", "eventId", "keyId"}


def test_the_file_is_what_the_code_says() -> None:
    assert (ROOT / "schema.graphql").read_text("utf-8") == sdl(), "run `make schema` and look at the difference"


def test_every_part_says_what_it_is() -> None:
    parts: dict[str, object] = {name: type_.description for name, type_ in OWN.items()}
    for name, type_ in OWN.items():
        if is_enum_type(type_):
            parts |= {f"{name}.{value}": shown.description for value, shown in type_.values.items()}
    for place, field in FIELDS.items():
        parts[place] = field.description
        parts |= {f"{place}({name}:)": given.description for name, given in getattr(field, "args", {}).items()}
    assert [place for place, description in parts.items() if not description] == []


def test_a_step_takes_one_input_and_answers_with_its_success_or_why_not() -> None:
    for name, field in MUTATIONS.items():
        kind = name[0].upper() + name[1:]
        if name != "signOut":
            [(argument, given)] = field.args.items()
            assert (argument, is_non_null_type(given.type)) == ("input", True), name
        assert is_union_type(field.type), f"{name} must be nullable, so that a crash leaves its sibling's answer"
        assert field.type.name == f"{kind}Result"
        assert {member.name for member in refusals(field.type)} == {member.name for member in field.type.types} - {
            f"{kind}Success"
        }


def refusals(union: GraphQLUnionType) -> list[GraphQLObjectType]:
    """The members that are Problems."""
    return [member for member in union.types if "Problem" in {one.name for one in member.interfaces}]


def test_steps_are_called_like_their_verbs() -> None:
    assert {snake(name) for name in MUTATIONS} == (set(MAY) | OPEN) - BY_HTTP


def snake(name: str) -> str:
    """As Python would spell it."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def test_a_step_s_answers_include_what_can_stand_against_it() -> None:
    """A role is missing, a field is wrong, an id names nothing, the version is old, the key was used: by what the input has."""
    missing = []
    for name, field in MUTATIONS.items():
        members = {member.name for member in get_named_type(field.type).types}
        given = set(deep_fields(field))
        expected = {
            "NotAllowedProblem": snake(name) in MAY,
            "InvalidInputProblem": bool(given),
            "NotFoundProblem": any(kind == "ID" for _, kind in given),
            "StaleVersionProblem": ("expectedVersion", "Int") in given,
            "ConflictProblem": ("idempotencyKey", "String") in given,
        }
        missing += [(name, problem) for problem, wanted in expected.items() if wanted and problem not in members]
    assert missing == []


def deep_fields(field: object) -> Iterator[tuple[str, str]]:
    """Name and type of every field of a step's input, at any depth."""
    waiting = [get_named_type(given.type) for given in field.args.values()]  # type: ignore[attr-defined]
    while waiting:
        type_ = waiting.pop()
        for name, given in getattr(type_, "fields", {}).items():
            yield name, get_named_type(given.type).name
            if is_input_object_type(get_named_type(given.type)):
                waiting.append(get_named_type(given.type))


def test_every_refusal_is_shown_by_a_type_that_some_step_answers_with() -> None:
    shown = {refused.exception_type: refused.error_type.__name__ for refused in REFUSALS}
    answered = {member.name for field in MUTATIONS.values() for member in get_named_type(field.type).types}
    assert set(shown.values()) <= answered
    assert {kind for kind in kinds_of(Problem) if not shown.keys() & set(kind.__mro__)} == TOP_LEVEL
    reached = {kind.code for kind in kinds_of(Problem) if shown.keys() & set(kind.__mro__)}
    assert set(ProblemCode) - reached == {kind.code for kind in TOP_LEVEL}
    assert {kind.code.value for kind in TOP_LEVEL} <= {code.value for code in Code}


def kinds_of(kind: type[Problem]) -> list[type[Problem]]:
    """All classes beneath, at any depth."""
    return [one for below in kind.__subclasses__() for one in (below, *kinds_of(below))]


def test_a_success_can_be_asked_for_beside_a_problem() -> None:
    """The same name for two types would make every document that asks for both invalid."""
    interface = SCHEMA.get_type("Problem")
    assert isinstance(interface, GraphQLInterfaceType)
    assert [
        place
        for place in FIELDS
        if place.partition(".")[0].endswith("Success") and place.partition(".")[2] in interface.fields
    ] == []


def test_everything_with_an_id_is_read_through_its_own_door() -> None:
    for name, shown in models_of(SCHEMA).items():
        assert shown, f"{name} shows no model, so `node` cannot find it"
        assert all(callable(getattr(model, "visible_to", None)) for model in shown), name


def test_ids_are_ids_and_numbers_are_exact() -> None:
    texts = {
        place: str(get_nullable_type(field.type))
        for place, field in FIELDS.items()
        if (name := place.partition(".")[2]) == "id" or (name.endswith("Id") and name not in NOT_OURS)
    }
    assert {place: type_ for place, type_ in texts.items() if type_ != "ID"} == {}
    assert GraphQLFloat.name not in OWN
    kinds = {place.rpartition(".")[2]: get_named_type(field.type).name for place, field in FIELDS.items()}
    assert {kinds[name] for name in ("amount", "unitPrice", "taxRate")} == {"Decimal"}


def test_long_lists_come_in_pages() -> None:
    """A list at the root is a connection, unless the code itself bounds it; deeper lists belong to one thing."""
    assert SCHEMA.query_type is not None
    roots = SCHEMA.query_type.fields
    assert {name for name, field in roots.items() if is_list_type(get_nullable_type(field.type))} == {
        "units",
        "packageTypes",
        "regions",
        "promotionPolicies",
        "accountBalances",
    }
    for name, field in roots.items():
        if get_named_type(field.type).name.endswith("Connection"):
            assert {"first", "after"} <= field.args.keys(), name


def test_whatever_is_sent_is_bounded() -> None:
    """Texts in length, lists in entries, numbers in size: in each input's own terms, and told in its description."""
    unbounded = [
        f"{name}.{field_name}"
        for name, type_ in OWN.items()
        if is_input_object_type(type_)
        for field_name, field in type_.fields.items()
        if not is_bounded(name, field_name, bound_of(field.type))
    ]
    assert unbounded == []


def is_bounded(name: str, field_name: str, bound: type[Items | Text | Number] | None) -> bool:
    """Whether the input declares such a limit, where its value needs one; any version may be expected, and is then stale."""
    definition = schema.get_type_by_name(name)
    assert isinstance(definition, StrawberryObjectDefinition)
    declared = {shown: limits for _, shown, limits in limited_fields(definition.origin)}[field_name]  # type: ignore[arg-type]  # mypy doubts that classes are hashable
    return bound is None or field_name == "expectedVersion" or any(isinstance(limit, bound) for limit in declared)


def bound_of(type_: object) -> type[Items | Text | Number] | None:
    """The kind of limit that a value of this type needs."""
    given = get_nullable_type(type_)  # type: ignore[call-overload]
    if is_list_type(given):
        return Items
    return {"String": Text, "Decimal": Number, "Int": Number}.get(given.name)


def test_what_was_released_is_not_broken() -> None:
    """Decision 0042: compared with the newest version tag; before the first there is nothing to break."""
    released = last_release()
    assert released is None or broken(released, sdl()) == []


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("type Query { a: Int b: Int }", "type Query { a: Int }", ["Field Query.b was removed."]),
        ("type Query { a: Int b: Int @deprecated(reason: \"until 2027\") }", "type Query { a: Int }", []),
        ("type Query { a: Int! }", "type Query { a: Int }", ["Field Query.a changed type from Int! to Int."]),
        ("type Query { a: Int }", "type Query { a: Int b: Int }", []),
        ("type Query { a(b: Int): Int }", "type Query { a(b: Int!): Int }", ["Argument Query.a(b:) has changed type from Int to Int!."]),
        ("type Query { a: E } enum E { X Y }", "type Query { a: E } enum E { X }", ["Enum value E.Y was removed."]),
    ],
)  # fmt: skip
def test_a_break_would_be_found(before: str, after: str, found: list[str]) -> None:
    assert broken(before, after) == found
