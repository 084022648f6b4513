"""What the schema tells a buyer's own people of cost centres and budgets, and how it refuses."""

from typing import Any

import pytest

from models import Company, CostCentre, Member, Order
from models.base import new_id
from resolvers.ids import encode_id
from rules.budgets import BudgetPolicy
from rules.people import Actor, Role
from tests.budget_makers import make_budget, make_cost_centre
from tests.makers import actor_of, make_actor, make_key
from tests.order_makers import Parties, make_order, make_parties, make_placed_order, make_quotation
from tests.resolvers.asking import ask

CENTRES = """{ costCentres { nodes { code name isActive version budgets {
  amount { amount currency } policy reserved { amount } consumed { amount } committed { amount } available { amount }
  isExceeded entryCount entries { seq kind reserved { amount } order { number } } } } } }"""
CREATE = """mutation ($input: CreateCostCentreInput!) { createCostCentre(input: $input) {
  __typename ... on CreateCostCentreSuccess { costCentre { id code version } } ... on Problem { code message } } }"""
SET = """mutation ($input: SetBudgetInput!) { setBudget(input: $input) {
  __typename ... on SetBudgetSuccess { budget { amount { amount } policy } } ... on Problem { code }
  ... on ConflictProblem { field } } }"""
SUBMIT = """mutation ($input: OrderStepInput!) { submitOrder(input: $input) { __typename ... on Problem { code message }
  ... on BudgetProblem { costCentre periodStart periodEnd currency amount committed wanted shortBy } } }"""
HINTS = "query ($id: ID!) { order(id: $id) { costCentre { code } draftHints { code field problem isBlocking } } }"
PREVIEW = """query ($id: ID!) { approvalPreview(id: $id) { budget { costCentre { code } budget { amount { amount } }
  others { amount } wanted { amount } available { amount } isExceeded isBlocked } } }"""
CHECKS = "query ($id: ID!) { approvalPreview(id: $id) { rules { asks conditions { condition holds wanted found } } } }"
RULE = """mutation ($input: CreateApprovalRuleInput!) { createApprovalRule(input: $input) { ... on Problem { code }
  ... on CreateApprovalRuleSuccess { approvalRule { conditions { costCentres { code } budgetUsedAbove } } } } }"""
ORDERS = "query ($filter: OrderFilter) { orders(filter: $filter) { nodes { number } } }"
ENTRIES = "query ($id: ID!) { budgetEntries(id: $id, first: 1) { nodes { seq } pageInfo { hasNextPage } } }"


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def test_a_cost_centre_is_made_given_a_budget_and_read_with_what_orders_did_to_it(parties: Parties) -> None:
    made = await ask(parties.buyer, CREATE, input={"code": "4711", "name": "Workshop", "idempotencyKey": make_key()})
    centre = made["costCentre"]
    said: dict[str, Any] = {
        "costCentreId": centre["id"],
        "expectedVersion": centre["version"],
        "periodStart": "2020-01-01",
        "periodEnd": "2099-12-31",
        "amount": {"amount": "1000", "currency": "CNY"},
        "policy": "BLOCK",
        "reason": "plan",
    }
    budget = (await ask(parties.buyer, SET, input=said))["budget"]
    assert budget == {"amount": {"amount": "1000.00"}, "policy": "BLOCK"}
    again = await ask(parties.buyer, SET, input={**said, "expectedVersion": 2, "periodStart": "2099-12-31"})
    assert again == {"__typename": "ConflictProblem", "code": "ALREADY_TAKEN", "field": "periodStart"}
    order = await make_placed_order(parties, cost_centre_id=(await CostCentre.get(code="4711")).id)
    [shown] = (await ask(parties.buyer, CENTRES))["nodes"]
    assert (shown["code"], shown["version"]) == ("4711", 2)
    assert shown["budgets"] == [
        {
            "amount": {"amount": "1000.00", "currency": "CNY"},
            "policy": "BLOCK",
            "reserved": {"amount": "452.00"},
            "consumed": {"amount": "0.00"},
            "committed": {"amount": "452.00"},
            "available": {"amount": "548.00"},
            "isExceeded": False,
            "entryCount": 1,
            "entries": [
                {"seq": 1, "kind": "RESERVED", "reserved": {"amount": "452.00"}, "order": {"number": order.number}}
            ],
        }
    ]


async def test_what_a_budget_refuses_is_told_with_its_figures_before_and_when(parties: Parties) -> None:
    centre = await make_cost_centre(parties.buyer, "4711")
    budget = await make_budget(parties.buyer, centre, "500.00")
    await make_placed_order(parties, cost_centre_id=centre.id)
    draft = await make_order(parties, cost_centre_id=centre.id)
    id_ = encode_id("Order", draft.id)
    shown = await ask(parties.buyer, HINTS, id=id_)
    assert shown["costCentre"] == {"code": "4711"}
    assert [hint for hint in shown["draftHints"] if hint["field"] == "costCentreId"] == [
        {
            "code": "BUDGET_EXCEEDED",
            "field": "costCentreId",
            "problem": "would be 404 CNY over its budget",
            "isBlocking": True,
        }
    ]
    assert (await ask(parties.buyer, PREVIEW, id=id_))["budget"] == {
        "costCentre": {"code": "4711"},
        "budget": {"amount": {"amount": "500.00"}},
        "others": {"amount": "452.00"},
        "wanted": {"amount": "452.00"},
        "available": {"amount": "-404.00"},
        "isExceeded": True,
        "isBlocked": True,
    }
    refused = await ask(parties.buyer, SUBMIT, input={"orderId": id_, "expectedVersion": draft.version})
    period = {"periodStart": budget.period_start.isoformat(), "periodEnd": budget.period_end.isoformat()}
    assert refused == {
        "__typename": "BudgetProblem",
        "code": "BUDGET_EXCEEDED",
        "message": f"The budget of 4711 from {budget.period_start} to {budget.period_end} is 500 CNY; 452 of it is taken, "
        "and 452 more is 404 too much.",
        "costCentre": "4711",
        **period,
        "currency": "CNY",
        "amount": "500.00",
        "committed": "452.00",
        "wanted": "452.00",
        "shortBy": "404.00",
    }


async def test_without_a_budget_the_preview_says_so_and_nothing_is_held(parties: Parties) -> None:
    centre = await make_cost_centre(parties.buyer, "4711")
    id_ = encode_id("Order", (await make_order(parties, cost_centre_id=centre.id)).id)
    found = (await ask(parties.buyer, PREVIEW, id=id_))["budget"]
    assert (found["budget"], found["others"], found["available"], found["isExceeded"]) == (None, None, None, False)
    codes = [hint["code"] for hint in (await ask(parties.buyer, HINTS, id=id_))["draftHints"]]
    assert codes == ["BUDGET_MISSING"]


async def test_the_supplier_is_told_nothing_of_it_in_whatever_field(parties: Parties) -> None:
    centre = await make_cost_centre(parties.buyer, "4711")
    budget = await make_budget(parties.buyer, centre)
    order: Order = await make_placed_order(parties, cost_centre_id=centre.id)
    await make_quotation(parties, order)
    id_ = encode_id("Order", order.id)
    for stranger in (parties.supplier, Actor.anonymous()):
        assert (await ask(stranger, CENTRES))["nodes"] == []
        assert await ask(stranger, ENTRIES, id=encode_id("Budget", budget.id)) is None
    assert await ask(parties.supplier, HINTS, id=id_) == {"costCentre": None, "draftHints": []}
    assert await ask(parties.supplier, PREVIEW, id=id_) is None


async def test_orders_are_found_by_the_cost_centre_that_bears_them_and_by_nobody_else_s_people(
    parties: Parties,
) -> None:
    centre = await make_cost_centre(parties.buyer)
    borne = await make_placed_order(parties, cost_centre_id=centre.id)
    await make_placed_order(parties)
    named = {"costCentreId": encode_id("CostCentre", centre.id)}
    assert (await ask(parties.buyer, ORDERS, filter=named))["nodes"] == [{"number": borne.number}]
    assert (await ask(parties.supplier, ORDERS, filter=named))["nodes"] == []
    assert (await ask(parties.buyer, ORDERS, filter={"costCentreId": "nonsense"}))["nodes"] == []


async def test_entries_are_paged_newest_first(parties: Parties) -> None:
    centre = await make_cost_centre(parties.buyer)
    budget = await make_budget(parties.buyer, centre)
    for _ in range(2):
        await make_placed_order(parties, cost_centre_id=centre.id)
    found = await ask(parties.buyer, ENTRIES, id=encode_id("Budget", budget.id))
    assert found == {"nodes": [{"seq": 2}], "pageInfo": {"hasNextPage": True}}
    assert await ask(parties.buyer, ENTRIES, id="nonsense") is None


async def test_a_rule_says_which_share_of_a_budget_it_asks_above_and_the_preview_what_was_found(
    parties: Parties,
) -> None:
    company = await Company.named(parties.buyer.home)
    admin, approver = await actor_of(await Member.first_of(company.id)), await make_actor(company, Role.APPROVER)
    centre = await make_cost_centre(parties.buyer, "4711")
    await make_budget(parties.buyer, centre, "600.00", BudgetPolicy.WARN)
    wish: dict[str, Any] = {
        "name": "over budget",
        "stages": ["SUBMISSION"],
        "conditions": {"costCentreIds": [encode_id("CostCentre", centre.id)], "budgetUsedAbove": "0.8"},
        "tiers": [{"quorum": "ANY", "roles": ["APPROVER"]}],
        "idempotencyKey": make_key(),
    }
    rule = (await ask(admin, RULE, input=wish))["approvalRule"]
    assert rule["conditions"] == {"costCentres": [{"code": "4711"}], "budgetUsedAbove": "0.8"}
    await make_placed_order(parties, cost_centre_id=centre.id)
    draft = await make_order(parties, cost_centre_id=centre.id)
    [look] = (await ask(parties.buyer, CHECKS, id=encode_id("Order", draft.id)))["rules"]
    assert look == {
        "asks": True,
        "conditions": [
            {"condition": "COST_CENTRE", "holds": True, "wanted": ["4711"], "found": ["4711"]},
            {"condition": "BUDGET_ABOVE", "holds": True, "wanted": ["> 80 %"], "found": ["904 / 600 CNY"]},
        ],
    }
    assert approver.member is not None
    strange = {
        **wish,
        "conditions": {"costCentreIds": [encode_id("CostCentre", new_id())]},
        "idempotencyKey": make_key(),
    }
    assert (await ask(admin, RULE, input=strange))["code"] == "NOT_FOUND"
