"""Whatever nonsense a field is given, it is refused by the field's name, and nothing is written: for every mutation there is."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import get_named_type, is_enum_type, is_required_argument

from api.embedded import EmbeddedPostgres
from api.schema import schema as shown_schema
from models.base import new_id
from resolvers.ids import encode_id
from rules.people import COMPANY_ROLES
from tests import servers
from tests.house import Caller, House, open_house
from tests.makers import make_actor, make_company
from tests.plausible import Path, leaves, mutations, plausible, put, spelled
from tests.tables import contents

SCHEMA = shown_schema._schema
REFUSED = "... on Problem { code ... on InvalidInputProblem { faults { field } } }"

# Raw, as they stand in the JSON text of the variables.
TEXTS = {
    "NUL": '"a\\u0000b"',
    "lone surrogate": '"a\\ud800b"',
    "control character": '"a\\u001bb"',
    "delete": '"a\\u007fb"',
    "C1 control": '"a\\u0085b"',
    "beyond every text": json.dumps("x" * 10_001),
    "a number": "7",
    "an object": "{}",
    "true": "true",
}
DECIMALS = {
    "float": "0.1",
    "integer": "1",
    "NaN": '"NaN"',
    "infinity": '"Infinity"',
    "too large": '"1e400"',
    "exponent": '"1e2"',
    "too many decimals": '"0.1234567"',
    "too many digits": '"123456789012345"',
    "empty": '""',
    "blank": '" 1"',
    "comma": '"1,000"',
    "other digits": '"١"',
    "plus": '"+1"',
    "NUL": '"1\\u0000"',
}
TIMES = {
    "naive": '"2027-01-15T08:00:00"',
    "no such day": '"2027-02-30T08:00:00Z"',
    "no such hour": '"2027-01-15T25:00:00Z"',
    "a day": '"2027-01-15"',
    "a number": "1700000000",
    "year 0": '"0000-01-01T00:00:00Z"',
    "before the calendar": '"0001-01-01T00:00:00+14:00"',
    "empty": '""',
    "NUL": '"2027-01-15T08:00:00Z\\u0000"',
}
DATES = {
    "no such day": '"2027-02-30"',
    "a moment": '"2027-01-15T08:00:00Z"',
    "another order": '"15-01-2027"',
    "a number": "20270115",
    "year 0": '"0000-01-01"',
    "empty": '""',
}
NUMBERS = {
    "beyond 32 bit": "2147483648",
    "far below": "-99999999999999999999",
    "fraction": "1.5",
    "text": '"1"',
    "1e400": "1e400",
}
BOOLEANS = {"text": '"true"', "number": "1"}
IDS = {
    "NUL": '"T3JkZXI6\\u0000"',
    "lone surrogate": '"\\udfff"',
    "beyond every text": json.dumps("x" * 10_001),
    "an object": "{}",
    "fraction": "1.5",
}
ENUMS = {"unknown": '"NO_SUCH_VALUE"', "a number": "1", "empty": '""', "lower case": '"cny"'}
IDS_OF: dict[str, str] = defaultdict(lambda: encode_id("Order", new_id()))
BAD = {
    "String": TEXTS,
    "Decimal": DECIMALS,
    "DateTime": TIMES,
    "Date": DATES,
    "Int": NUMBERS,
    "Boolean": BOOLEANS,
    "ID": IDS,
}
# Not JSON to a strict reader (RFC 8259 §6, §8.2): the whole request is refused, since nobody could say which field it was.
UNREADABLE = {"lone surrogate", "1e400"}


@dataclass
class Counter:
    """Where nonsense is handed in, and by whom."""

    house: House
    caller: Caller


@pytest.fixture(scope="module")
async def counter(
    postgres_server: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Counter]:
    """Somebody who may do everything that a company's people may."""
    url = await servers.copied(postgres_server, template)
    async with open_house(url, tmp_path_factory.mktemp("var")) as house:
        buyer = await make_company()
        yield Counter(house, await house.enter(await make_actor(buyer, *COMPANY_ROLES)))


async def sent(counter: Counter, query: str, variables: str) -> tuple[int, dict[str, Any]]:
    """Status and answer, the variables being JSON text with whatever a client can write into it."""
    body = f'{{"query": {json.dumps(query)}, "variables": {variables}}}'
    headers = {"authorization": f"Bearer {counter.caller.token}", "content-type": "application/json"}
    reply = await counter.caller.http.post("/graphql", content=body.encode(), headers=headers)
    return reply.status_code, reply.json()


def with_nonsense(value: Any, path: Path, nonsense: str) -> str:
    """The JSON text of the value with the nonsense in one place, as it is."""
    return json.dumps(put(value, path, "HERE-IT-STANDS")).replace('"HERE-IT-STANDS"', nonsense)


def cases() -> Iterator[tuple[str, Any, Path, str, str]]:
    """Mutation, type of its input, path, what is wrong, and the wrong value's JSON text; each leaf and each list of each."""
    for name, field in mutations(SCHEMA):
        type_ = field.args["input"].type
        for path, kind in leaves(type_):
            bad = ENUMS if is_enum_type(SCHEMA.type_map[kind]) else BAD[kind]
            for what, nonsense in bad.items():
                yield name, type_, path, what, nonsense


async def test_a_value_of_the_wrong_form_is_refused_by_its_field_s_name(counter: Counter) -> None:
    """Every leaf of every mutation's input with every wrong value of its type."""
    before = await contents()
    tried, wrong = 0, []
    for name, type_, path, what, nonsense in cases():
        variables = with_nonsense({"input": plausible(type_, IDS_OF)}, path, nonsense)
        query = f"mutation ($input: {type_}) {{ {name}(input: $input) {{ __typename {REFUSED} }} }}"
        status, answer = await sent(counter, query, variables)
        told = answer.get("errors", [{"extensions": {}}])[0]["extensions"]
        expected = ("MALFORMED_REQUEST", None) if what in UNREADABLE else ("INVALID_INPUT", spelled(path))
        if status >= 500 or (told.get("code"), told.get("field")) != expected:
            wrong.append((name, spelled(path), what, status, answer))
        tried += 1
    assert wrong == []
    assert tried > 1_000
    assert await contents() == before


def paged() -> Iterator[str]:
    """Each field of Query that comes in pages, as far as the paging; of an unknown thing where it is about one."""
    assert SCHEMA.query_type is not None
    for name, field in SCHEMA.query_type.fields.items():
        if get_named_type(field.type).name.endswith("Connection"):
            about = [f'{argument}: "unknown" ' for argument, given in field.args.items() if is_required_argument(given)]
            yield f"{name}({''.join(about)}"


@pytest.mark.parametrize("size", ["0", "-1", "101", "2147483648", "1.5", '"5"'])
async def test_a_page_of_another_size_than_there_is_is_refused(counter: Counter, size: str) -> None:
    """Written into the document, or as a variable."""
    assert len(list(paged())) >= 6
    for name in paged():
        literal = await sent(counter, f"{{ {name}first: {size}) {{ nodes {{ __typename }} }} }}", "{}")
        query = f"query ($first: Int) {{ {name}first: $first) {{ nodes {{ __typename }} }} }}"
        variable = await sent(counter, query, f'{{"first": {size}}}')
        for status, answer in (literal, variable):
            told = answer["errors"][0]["extensions"]
            assert status < 500
            assert (told["code"], told["field"]) == ("INVALID_INPUT", "first"), (name, answer)


async def test_what_is_no_cursor_of_the_list_is_refused(counter: Counter) -> None:
    for name in paged():
        query = f"query ($after: String) {{ {name}after: $after) {{ nodes {{ __typename }} }} }}"
        for cursor in ("", "%%%", "WyJpZCJd", "x" * 10_000, encode_id("Order", new_id())):
            _, answer = await sent(counter, query, json.dumps({"after": cursor}))
            told = answer["errors"][0]["extensions"]
            assert (told["code"], told["field"]) == ("INVALID_INPUT", "after"), (name, cursor, answer)
