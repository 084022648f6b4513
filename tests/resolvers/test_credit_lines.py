"""What the two sides of a credit line are told of it, what nobody else is, and how a contract that does not fit is refused."""

from typing import Any

import pytest

from models import Company, CreditLine
from resolvers.ids import encode_id
from rules.people import Role
from tests.authenticators import make_app
from tests.credit_makers import make_credit_line
from tests.makers import PASSWORD, make_actor
from tests.order_makers import (
    Parties,
    contract_of,
    fresh,
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
