"""Scenarios 2, 3 and 4 as a company lives them, over HTTP: rules, a deputy for a week, and a supplier who learns of nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models import Company, Member
from models.base import new_id
from resolvers.ids import encode_id
from rules.people import Actor, Role
from services import clock, passwords
from tests.api.test_story import ACCEPT, CREATE, QUOTE, SUBMIT, step
from tests.house import Caller, House, open_house
from tests.makers import actor_of, make_actor, make_key, make_member
from tests.order_makers import make_goods, make_parties

APPROVE = step("approveOrder", "order { status version }")
RULE = step("createApprovalRule", "approvalRule { id }")
REORDER = step("reorderApprovalRules", "approvalRules { id }")
RULES = "{ approvalRules(first: 50) { nodes { id version } } }"
LEND = step("delegateApproval", "delegation { id }")
READ = """query ($id: ID!) { order(id: $id) { version status lines { id }
  approvals { status amount { amount } votes { voter { id } onBehalfOf { id } decision } } } }"""
LISTED = "{ orders(first: 50) { nodes { id number } } }"
WHEN = "2026-12-01T01:00:00+00:00"
THRESHOLD = {"amount": "10000.00", "currency": "CNY"}


@dataclass
class Office:
    """The buyer's people and the supplier's salesperson, signed in."""

    house: House
    people: dict[str, Actor]
    supplier_id: str
    product_id: str
    requester: Caller = field(init=False)
    manager: Caller = field(init=False)
    deputy: Caller = field(init=False)
    admin: Caller = field(init=False)
    sales: Caller = field(init=False)

    async def enter(self) -> None:
        """Everybody signs in, at the moment that it is."""
        for name, person in self.people.items():
            setattr(self, name, await self.house.enter(person))

    def id_of(self, name: str) -> str:
        """Somebody's id as clients know it."""
        member = self.people[name].member
        assert member is not None
        return encode_id("Member", member)

    async def order_of(self, pieces: int, by: Caller | None = None) -> str:
        """A draft over so many pieces at 1.00 without tax."""
        lines = [{"productId": self.product_id, "quantity": str(pieces)}]
        delivery = {
            "deliveryPlace": "上海市浦东新区世纪大道1号",
            "deliveryZone": "Asia/Shanghai",
            "requestedOn": "2026-12-31",
        }
        wish = {"supplierId": self.supplier_id, "lines": lines, **delivery, "idempotencyKey": make_key()}
        made = await (by or self.requester).do(CREATE, **wish)
        assert made["__typename"] == "CreateOrderSuccess", made
        return str(made["order"]["id"])

    async def submitted(self, pieces: int, by: Caller | None = None) -> str:
        """An order that was sent on its way."""
        order_id = await self.order_of(pieces, by)
        sent = await (by or self.requester).do(SUBMIT, orderId=order_id, expectedVersion=1)
        assert sent["__typename"] == "SubmitOrderSuccess", sent
        return order_id

    async def read(self, caller: Caller, order_id: str) -> Any:
        """The order as the caller sees it."""
        return (await caller.ask(READ, id=order_id))["order"]

    async def approve(self, caller: Caller, order_id: str) -> dict[str, Any]:
        """What the caller is told who approves the newest version."""
        version = (await self.read(self.requester, order_id))["version"]
        return await caller.do(APPROVE, orderId=order_id, expectedVersion=version)

    async def lend(self, giver: Caller, taker: str) -> dict[str, Any]:
        """The approver's right is the other's for the first week of December."""
        days = {"validFrom": "2026-12-01", "validTo": "2026-12-07"}
        return await giver.do(LEND, takerId=self.id_of(taker), **days, idempotencyKey=make_key())

    async def accepted(self, order_id: str, price: str) -> dict[str, Any]:
        """What the requester is told who accepts the supplier's offer of all pieces at this price."""
        order = await self.read(self.sales, order_id)
        offer = {"orderLineId": order["lines"][0]["id"], "unitPrice": price}
        sent = await self.sales.do(
            QUOTE,
            orderId=order_id,
            expectedVersion=order["version"],
            lines=[offer],
            validUntil="2026-12-20T00:00:00Z",
            paymentNetDays=30,
        )
        assert sent["__typename"] == "SendQuotationSuccess", sent
        version = (await self.read(self.requester, order_id))["version"]
        return await self.requester.do(ACCEPT, quotationId=sent["quotation"]["id"], expectedVersion=version)


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """More than 10,000.00 wants the manager, whose own orders want the deputy; the administrator says so through the API."""
    with clock.held_at(WHEN), passwords.cheaply():
        async with open_house(database_url, tmp_path) as house:
            parties = await make_parties()
            goods = await make_goods(parties.supplier, list_price=Decimal("1.00"), tax_rate=Decimal(0))
            company = await Company.named(parties.buyer.home)
            people = {
                "requester": await make_actor(company, Role.REQUESTER),
                "manager": await actor_of(await make_member(company, Role.APPROVER, Role.REQUESTER)),
                "deputy": await make_actor(company, Role.APPROVER),
                "admin": await actor_of(await Member.first_of(company.id)),
                "sales": await make_actor(await Company.named(parties.supplier.home), Role.SALES),
            }
            office = Office(house, people, encode_id("Company", parties.supplier.home), encode_id("Product", goods.id))
            await office.enter()
            await ruled(office, "more than 10,000", "manager")
            yield office


async def ruled(office: Office, name: str, approver: str, *, first: bool = False) -> None:
    """One more rule, at both stages: above the threshold this approver is asked; `first`: before the other rules."""
    made = await office.admin.do(
        RULE,
        name=name,
        stages=["SUBMISSION", "AWARD"],
        conditions={"amountAbove": THRESHOLD},
        tiers=[{"quorum": "ANY", "memberIds": [office.id_of(approver)]}],
        idempotencyKey=make_key(),
    )
    assert made["__typename"] == "CreateApprovalRuleSuccess", made
    if first:
        rules = (await office.admin.ask(RULES))["approvalRules"]["nodes"]
        steps = [{"approvalRuleId": one["id"], "expectedVersion": one["version"]} for one in reversed(rules)]
        moved = await office.admin.do(REORDER, rules=steps)
        assert moved["__typename"] == "ReorderApprovalRulesSuccess", moved


async def test_above_the_limit_the_manager_decides_and_the_supplier_knows_of_nothing(office: Office) -> None:
    """Scenario 2; 10,000.00 itself is not above the limit."""
    assert (await office.read(office.requester, await office.submitted(10_000)))["status"] == "PENDING_SUPPLIER"
    order_id = await office.submitted(12_000)
    assert (await office.read(office.requester, order_id))["status"] == "PENDING_APPROVAL"
    answers = [await office.sales.ask_raw(READ, id=id_) for id_ in (order_id, encode_id("Order", new_id()), "no-id")]
    assert answers[0]["data"] == {"order": None}
    assert answers == answers[:1] * 3
    assert order_id not in [one["id"] for one in (await office.sales.ask(LISTED))["orders"]["nodes"]]
    for nobody_asked in (office.requester, office.deputy):
        assert (await office.approve(nobody_asked, order_id))["code"] == "NOT_ALLOWED"
    assert (await office.approve(office.manager, order_id))["order"]["status"] == "PENDING_SUPPLIER"
    seen = await office.read(office.sales, order_id)
    assert (seen["version"], seen["status"], seen["approvals"]) == (1, "PENDING_SUPPLIER", [])


async def test_nobody_approves_their_own_order(office: Office) -> None:
    """Scenario 2's other half: the manager orders, and the rule asks nobody else."""
    order_id = await office.order_of(12_000, office.manager)
    refused = await office.manager.do(SUBMIT, orderId=order_id, expectedVersion=1)
    assert refused["code"] == "APPROVER_MISSING"
    assert (await office.read(office.manager, order_id))["status"] == "DRAFT"


async def test_a_quotation_above_the_limit_is_approved_before_it_is_accepted(office: Office) -> None:
    """Scenario 3: 8,000 asked nobody; 11,000 asks the manager."""
    order_id = await office.submitted(8_000)
    accepted = await office.accepted(order_id, "1.375")
    assert accepted["order"]["status"] == "PENDING_BUYER"
    [pending] = (await office.read(office.requester, order_id))["approvals"]
    assert (pending["status"], pending["amount"]) == ("PENDING", {"amount": "11000.00"})
    assert (await office.read(office.sales, order_id))["status"] == "PENDING_BUYER"
    assert (await office.approve(office.manager, order_id))["order"]["status"] == "PENDING_SIGNATURE"


async def test_a_flow_keeps_the_rule_it_began_with(office: Office) -> None:
    """Scenario 3: whoever is asked is asked still when the rule names somebody else from now on."""
    order_id = await office.submitted(12_000)
    await ruled(office, "the deputy from now on", "deputy", first=True)
    assert (await office.approve(office.deputy, order_id))["code"] == "NOT_ALLOWED"
    assert (await office.approve(office.manager, order_id))["order"]["status"] == "PENDING_SUPPLIER"
    assert (await office.approve(office.deputy, await office.submitted(12_000)))["order"][
        "status"
    ] == "PENDING_SUPPLIER"


async def test_a_deputy_answers_for_a_week_and_no_day_longer(office: Office) -> None:
    """Scenario 4: from 1 to 7 December; what is written down says for whom."""
    lent = await office.lend(office.manager, "deputy")
    assert lent["__typename"] == "DelegateApprovalSuccess", lent
    back = await office.lend(office.deputy, "manager")
    assert back["code"] in {"CONFLICT", "INVALID_INPUT"}, "a right does not come back to its giver"
    early, late = await office.submitted(12_000), await office.submitted(12_000)
    with clock.held_at("2026-12-03T01:00:00+00:00"):
        await office.enter()
        assert (await office.approve(office.deputy, early))["order"]["status"] == "PENDING_SUPPLIER"
        [approval] = (await office.read(office.requester, early))["approvals"]
    [vote] = approval["votes"]
    assert (vote["voter"]["id"], vote["onBehalfOf"]["id"]) == (office.id_of("deputy"), office.id_of("manager"))
    with clock.held_at("2026-12-07T16:00:00+00:00"):  # 8 December in Shanghai
        await office.enter()
        assert (await office.approve(office.deputy, late))["code"] == "NOT_ALLOWED"
        assert (await office.approve(office.manager, late))["order"]["status"] == "PENDING_SUPPLIER"
