"""A market with a secret: two who have everything together, and those around them who would like to know."""

import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.schema import schema as shown_schema
from models.base import new_id
from resolvers.ids import encode_id, split_id
from rules.people import CompanyKind
from tests.deep_queries import questions, watching
from tests.estates import BUYERS, SHARED, SUPPLIERS, THRESHOLD, Estate, Firm, contend, make_estate
from tests.house import Caller, House, open_house
from tests.makers import make_key, make_platform

SCHEMA = shown_schema._schema
WIDE = {
    "limit_tokens": 20_000,
    "limit_document_bytes": 200_000,
    "limit_aliases": 10_000,
    "limit_cost": 10**9,
    "limit_seconds": 60,
}
"""For the questions that ask for everything at once."""

DEPTH = 4
"""Of what is asked for: from an order to a line, its product, the product's supplier and category."""

TICKET = re.compile(r"\?ticket=[\w=-]+")
"""What lets a file be fetched for a while: another one with every answer."""

MALFORMED = "no-id-of-ours"
MARK = re.compile(rf"(?:{SHARED}|{BUYERS}|{SUPPLIERS})-\d+|(?:{BUYERS}|{SUPPLIERS})approver|{THRESHOLD}")
SECRET_ID = re.compile(r'"([A-Za-z0-9_-]{20,80})"')
COMMON = {"Company", "Product", "Category", "VatRate"}
"""What many may see; the rest belongs to two parties or to one."""
STORED = {"Warehouse", "StockLevel", "StockEntry"}
SUPPLIERS_OWN = {
    "PriceList",
    "CustomerGrade",
    "Promotion",
    "Settlement",
    "CommissionRule",
    "Reconciliation",
    "ReconciliationDifference",
    "StatementFile",
    *STORED,
}
"""What not even the other party ever hears of."""


@dataclass
class Curious:
    """Somebody who would like to know: who, what is theirs, and which kinds of the secret's ids are none of theirs."""

    who: str
    caller: Caller
    own: dict[str, str]
    hidden: frozenset[str]


@dataclass
class Market:
    """What B1 and S1 have together, and those around them."""

    house: House
    secret: Estate
    buyer: Caller
    supplier: Caller
    operator: Caller
    curious: dict[str, Curious]


@asynccontextmanager
async def open_market(url: str, data_dir: Path) -> AsyncIterator[Market]:
    """B1 and S1 with their secret; B2, who buys from S1 too, and S2, who sells to B1 too and was asked for the same once."""
    async with open_house(url, data_dir, **WIDE) as house:
        b1 = await Firm.made(CompanyKind.BUYER, BUYERS, threshold=THRESHOLD, delivery_place=f"{BUYERS}-0")
        s1 = await Firm.made(CompanyKind.SUPPLIER, SUPPLIERS)
        b2, s2 = await Firm.made(CompanyKind.BUYER), await Firm.made(CompanyKind.SUPPLIER)
        secret, bought, sold = await make_estate(b1, s1), await make_estate(b2, s1), await make_estate(b1, s2)
        await contend(secret, sold)
        everybody = [await house.enter(firm.everybody) for firm in (b1, s1, b2, s2)]
        operator = await house.enter(await make_platform())
        kinds = frozenset(secret.ids) | {"OrderLine"}
        curious = (
            Curious("another buyer", everybody[2], owned(bought, b2), kinds | {"Company"}),
            Curious("a rival supplier", everybody[3], owned(sold, s2), kinds),
            Curious("nobody", house.stranger(), owned(sold, s2), kinds | {"Company"}),
        )
        secret.ids["Company"] = encode_id("Company", b1.company.id)
        yield Market(house, secret, everybody[0], everybody[1], operator, {one.who: one for one in curious})


def owned(estate: Estate, firm: Firm) -> dict[str, str]:
    """An id of each kind that the firm may name."""
    goods = estate.goods
    return {
        **estate.ids,
        "Member": encode_id("Member", firm.approver.member or new_id()),
        "Company": encode_id("Company", firm.company.id),
        # Nobody's: what carriers pushed is the operator's alone.
        "CarrierPush": encode_id("CarrierPush", new_id()),
        # And so are changes of the law.
        "VatRate": encode_id("VatRate", new_id()),
        "Product": encode_id("Product", goods.id),
        "Category": encode_id("Category", goods.category_id),
    }


async def asked(caller: Caller, query: str, **variables: Any) -> str:
    """Status, headers and text of the answer, with what was asked for blotted out."""
    headers = {"authorization": f"Bearer {caller.token}"} if caller.token else {}
    reply = await caller.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
    told = {name: value for name, value in reply.headers.items() if name not in ("date", "content-length")}
    text = TICKET.sub("", f"{reply.status_code} {told} {reply.text}")
    for given in sorted(flat(variables), key=len, reverse=True):
        text = text.replace(given, "WHAT-WAS-GIVEN")
    return text


def flat(value: Any) -> Iterator[str]:
    """Each id among the variables."""
    if isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from flat(entry)
    elif isinstance(value, str) and (split_id(value) or value == MALFORMED):
        yield value


async def everything(askers: Mapping[str, tuple[Caller, Mapping[str, str]]]) -> dict[str, list[Any]]:
    """All that each of them is told when asking for everything, with an id of each kind to name.

    Everybody asks the same before anybody asks the next: a document that big takes longer to read than to answer.
    """
    wanted: dict[str, list[tuple[str, dict[str, str]]]] = defaultdict(list)
    for name, (_, ids) in askers.items():
        for query, variables in questions(SCHEMA, ids, DEPTH):
            wanted[query].append((name, variables))
    answers: dict[str, list[Any]] = {name: [] for name in askers}
    for query, asking in wanted.items():
        for name, variables in asking:
            answers[name].append(await askers[name][0].ask_raw(query, **variables))
    assert [one["errors"] for told in answers.values() for one in told if "errors" in one] == []
    return answers


async def heard(caller: Caller, order_id: str) -> list[Any]:
    """Every event of the caller's company, up to a message that is posted last."""
    said = f"the end {make_key()}"
    events: list[Any] = []
    async with caller.listening(watching(SCHEMA, 1)) as listener:
        post = "mutation ($input: PostMessageInput!) { postMessage(input: $input) { __typename } }"
        await caller.do(post, orderId=order_id, text=said, idempotencyKey=make_key())
        while not events or said not in json.dumps(events[-1]):
            events.append(await listener.next())
    return events


def ids_in(text: str) -> set[str]:
    """Every id in a text that belongs to an order or to one company."""
    found = {id_: split_id(id_) for id_ in SECRET_ID.findall(text)}
    return {id_ for id_, parts in found.items() if parts is not None and parts[0] not in COMMON}


def marks_in(text: str, *whose: str) -> set[str]:
    """The marks in a text, or those of these owners."""
    return {mark for mark in MARK.findall(text) if not whose or mark.startswith(whose)}
