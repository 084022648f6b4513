"""Commission and splits over the schema: the supplier's finance and the platform see them, the buyer meets nothing."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from models import Category
from models.base import new_id
from resolvers.ids import encode_id
from rules.money import Currency
from rules.people import Actor, CompanyKind, Role
from tests.makers import make_actor, make_company, make_key, make_platform
from tests.order_makers import Parties, make_completed_order, make_goods, make_invoice, make_parties
from tests.resolvers.asking import ask, do
from tests.split_makers import Shared, doing, make_receiver, make_shared

RULE = "rule { id version rate holdDays validFrom validTo endedAt supplier { id } category { id } }"
PARTS = "parts { gross { amount } rate holdDays ruleId }"
SPLIT = f"""id number version status statusLabel base {{ amount }} commission {{ amount currency }} returned {{ amount }}
    remainder {{ amount }} dueAt attempts failureReason settledAt {PARTS}
    returns {{ number status statusLabel amount {{ amount }} failureReason doneAt }}
    payment {{ amount {{ amount }} }} supplier {{ id }}"""
SPLITS = f"query ($status: SettlementStatus) {{ settlements(status: $status) {{ nodes {{ {SPLIT} }} }} }}"
PAYMENT = "query ($id: ID!) { payment(id: $id) { settlement { id } } }"
RULES = "{ commissionRules { nodes { id rate } } }"
RECEIVERS = "{ commissionReceivers { nodes { method payee name changedAt } } }"
PREVIEW = f"""query ($id: ID!, $amount: Decimal) {{ commissionPreview(invoiceId: $id, amount: $amount) {{
    amount {{ amount }} commission {{ amount }} remainder {{ amount }} holdDays {PARTS} }} }}"""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def ruled(operator: Actor, **said: Any) -> Any:
    """A rule as the operator makes it."""
    asked = {"rate": "0.05", "holdDays": 0, "validFrom": "2020-01-01", "idempotencyKey": make_key(), **said}
    answer = await do(operator, "createCommissionRule", RULE, **asked)
    return answer.get("rule", answer)


async def seen(actor: Actor, shared: Shared) -> tuple[int, int, Any]:
    """How many splits and rules somebody is shown, and whether the payment has one."""
    splits, rules = await ask(actor, SPLITS), await ask(actor, RULES)
    payment = await ask(actor, PAYMENT, id=encode_id("Payment", shared.payment.id))
    return len(splits["nodes"]), len(rules["nodes"]), bool(payment and payment["settlement"])


async def test_a_split_is_shown_to_those_who_may_see_money_and_to_no_buyer(parties: Parties) -> None:
    operator = await make_receiver()
    rule = await ruled(operator, supplierId=encode_id("Company", parties.supplier.home))
    rivals = await ruled(operator, supplierId=encode_id("Company", (await make_company(CompanyKind.SUPPLIER)).id))
    assert (rule["rate"], rule["version"], rule["supplier"]["id"]) == (
        "0.05",
        0,
        encode_id("Company", parties.supplier.home),
    )
    shared = await make_shared(parties)
    with doing(refuses="RECEIVER_INVALID"):
        failed = await shared.split()
    [shown] = (await ask(parties.supplier, SPLITS, locale="zh-CN", status="FAILED"))["nodes"]
    assert (shown["statusLabel"], shown["failureReason"], shown["attempts"]) == ("分账失败", "RECEIVER_INVALID", 1)
    said = {"settlementId": shown["id"], "expectedVersion": shown["version"]}
    assert (await do(parties.supplier, "retrySettlement", "settlement { id }", **said))["code"] == "NOT_ALLOWED"
    assert (await do(operator, "retrySettlement", "settlement { status }", **said))["settlement"]["status"] == "SETTLED"
    assert (await do(operator, "retrySettlement", "settlement { id }", **said))["code"] == "STALE_VERSION"
    await shared.refund("148.00")
    [shown] = (await ask(parties.supplier, SPLITS))["nodes"]
    assert (shown["number"], shown["status"], shown["commission"]) == (
        failed.number,
        "SETTLED",
        {"amount": "30.00", "currency": "CNY"},
    )
    assert (shown["remainder"], shown["returned"]) == ({"amount": "570.00"}, {"amount": "7.40"})
    assert shown["parts"] == [{"gross": {"amount": "1130.00"}, "rate": "0.05", "holdDays": 0, "ruleId": rule["id"]}]
    assert [(one["amount"], one["statusLabel"]) for one in shown["returns"]] == [({"amount": "7.40"}, "Came back")]
    assert (await ask(parties.supplier, SPLITS, status="FAILED"))["nodes"] == []
    sales = await make_actor(await make_company(CompanyKind.SUPPLIER), Role.SALES)
    stranger = await make_actor(await make_company(CompanyKind.SUPPLIER), Role.FINANCE)
    assert await seen(parties.supplier, shared) == (1, 1, True)
    assert await seen(parties.buyer, shared) == (0, 0, False)
    assert await seen(replace(parties.supplier, roles=frozenset({Role.SALES, Role.WAREHOUSE})), shared) == (0, 0, False)
    assert await seen(sales, shared) == (0, 0, False)
    assert await seen(stranger, shared) == (0, 0, False)
    for platform in (operator, replace(operator, roles=frozenset({Role.AUDITOR}))):
        assert (await seen(platform, shared))[2]
        assert {rule["id"], rivals["id"]} <= {one["id"] for one in (await ask(platform, RULES))["nodes"]}


async def test_the_operator_s_steps_refuse_what_no_provider_would_split(parties: Parties) -> None:
    operator = await make_platform()
    for wrong in ({"rate": "0.300001"}, {"rate": "-0.1"}, {"holdDays": 30}, {"validTo": "2019-12-31"}):
        assert (await ruled(operator, **wrong))["code"] == "INVALID_INPUT"
    assert (await ruled(operator, supplierId=encode_id("Company", new_id())))["code"] == "NOT_FOUND"
    assert (await ruled(operator, categoryId=encode_id("Category", new_id())))["code"] == "NOT_FOUND"
    assert (await ruled(parties.supplier))["code"] == "NOT_ALLOWED"
    rule = await ruled(operator, supplierId=encode_id("Company", parties.supplier.home))
    said = {"commissionRuleId": rule["id"], "expectedVersion": rule["version"]}
    assert (await do(operator, "endCommissionRule", RULE, **said))["rule"]["endedAt"]
    assert (await do(operator, "endCommissionRule", RULE, **said))["code"] == "STALE_VERSION"
    said["expectedVersion"] += 1
    assert (await do(operator, "endCommissionRule", RULE, **said))["code"] == "INVALID_INPUT"
    receiver = {"method": "CHEQUE", "payee": "2088", "name": "平台"}
    assert (await do(operator, "setCommissionReceiver", "receiver { payee }", **receiver))["code"] == "INVALID_INPUT"
    receiver["method"] = "ALIPAY"
    for method, payee in (
        ("ALIPAY", "208800000000000"),
        ("ALIPAY", "1900000001"),
        ("WECHAT_PAY", "wx19000001"),
        ("ALIPAY", ""),
    ):
        wrong_one = {**receiver, "method": method, "payee": payee}
        answer = await do(operator, "setCommissionReceiver", "receiver { payee }", **wrong_one)
        assert (answer["code"], answer["faults"][0]["field"]) == ("INVALID_INPUT", "input.payee")
    assert (await ask(operator, RECEIVERS))["nodes"] == []
    for payee in ("2088000000000002", "2088000000000001"):
        answer = await do(operator, "setCommissionReceiver", "receiver { payee }", **{**receiver, "payee": payee})
        assert answer["receiver"] == {"payee": payee}
    assert "2088000000000001" in str(await ask(operator, RECEIVERS))
    assert (await ask(parties.supplier, RECEIVERS))["nodes"] == []


async def test_what_will_be_kept_is_told_before_and_weighted_by_category(parties: Parties) -> None:
    operator, goods = await make_platform(), [await make_goods(parties.supplier, tax_rate=D(0)) for _ in range(2)]
    above = await Category.create(code=make_key(), name_zh="上", name_en="above", created_at=goods[0].created_at)
    await Category.filter(id=goods[0].category_id).update(parent_id=above.id)
    rule = await ruled(operator, rate="0.3", holdDays=7, categoryId=encode_id("Category", above.id))
    order = await make_completed_order(parties, ("1", "1"), ("200", "100"), goods=goods, freight="30")
    invoice = await make_invoice(parties, order)
    shown = await ask(parties.supplier, PREVIEW, id=encode_id("Invoice", invoice.id), amount="100.00")
    assert (shown["commission"], shown["remainder"], shown["holdDays"]) == ({"amount": "20.00"}, {"amount": "80.00"}, 7)
    assert {(part["gross"]["amount"], part["rate"], part["ruleId"]) for part in shown["parts"]} == {
        ("200.00", "0.3", rule["id"]),
        ("100.00", "0", None),
    }
    whole = await ask(operator, PREVIEW, id=encode_id("Invoice", invoice.id))
    assert D(whole["commission"]["amount"]) == D(whole["amount"]["amount"]) * 2 / 10
    other = await make_actor(await make_company(CompanyKind.SUPPLIER), Role.FINANCE)
    for actor in (parties.buyer, other, replace(parties.supplier, roles=frozenset({Role.SALES}))):
        assert await ask(actor, PREVIEW, id=encode_id("Invoice", invoice.id)) is None


async def test_of_an_invoice_that_is_not_paid_online_nothing_is_kept(parties: Parties) -> None:
    operator = await make_platform()
    await ruled(operator, supplierId=encode_id("Company", parties.supplier.home))
    yen = await make_goods(parties.supplier, currency=Currency.JPY)
    invoice = await make_invoice(parties, await make_completed_order(parties, ["100"], ["3"], goods=[yen], freight="0"))
    for actor in (parties.supplier, operator):
        assert await ask(actor, PREVIEW, id=encode_id("Invoice", invoice.id)) is None
