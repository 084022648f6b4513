"""Scenario 7: whoever is not a party to an order cannot tell that it exists, in whatever way they ask."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from graphql import get_named_type

from api.embedded import EmbeddedPostgres
from models.base import new_id
from resolvers.ids import encode_id, split_id
from services.approving import approve_order, return_order
from services.quoting import accept_quotation
from services.submitting import submit_order
from tests import servers
from tests.deep_queries import question, selection
from tests.estates import BUYERS, SEALED_PRICE, SHARED, SUPPLIERS, THRESHOLD, version
from tests.house import Caller
from tests.market import (
    COMMON,
    DEPTH,
    MALFORMED,
    SCHEMA,
    STORED,
    SUPPLIERS_OWN,
    Curious,
    Market,
    asked,
    everything,
    heard,
    ids_in,
    marks_in,
    open_market,
    owned,
)
from tests.order_makers import Parties, make_contracted_order, make_quotation, make_shipment
from tests.plausible import kind_of, leaves, mutations, plausible, put
from tests.tables import contents

FIELDS = 20
"""Root fields that one request may have."""

# Whose role allows them is told before any id is looked at.
OPERATORS = {
    "createCategory",
    "reviewCompany",
    "suspendCompany",
    "terminateOrder",
    "retryParked",
    "createCommissionRule",
    "endCommissionRule",
    "setCommissionReceiver",
    "retrySettlement",
    "arbitrateReturn",
}
SELLERS = {
    "createProduct",
    "updateProduct",
    "adjustStock",
    "transferStock",
    "createPriceList",
    "updatePriceList",
    "archivePriceList",
    "setPriceListItems",
    "updateCustomerGrade",
    "assignCustomerGrade",
    "createPromotion",
    "endPromotion",
    "setCreditLine",
    "blockCreditLine",
    "unblockCreditLine",
}

REFUSED = "... on Problem { __typename code message } ... on NotFoundProblem { id }"
FOLLOWING = (
    "subscription ($id: ID!) { orderEvents(orderId: $id, after: 0) { __typename seq } }",
    "subscription ($id: ID!) { orderEvents(orderId: $id) { __typename seq } }",
    "subscription ($id: ID!) { shipmentEvents(shipmentId: $id, after: 0) { __typename seq } }",
    "subscription ($id: ID!) { enquiryEvents(enquiryId: $id, after: 0) { __typename seq } }",
    "subscription ($id: ID!) { agreementEvents(agreementId: $id, after: 0) { __typename seq } }",
)
FOLLOWED = {
    "orderId": "Order",
    "shipmentId": "Shipment",
    "enquiryId": "Enquiry",
    "agreementId": "FrameworkAgreement",
}
LISTS = """query ($company: ID, $number: String) {
  with: orders(filter: { counterpartyId: $company }) { nodes { id } pageInfo { endCursor hasNextPage } }
  numbered: orders(filter: { number: $number }) { nodes { id } pageInfo { endCursor hasNextPage } }
  of: products(filter: { supplierId: $company }) { nodes { id } pageInfo { endCursor hasNextPage } }
}"""


@pytest.fixture(scope="module")
async def market(
    postgres_server: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Market]:
    """Made once: the tests only ask."""
    url = await servers.copied(postgres_server, template)
    async with open_market(url, tmp_path_factory.mktemp("var")) as market:
        yield market


@pytest.fixture(params=["another buyer", "a rival supplier", "nobody"])
def curious(request: pytest.FixtureRequest, market: Market) -> Curious:
    """One of those who would like to know."""
    return market.curious[request.param]


def unknown(kind: str) -> str:
    """The id of a thing of that kind that there is not."""
    return encode_id(kind, new_id())


def malformed(kind: str) -> str:
    """No id."""
    return MALFORMED


STAND_INS: tuple[Callable[[str], str], ...] = (unknown, malformed)


async def test_nothing_is_found_by_its_id(market: Market, curious: Curious) -> None:
    """Every field of Query that takes an id, with the id of everything, as many at once as one request may ask for."""
    assert SCHEMA.query_type is not None
    fields = [
        (name, "{ __typename }" if get_named_type(field.type) else "")
        for name, field in SCHEMA.query_type.fields.items()
        if "id" in field.args
    ]
    assert len(fields) >= 9
    pairs = [(field, kind) for field in fields for kind in sorted(curious.hidden - {"OrderLine"})]
    for start in range(0, len(pairs), FIELDS):
        some = pairs[start : start + FIELDS]
        wanted = ", ".join(f"$i{n}: ID!" for n in range(len(some)))
        parts = " ".join(f"a{n}: {name}(id: $i{n}) {below}" for n, ((name, below), _) in enumerate(some))
        query = f"query ({wanted}) {{ {parts} }}"
        found = await asked(
            curious.caller, query, **{f"i{n}": market.secret.ids[kind] for n, (_, kind) in enumerate(some)}
        )
        for stand_in in STAND_INS:
            assert found == await asked(
                curious.caller, query, **{f"i{n}": stand_in(kind) for n, (_, kind) in enumerate(some)}
            )
        assert set(json.loads(found[found.index('{"data"') :])["data"].values()) == {None}


async def test_nothing_is_found_by_a_filter(market: Market, curious: Curious) -> None:
    number = await market.buyer.ask("query ($id: ID!) { order(id: $id) { number } }", id=market.secret.ids["Order"])
    told = number["order"]["number"]
    partner = encode_id(
        "Company", (market.secret.supplier if "Company" not in curious.hidden else market.secret.buyer).company.id
    )
    query = (
        LISTS
        if "Company" in curious.hidden
        else LISTS.replace("of: products", "of: orders").replace("supplierId", "counterpartyId")
    )
    answers = {
        await asked(curious.caller, query, company=company, number=number)
        for company, number in ((partner, told), (unknown("Company"), "PO-0000-0000"), (MALFORMED, "no number"))
    }
    assert len(answers) == 1
    assert '"nodes":[]' in answers.pop()


async def test_no_step_can_be_taken_on_it(market: Market, curious: Curious) -> None:
    """Every mutation, each of its ids in turn somebody else's while all the others are the caller's own."""
    before = await contents("idempotency_key")
    codes: dict[str, set[str]] = {}
    for name, field in mutations(SCHEMA):
        for path, type_ in leaves(field.args["input"].type):
            kind = kind_of(next(step for step in reversed(path) if isinstance(step, str)))
            if (
                type_ == "ID"
                and (
                    kind in curious.hidden
                    or name in ("updateProduct", "adjustStock", "transferStock", "setPriceListItems")
                )
                and kind != "Category"
            ):
                codes.setdefault(name, set()).add(await refusal(market, curious, name, path[1:], kind))
    assert await contents("idempotency_key") == before
    assert len(codes) >= 30
    if curious.caller.token is None:
        assert set().union(*codes.values()) == {"UNAUTHENTICATED"}
    else:
        by_role = {name for name, found in codes.items() if found == {"NOT_ALLOWED"}}
        assert by_role <= {*OPERATORS, *SELLERS}
        # The caller's own order or quotation may be out of date by the time the stranger's line in it is looked at.
        assert {
            name
            for name in codes.keys() - by_role
            if not {"NOT_FOUND"} <= codes[name] <= {"NOT_FOUND", "STALE_VERSION", "QUOTE_SUPERSEDED"}
        } == set()


async def refusal(market: Market, curious: Curious, name: str, path: Any, kind: str) -> str:
    """The code with which the mutation is refused, for the secret's id as for one that is none."""
    type_ = SCHEMA.mutation_type.fields[name].args["input"].type  # type: ignore[union-attr]
    query = f"mutation ($input: {type_}) {{ {name}(input: $input) {{ __typename {REFUSED} }} }}"
    secret = encode_id("Product", market.secret.goods.id) if kind == "Product" else market.secret.ids[kind]
    answers = [
        await asked(curious.caller, query, input=put(plausible(type_, curious.own), path, given))
        for given in (secret, unknown(kind), MALFORMED)
    ]
    assert answers == answers[:1] * 3, name
    return str(re.findall(r'"code":"(\w+)"', answers[0])[0])


async def test_nothing_of_it_can_be_followed(market: Market, curious: Curious) -> None:
    for query in FOLLOWING:
        kind = next(kind for path, kind in FOLLOWED.items() if path in query)
        given = (market.secret.ids[kind], unknown(kind), MALFORMED)
        answers = [await followed(curious.caller, query, id_) for id_ in given]
        assert answers == answers[:1] * 3
        assert '"code": "NOT_FOUND"' in answers[0]


async def followed(caller: Caller, query: str, id_: str) -> str:
    """What a subscriber is told first, with the id blotted out."""
    async with caller.listening(query, id=id_) as listener, asyncio.timeout(10):
        return json.dumps(await listener.client.hear()).replace(id_, "WHAT-WAS-GIVEN")


async def test_no_board_of_others_shows_their_goods(market: Market) -> None:
    """Not asked for and not followed; both parties see them on theirs."""
    secret = market.secret
    parties = Parties(secret.buyer.everybody, secret.supplier.everybody)
    carrier = secret.mark(SHARED)
    shipment = await make_shipment(parties, await make_contracted_order(parties, ("1",)), carrier=carrier)
    marks = {carrier, shipment.number, encode_id("Shipment", shipment.id)}
    field = SCHEMA.subscription_type.fields["deliveryBoard"]  # type: ignore[union-attr]
    query = f"{{ deliveryBoard {selection(SCHEMA, field, DEPTH)} }}"
    for caller in (market.buyer, market.supplier, *(one.caller for one in market.curious.values())):
        shown = await asked(caller, query)
        if caller.token:
            async with caller.listening(f"subscription {query}") as listener:
                shown += json.dumps(await listener.next(), ensure_ascii=False)
        found = {mark for mark in marks if mark in shown}
        assert found == (marks if caller in (market.buyer, market.supplier) else set())


@pytest.fixture(scope="module")
async def told(market: Market) -> dict[str, str]:
    """What everybody is told who asks for everything, and what all but the operator hear who follow everything."""
    secret = market.secret
    askers = {
        "buyer": (market.buyer, {**owned(secret, secret.buyer), **secret.ids}),
        "supplier": (market.supplier, {**owned(secret, secret.supplier), **secret.ids}),
        "operator": (market.operator, {**owned(secret, secret.buyer), **secret.ids}),
        **{who: (one.caller, one.own) for who, one in market.curious.items()},
    }
    told = {}
    for who, answers in (await everything(askers)).items():
        caller, ids = askers[who]
        events = await heard(caller, ids["Order"]) if caller.token and who != "operator" else []
        told[who] = json.dumps([answers, events], ensure_ascii=False)
    return told


async def test_the_owner_is_told_every_mark(market: Market, told: dict[str, str]) -> None:
    """So the questions leave nothing out, and what they find nowhere else is nowhere else."""
    marks = set(market.secret.marks)
    assert {mark for mark in marks if not mark.startswith(SUPPLIERS)} <= marks_in(told["buyer"])
    assert {f"{BUYERS}approver", str(THRESHOLD), f"{BUYERS}-0"} <= marks_in(told["buyer"])
    kinds = {who: {str(split_id(id_)[0]) for id_ in ids_in(text)} for who, text in told.items()}  # type: ignore[index]
    assert set(market.secret.ids) - COMMON - SUPPLIERS_OWN <= kinds["buyer"]
    assert kinds["supplier"] >= SUPPLIERS_OWN
    assert not kinds["buyer"] & SUPPLIERS_OWN
    assert all(market.secret.price in told[who] for who in ("buyer", "supplier"))
    assert {mark for mark in marks if mark.startswith((SHARED, SUPPLIERS))} <= marks_in(told["supplier"])


async def test_neither_side_is_told_what_only_the_other_s_people_know(told: dict[str, str]) -> None:
    """The supplier nothing of drafts, approvals and enquiries; the buyer nothing of an offer that is sealed."""
    assert marks_in(told["supplier"], BUYERS) | marks_in(told["buyer"], SUPPLIERS) == set()
    assert SEALED_PRICE in told["supplier"]
    assert SEALED_PRICE not in told["buyer"]
    assert not any(f'"{kind}"' in told["buyer"] for kind in STORED)
    assert str(THRESHOLD) not in marks_in(told["supplier"])


async def test_no_mark_and_no_id_of_it_ever_appears(market: Market, told: dict[str, str], curious: Curious) -> None:
    """The ids that both parties are told are those of the secret."""
    secret = ids_in(told["buyer"]) & ids_in(told["supplier"])
    assert set(market.secret.ids.values()) & secret
    marks = {*market.secret.marks, f"{BUYERS}-0", f"{BUYERS}approver", f"{SUPPLIERS}approver", str(THRESHOLD)}
    found = told[curious.who]
    assert (marks_in(found) & marks, ids_in(found) & secret) == (set(), set())
    assert market.secret.price not in found


async def test_the_operator_sees_business_and_no_company_s_own_thoughts(market: Market, told: dict[str, str]) -> None:
    """Placed orders with all that both sides wrote; companies' settings, which it reviews; no drafts, no approvals."""
    found = told["operator"]
    # Reasons that only an event gives are in the parties' feeds.
    answered = json.dumps(json.loads(told["buyer"])[0], ensure_ascii=False)
    assert marks_in(answered, SHARED) & set(market.secret.marks) <= marks_in(found)
    assert marks_in(found, BUYERS, SUPPLIERS) <= {f"{BUYERS}-0", f"{BUYERS}approver", f"{SUPPLIERS}approver"}
    assert not any(f'"{kind}"' in found for kind in ("Approval", *STORED))
    assert SEALED_PRICE not in found
    assert "PriceList" not in {str((split_id(id_) or [""])[0]) for id_ in ids_in(found)}


ORDER = "query ($id: ID!) { order(id: $id) { version createdAt placedAt approvals { id } draftHints { code } } }"


async def test_to_the_supplier_an_order_begins_when_it_is_placed(market: Market) -> None:
    """It had seven events before: made, submitted, given back, changed, submitted again."""
    id_ = market.secret.ids["Order"]
    theirs = (await market.supplier.ask(ORDER, id=id_))["order"]
    ours = (await market.buyer.ask(ORDER, id=id_))["order"]
    assert (theirs["approvals"], theirs["draftHints"], theirs["createdAt"]) == ([], [], theirs["placedAt"])
    assert len(ours["approvals"]) >= 2
    assert ours["createdAt"] < theirs["createdAt"]
    watch = "subscription ($id: ID!) { orderEvents(orderId: $id, after: 0) { __typename seq cursor } }"
    async with market.supplier.listening(watch, id=id_) as listener:
        events = await listener.take(theirs["version"])
    assert (
        [event["seq"] for event in events] == [event["cursor"] for event in events] == list(range(1, len(events) + 1))
    )
    assert events[0]["__typename"] == "OrderPlaced"
    hidden = {"OrderCreated", "DraftUpdated", "OrderSubmitted", "OrderReturned", "OrderWithdrawn"}
    assert {event["__typename"] for event in events} & hidden == set()
    assert ours["version"] - theirs["version"] == len(hidden)


async def test_an_award_that_waits_for_approval_changes_nothing_for_the_supplier(market: Market) -> None:
    """Byte for byte, whatever it asks, before, during and after the buyer's deliberations."""
    buyer, supplier = market.secret.buyer, market.secret.supplier
    order = await market.secret.drafted(SHARED, "1000")
    order = await submit_order(buyer.everybody, order.id, order.version)
    order = await approve_order(buyer.approver, order.id, order.version)
    quotation = await make_quotation(Parties(buyer.everybody, supplier.everybody), order, ("9.9",))
    query, id_ = question(SCHEMA, "order", DEPTH), encode_id("Order", order.id)
    before = await asked(market.supplier, query, id=id_)
    pending = await accept_quotation(buyer.everybody, quotation.id, await version(order, buyer.everybody))
    assert pending.approval_pending
    assert await asked(market.supplier, query, id=id_) == before
    await return_order(buyer.approver, order.id, await version(order, buyer.approver), market.secret.mark(BUYERS))
    assert await asked(market.supplier, query, id=id_) == before
