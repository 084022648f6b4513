"""Each limit lets a document at its bound pass and refuses the next larger one, cheaply whatever the document is made of."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
from graphql import build_schema, get_introspection_query

from api.bounds import Limits
from api.documents import Documents
from api.operations import Operations
from resolvers.errors import Refused
from resolvers.request import Request
from tests.shop import schema as shop_schema

SCHEMA = build_schema(
    "type Query { a(x: Int): Query, b: Query, l: [Query], s: String, i(x: Int, y: I): Int } input I { a: I, v: Int }"
    "type Mutation { signIn: Int, other: Int }"
)


def refused(text: str, limits: Limits | None = None) -> str | None:
    """The limit, or else the code, that a document is refused with; None when it is not."""
    try:
        Documents(SCHEMA, limits or Limits()).of(text)
    except Refused as refused:
        extensions: dict[str, Any] = refused.errors[0].extensions or {}
        return str(extensions.get("limit", extensions["code"]))
    return None


def nested(depth: int) -> str:
    """Fields inside one another."""
    return "{ a " * (depth - 1) + "{ s }" + " }" * (depth - 1)


def nested_in_fragments(depth: int) -> str:
    """The same, each level in a fragment of its own."""
    parts = [f"fragment F{n} on Query {{ a {{ ...F{n + 1} }} }}" for n in range(depth - 1)]
    return "{ ...F0 } " + " ".join(parts) + f" fragment F{depth - 1} on Query {{ s }}"


def aliased_in_fragments(levels: int) -> str:
    """Fragments that spread the next one under two names: 2 ** levels answers."""
    parts = [f"fragment F{n} on Query {{ p: b {{ ...F{n + 1} }} q: b {{ ...F{n + 1} }} }}" for n in range(levels)]
    return "{ ...F0 } " + " ".join(parts) + f" fragment F{levels} on Query {{ s }}"


def spread_twice(levels: int) -> str:
    """Fragments that spread the next one twice: 2 ** levels visits for a walker without a memory, and one answer."""
    parts = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)]
    return "{ ...F0 } " + " ".join(parts) + f" fragment F{levels} on Query {{ s }}"


def many(operation: str, count: int) -> str:
    """So many numbered copies."""
    return " ".join(operation.replace("#", str(n)) for n in range(count))


BOUNDS: dict[str, tuple[int, Callable[[int], str]]] = {
    "depth": (12, nested),
    "aliases": (30, lambda n: "{ a { " + many("k#: s", n) + " } }"),
    "directives": (30, lambda n: "{ a { " + many("s @skip(if: false)", n) + " } }"),
    "rootFields": (20, lambda n: "{ " + many("s", n) + " }"),
    "operations": (20, lambda n: many("query Q# { s }", n)),
    "fragments": (50, lambda n: "{ a { " + many("...F#", n) + " } } " + many("fragment F# on Query { s }", n)),
    "nesting": (50, lambda n: "{ ... " * (n - 1) + "{ s }" + " }" * (n - 1)),
    "documentBytes": (32 * 1024, lambda n: "{ s }".ljust(n)),
}


@pytest.mark.parametrize("limit", BOUNDS)
def test_a_document_at_the_bound_passes_and_the_next_larger_is_refused(limit: str) -> None:
    bound, document = BOUNDS[limit]
    assert refused(document(bound)) is None
    assert refused(document(bound + 1)) == limit


def test_tokens_are_counted() -> None:
    assert refused("{ s }", Limits(tokens=3)) is None
    assert refused("{ s s }", Limits(tokens=3)) == "tokens"
    assert refused("{ s }" + "\n#" * 4, Limits(tokens=3)) == "tokens"


def test_fragments_hide_nothing() -> None:
    assert refused(nested_in_fragments(12)) is None
    assert refused(nested_in_fragments(13)) == "depth"
    assert refused(aliased_in_fragments(3)) is None  # 14 aliases
    assert refused(aliased_in_fragments(4)) is None  # 30
    assert refused(aliased_in_fragments(5)) == "aliases"
    assert refused("{ ...A } fragment A on Query { " + "s " * 21 + "}") == "rootFields"


def test_a_fragment_inside_itself_is_refused() -> None:
    assert refused("{ ...A } fragment A on Query { b { ...A } }") == "VALIDATION_FAILED"
    assert refused("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }") == "VALIDATION_FAILED"


def test_a_mutation_that_is_a_try_is_allowed_once() -> None:
    assert refused("mutation { signIn a: other b: other }") is None
    assert refused("mutation { a: signIn b: signIn }") == "signIn"
    assert refused("mutation { signIn ...F } fragment F on Mutation { b: signIn }") == "signIn"


ATTACKS = {
    "objects of one name": "{ b { " + "a { s } " * 400 + "} }",
    "leaves of one name": "{ b { " + "s " * 1900 + "} }",
    "few names, wide": "{ " + ("a { " + "s " * 90 + "} ") * 20 + "}",
    "arguments of one name": "{ b { " + "i(x: 1) " * 300 + "} }",
    "aliases": "{ b { " + many("k#: s", 600) + " } }",
    "unknown fields": "{ b { " + many("z#", 1900) + " } }",
    "unknown types": "{ b { " + "... on Zap { s } " * 280 + "} }",
    "directives": "{ s " + "@skip(if: true) " * 280 + "}",
    "variables": "query (" + many("$v#: Int", 300) + ") { s }",
    "operations": many("query Q# { ...F }", 190) + " fragment F on Query { s }",
    "fragments": "{ s } " + many("fragment F# on Query { s }", 280),
    "laughs": spread_twice(45),
    "many laughs": spread_twice(150),
    "aliased laughs": aliased_in_fragments(22),
    "deep": nested(190),
    "too deep for the parser": nested(3000)[:6000],
    "nested literals": "{ i(y: " + "{a: " * 190 + "{v: 1}" + "}" * 190 + ") }",
    "wrong literals": "{ i(y: {a: [" + "{z: 1} " * 300 + "]}) }",
    "a long comment": "{ s } #" + "x" * 32_000,
    "a megabyte": "{ s }" + " " * 1024 * 1024,
    "operations and variables": many("query Q#(" + " ".join(f"$v{n}: Int" for n in range(12)) + ") { ...F }", 20)
    + " fragment F on Query { " + " ".join(f"l{n}: i(x: $v{n})" for n in range(12)) + " }",
}  # fmt: skip


def calls_for(text: str) -> int:
    """How many function calls it takes to find out whether a document may run: work that no busy machine changes."""
    documents = Documents(SCHEMA, Limits())
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event == "call"

    sys.setprofile(count)
    try:
        documents.of(text)
    except Refused as refused:
        return counted if len(refused.errors) <= 3 else sys.maxsize
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("name", ATTACKS)
def test_no_document_takes_long(name: str) -> None:
    # 200,000 calls are some 30 ms. An exponential or quadratic walk makes millions.
    assert calls_for(ATTACKS[name]) < 200_000


REFERENCE = "{ kind ofType { kind ofType { kind ofType { kind ofType { kind ofType { name } } } } } }"
EVERYTHING = f"__schema {{ types {{ fields {{ args {{ type {REFERENCE} }} type {REFERENCE} }} }} }}"


def test_introspection_is_counted_apart() -> None:
    operations = Operations(shop_schema)
    standard = operations.prepare(Request(get_introspection_query(), None, {}))
    assert (standard.cost, standard.operation.only_introspects) == (0, True)
    assert not operations.prepare(Request("{ __typename }", None, {})).operation.only_introspects
    beside = operations.prepare(Request("{ __schema { queryType { name } } hello }", None, {}))
    assert not beside.operation.only_introspects


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        "{ " + many(f"k#: {EVERYTHING}", 10) + " }",
        "{ hello " + many(f"k#: {EVERYTHING}", 8) + " }",
    ],
)
def test_introspection_has_its_own_bound(query: str) -> None:
    with pytest.raises(Refused):
        Operations(shop_schema).prepare(Request(query, None, {}))


def test_introspection_can_be_switched_off() -> None:
    operations = Operations(shop_schema, Limits(introspection=False))
    operations.prepare(Request("{ __typename }", None, {}))
    with pytest.raises(Refused):
        operations.prepare(Request("{ __schema { queryType { name } } }", None, {}))


def test_a_known_document_is_not_read_again_and_old_ones_are_forgotten() -> None:
    documents = Documents(SCHEMA, Limits())
    first = documents.of("{ s }")
    assert documents.of("{ s }") is first
    for number in range(500):
        documents.of(f"{{ b {{ {'s ' * 90} }} }} #{number}")
    assert documents.of("{ s }") is not first
