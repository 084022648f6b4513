"""What the two sides of a credit line are told of it, what nobody else is, and how a contract that does not fit is refused."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from api.schema import schema
from models import Company, CreditLine, OrderLine
from resolvers.context import Context
from resolvers.errors import root_cause
from resolvers.ids import encode_id
from rules.people import Role
from rules.problems import Problem
from rules.terms import PartialAcceptance
from services import clock
from tests.authenticators import make_app
from tests.credit_makers import make_credit_line
from tests.enquiry_makers import make_bid, make_bidders, make_issued_enquiry, sibling
from tests.makers import PASSWORD, make_actor
from tests.order_makers import (
    Parties,
    contract_of,
    fresh,
    lines_of,
    make_awarded_order,
    make_contracted_order,
    make_parties,
    make_placed_order,
    make_quotation,
    make_signed,
)
from tests.resolvers.asking import ask
from tests.statements import counting

STATEMENT = """statement { limit { amount currency } reserved { amount } used { amount } available { amount } block
  isNearlyExhausted }"""
LINES = f"""query ($filter: CreditLineFilter) {{ creditLines(filter: $filter) {{ nodes {{ id currency hasOwnLimit blocksOverdue
  blockReason remark version supplier {{ legalName }} buyer {{ legalName }} {STATEMENT}
  entries {{ move amount {{ amount }} order {{ number }} }} }} }} }}"""
SET = """mutation ($input: SetCreditLineInput!) { setCreditLine(input: $input) { __typename ... on Problem { code message }
  ... on SetCreditLineSuccess { creditLine { id version remark statement { limit { amount } } } } } }"""
BLOCK = """mutation ($input: BlockCreditLineInput!) { blockCreditLine(input: $input) { __typename ... on Problem { code }
  ... on BlockCreditLineSuccess { creditLine { version blockReason statement { block } } } } }"""
UNBLOCK = """mutation ($input: CreditLineStepInput!) { unblockCreditLine(input: $input) { __typename ... on Problem { code }
  ... on UnblockCreditLineSuccess { creditLine { version blockReason statement { block } } } } }"""
CHECK = "creditCheck { standing needed { amount } available { amount } block }"
ORDER = f"query ($id: ID!) {{ order(id: $id) {{ {CHECK} }} }}"
PART = """query ($id: ID!, $lines: [AcceptedLineInput!]) { order(id: $id) { creditCheck(lines: $lines) {
  standing needed { amount } } } }"""
PARTS = "query ($lines: [AcceptedLineInput!]) { orders { nodes { creditCheck(lines: $lines) { standing } } } }"
SIGN = """mutation ($input: SignContractInput!) { signContract(input: $input) { __typename ... on Problem { code message }
  ... on CreditProblem { currency available needed shortBy block } } }"""
ENTRIES = "query ($id: ID!) { creditEntries(id: $id, first: 1) { nodes { move } pageInfo { hasNextPage } } }"


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


def said(parties: Parties, **facts: Any) -> dict[str, Any]:
    """What `setCreditLine` is given."""
    buyer = encode_id("Company", parties.buyer.home)
    return {"buyerId": buyer, "currency": "CNY", "expectedVersion": 0, "limit": "500", "remark": "A good one", **facts}


async def test_a_line_is_set_read_by_both_sides_and_blocked(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    made = (await ask(parties.supplier, SET, input=said(parties)))["creditLine"]
    assert (made["version"], made["remark"], made["statement"]["limit"]) == (1, "A good one", {"amount": "500.00"})
    assert (await ask(parties.supplier, SET, input=said(parties)))["code"] == "STALE_VERSION"
    [line] = (await ask(parties.buyer, LINES, filter={"side": "BUYER"}))["nodes"]
    assert line["statement"] == {
        "limit": {"amount": "500.00", "currency": "CNY"},
        "reserved": {"amount": "430.79"},
        "used": {"amount": "0"},
        "available": {"amount": "69.21"},
        "block": None,
        "isNearlyExhausted": False,
    }
    assert line["entries"] == [{"move": "RESERVED", "amount": {"amount": "430.79"}, "order": {"number": order.number}}]
    step = {"creditLineId": made["id"], "expectedVersion": 1}
    blocked = (await ask(parties.supplier, BLOCK, input={**step, "reason": "they pay late"}))["creditLine"]
    assert blocked == {"version": 2, "blockReason": "they pay late", "statement": {"block": "SUSPENDED"}}
    [line] = (await ask(parties.buyer, LINES))["nodes"]
    assert (line["statement"]["block"], line["blockReason"], line["remark"]) == ("SUSPENDED", None, None)
    step["expectedVersion"] = 2
    assert (await ask(parties.buyer, UNBLOCK, input=step))["code"] == "NOT_ALLOWED"
    opened = (await ask(parties.supplier, UNBLOCK, input=step))["creditLine"]
    assert opened == {"version": 3, "blockReason": None, "statement": {"block": None}}
    assert (await ask(parties.supplier, UNBLOCK, input={**step, "expectedVersion": 3}))["code"] == "INVALID_INPUT"


async def test_nobody_else_meets_a_line_and_the_limit_for_all_is_the_supplier_s_own(parties: Parties) -> None:
    await make_contracted_order(parties)
    await make_credit_line(parties, "100.00", for_all=True)
    found = (await ask(parties.supplier, LINES, filter={"counterpartyId": None}))["nodes"]
    assert [(one["buyer"] is None, one["hasOwnLimit"]) for one in found] == [(True, True), (False, False)]
    [line] = (await ask(parties.buyer, LINES))["nodes"]
    assert line["statement"]["limit"] == {"amount": "100.00", "currency": "CNY"}
    assert len((await ask(parties.buyer, ENTRIES, id=line["id"]))["nodes"]) == 1
    company = await Company.named(parties.buyer.home)
    warehouse, (stranger, rival) = (
        await make_actor(company, Role.WAREHOUSE),
        (
            (other := await make_parties()).buyer,
            other.supplier,
        ),
    )
    for curious in (warehouse, stranger, rival):
        assert (await ask(curious, LINES))["nodes"] == []
        assert await ask(curious, ENTRIES, id=line["id"]) is None
    step = {"creditLineId": line["id"], "expectedVersion": 0, "reason": "none of theirs"}
    assert (await ask(rival, BLOCK, input=step))["code"] == "NOT_FOUND"


async def test_a_screen_warns_before_and_the_refusal_tells_the_figures(parties: Parties) -> None:
    order = await make_placed_order(parties)
    await make_quotation(parties, order)
    await make_credit_line(parties, "430.78")
    check = {"standing": "NOT_ENOUGH", "needed": {"amount": "430.79"}, "available": {"amount": "430.78"}, "block": None}
    id_ = encode_id("Order", order.id)
    for actor in (parties.buyer, parties.supplier):
        assert await ask(actor, ORDER, id=id_) == {"creditCheck": check}
    warehouse = await make_actor(await Company.named(parties.buyer.home), Role.WAREHOUSE)
    assert await ask(warehouse, ORDER, id=id_) == {"creditCheck": None}
    signed = await make_signed(await make_awarded_order(parties), parties.supplier)
    id_, app = encode_id("Order", signed.id), await make_app(parties.buyer)
    assert await ask(parties.buyer, ORDER, id=id_) == {"creditCheck": check}
    given = {
        "orderId": id_,
        "expectedVersion": (await fresh(signed)).version,
        "sha256": (await contract_of(signed)).sha256,
        "password": PASSWORD,
        "totpCode": app.code(),
    }
    assert await ask(parties.buyer, SIGN, input=given) == {
        "__typename": "CreditProblem",
        "code": "CREDIT_LIMIT_EXCEEDED",
        "message": "430.78 CNY of the buyer's credit with the supplier is left; 430.79 more is 0.01 too much.",
        "currency": "CNY",
        "available": "430.78",
        "needed": "430.79",
        "shortBy": "0.01",
        "block": None,
    }
    await make_credit_line(parties, "430.79")
    assert (await ask(parties.buyer, SIGN, input=given))["__typename"] == "SignContractSuccess", "the code is unspent"


async def test_a_screen_asks_of_a_part_and_is_refused_as_its_acceptance_would_be(parties: Parties) -> None:
    order, other = [await make_placed_order(parties, ("100", "100")) for _ in range(2)]
    for one, may in ((order, PartialAcceptance.ALLOWED), (other, PartialAcceptance.WHOLE_ONLY)):
        await make_quotation(parties, one, ("1", "1"), freight="0", partial_acceptance=may)
    await make_credit_line(parties, "113.00")

    async def refused(order_id: UUID, lines: list[dict[str, str]]) -> Any:
        asked = {"id": encode_id("Order", order_id), "lines": lines}
        context = Context(actor=parties.buyer, locale="en")
        result = await schema.execute(PART, variable_values=asked, context_value=context)
        assert result.errors is not None
        cause = root_cause(result.errors[0])
        return cause.code if isinstance(cause, Problem) else result.errors[0].extensions["code"]  # type: ignore[index]

    (first, second), (foreign, _) = await lines_of(order), await lines_of(other)
    id_ = encode_id("Order", order.id)
    for part, needed in (([taken(first, "100")], "113.00"), ([taken(first, "1"), taken(second, "100")], "114.13")):
        found = (await ask(parties.buyer, PART, id=id_, lines=part))["creditCheck"]
        assert found == {"standing": "ENOUGH" if needed == "113.00" else "NOT_ENOUGH", "needed": {"amount": needed}}
    assert (await ask(parties.supplier, PART, id=id_, lines=None))["creditCheck"]["needed"] == {"amount": "226.00"}
    for wrong, code in (
        ([], "INVALID_INPUT"),
        ([taken(first, "0")], "INVALID_INPUT"),
        ([taken(first, "1")] * 2, "INVALID_INPUT"),
        ([taken(first, "101")], "QUANTITY_EXCEEDED"),
        ([taken(foreign, "1")], "NOT_FOUND"),
    ):
        assert await refused(order.id, wrong) == code, wrong
    assert await refused(other.id, [taken(foreign, "1")]) == "QUOTE_WHOLE_ONLY"
    warehouse = await make_actor(await Company.named(parties.buyer.home), Role.WAREHOUSE)
    assert await ask(warehouse, PART, id=id_, lines=[taken(first, "1")]) == {"creditCheck": None}
    listed = await schema.execute(
        PARTS, variable_values={"lines": [taken(first, "1")]}, context_value=Context(actor=parties.buyer, locale="en")
    )
    assert [one.message for one in listed.errors or ()] == ["lines must be of one order"] * 2


async def test_under_seal_no_buyer_learns_from_its_credit_what_was_bid(database: str) -> None:
    bidders = await make_bidders(1)
    enquiry = await make_issued_enquiry(bidders, is_sealed=True, answer_by=clock.now() + timedelta(days=2))
    await make_bid(bidders, enquiry, 0, "0.3")
    order = await sibling(bidders, enquiry, 0)
    [line] = await lines_of(order)
    for lines in (None, [taken(line, "1")]):
        said: dict[str, Any] = {"id": encode_id("Order", order.id), "lines": lines}
        assert await ask(bidders.buyer, PART, **said) == {"creditCheck": None}
        assert (await ask(bidders.suppliers[0], PART, **said))["creditCheck"]["standing"] == "NO_LIMIT"


def taken(line: OrderLine, quantity: str) -> dict[str, str]:
    """So much of a line is accepted."""
    return {"orderLineId": encode_id("OrderLine", line.id), "quantity": quantity}


async def test_many_lines_and_orders_take_as_many_statements_as_one(parties: Parties) -> None:
    sent = []
    lines = f"{{ creditLines {{ nodes {{ {STATEMENT} supplier {{ legalName }} entries {{ move }} }} }} }}"
    orders = f"{{ orders {{ nodes {{ {CHECK} }} }} }}"
    for number in (1, 3):
        for _ in range(number):
            other = Parties(parties.buyer, (await make_parties()).supplier)
            await make_contracted_order(other)
            await make_awarded_order(other)
        async with counting() as statements:
            await ask(parties.buyer, lines)
            await ask(parties.buyer, orders)
        sent.append(len(statements))
    assert await CreditLine.filter(buyer_id=parties.buyer.home).count() == 4
    assert sent[0] == sent[1]
