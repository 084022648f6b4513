"""What the schema tells of approvals: who would be asked and why, who was, and who still is."""

from datetime import date
from decimal import Decimal

import pytest

from models import Company, Order
from resolvers.ids import encode_id
from rules.approval import Asked, Quorum, Tier
from rules.approval_rules import Conditions
from rules.people import Actor, CompanyKind, Role
from rules.terms import ApprovalStage
from services import clock
from services.approval_rules import RuleWish, create_approval_rule
from services.approving import approve_order
from services.delegating import delegate_approval
from services.quoting import counter_quotation
from services.submitting import submit_order
from tests.estates import Firm
from tests.makers import make_actor, make_key
from tests.order_makers import Parties, fresh, make_order, make_quotation
from tests.resolvers.asking import ask

PEOPLE = "{ member { displayName } deputies { displayName } }"
PREVIEW = f"""query ($id: ID!, $quotation: ID) {{ approvalPreview(id: $id, quotationId: $quotation) {{
  stage amount {{ amount currency }} isNeeded isCovered
  rules {{ asks isAtStage rule {{ name }} conditions {{ condition holds wanted found }} }}
  tiers {{ number side rule {{ quorum asks {{ roles members {{ displayName }} }} }} people {PEOPLE} }} }} }}"""
APPROVALS = """query ($id: ID!) { order(id: $id) { approvals {
  status currentTier rule { name version conditions { amountAbove { amount } suppliers { legalName } } }
  tiers { number status isEscalated asked { displayName } rule { quorum } }
  votes { tier decision note voter { displayName } onBehalfOf { displayName } } } } }"""


@pytest.mark.usefixtures("database")
async def test_a_requester_learns_who_will_be_asked_and_why_and_then_who_still_is() -> None:
    """Of two rules the second matches: the first is of another currency's orders. The manager's deputy is told by name."""
    buyer, supplier = await Firm.made(CompanyKind.BUYER, delivery_place="上海"), await Firm.made(CompanyKind.SUPPLIER)
    parties = Parties(buyer.everybody, supplier.everybody)
    mgr = buyer.approver
    fin = await make_actor(await Company.named(buyer.company.id), Role.APPROVER, Role.FINANCE)
    tiers = (
        Tier(Quorum.ANY, Asked(tuple(member for member in [mgr.member] if member))),
        Tier(Quorum.ALL, Asked(roles=(Role.FINANCE,))),
    )
    for name, conditions in (
        ("abroad", Conditions(currencies=("USD",))),
        ("large", Conditions(Decimal(1000), "CNY", suppliers=(supplier.company.id,))),
    ):
        wish = RuleWish(name, frozenset(ApprovalStage), conditions, tiers)
        await create_approval_rule(buyer.admin, wish, idempotency_key=make_key())
    assert fin.member is not None
    today = clock.today("Asia/Shanghai")
    await delegate_approval(mgr, fin.member, today, date(today.year + 1, 1, 1), idempotency_key=make_key())
    order = await make_order(parties, ("30000",))
    id_ = encode_id("Order", order.id)
    preview = await ask(parties.buyer, PREVIEW, id=id_)
    assert (preview["stage"], preview["amount"], preview["isNeeded"], preview["isCovered"]) == (
        "SUBMISSION",
        {"amount": "13560.00", "currency": "CNY"},
        True,
        False,
    )
    assert [(look["rule"]["name"], look["asks"]) for look in preview["rules"]] == [("abroad", False), ("large", True)]
    assert preview["rules"][0]["conditions"] == [
        {"condition": "CURRENCY", "holds": False, "wanted": ["USD"], "found": ["CNY"]}
    ]
    name = supplier.company.legal_name
    assert preview["rules"][1]["conditions"] == [
        {"condition": "AMOUNT_ABOVE", "holds": True, "wanted": ["> 1000 CNY"], "found": ["13560 CNY"]},
        {"condition": "SUPPLIER", "holds": True, "wanted": [name], "found": [name]},
    ]
    assert [tier["people"] for tier in preview["tiers"]] == [
        [{"member": {"displayName": mgr.name}, "deputies": [{"displayName": fin.name}]}],
        [{"member": {"displayName": fin.name}, "deputies": []}],
    ]
    for other in (supplier.everybody, Actor.anonymous()):
        assert await ask(other, PREVIEW, id=id_) is None
    assert await ask(parties.buyer, PREVIEW, id=id_, quotation="nonsense") is None
    order = await submit_order(parties.buyer, order.id, order.version)
    await approve_order(fin, order.id, order.version, "as agreed")
    [approval] = (await ask(parties.buyer, APPROVALS, id=id_))["approvals"]
    assert (approval["status"], approval["currentTier"], approval["rule"]["name"]) == ("PENDING", 2, "large")
    assert [(tier["status"], tier["asked"]) for tier in approval["tiers"]] == [
        ("DONE", []),
        ("OPEN", [{"displayName": fin.name}]),
    ]
    assert approval["votes"] == [
        {
            "tier": 1,
            "decision": "APPROVED",
            "note": "as agreed",
            "voter": {"displayName": fin.name},
            "onBehalfOf": {"displayName": mgr.name},
        }
    ]
    await approve_order(fin, order.id, order.version)
    await covered(parties, order)
    assert (await ask(supplier.everybody, APPROVALS, id=id_))["approvals"] == []


async def covered(parties: Parties, order: Order) -> None:
    """A quotation below what was approved needs nobody, one above it does."""
    for price, needed in (("0.30", False), ("0.60", True)):
        quotation = await make_quotation(parties, await fresh(order), (price,))
        said = await ask(
            parties.buyer,
            PREVIEW,
            id=encode_id("Order", order.id),
            quotation=encode_id("Quotation", quotation.id),
        )
        assert (said["stage"], said["isNeeded"], said["isCovered"]) == ("AWARD", needed, not needed)
        if not needed:
            version = (await fresh(order)).version
            await counter_quotation(parties.buyer, order.id, version, (), "another offer, please")
