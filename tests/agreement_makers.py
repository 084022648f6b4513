"""Makes framework agreements by walking the real verbs."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from models import FrameworkAgreement, Order
from rules.lifecycle import Side
from rules.money import Currency
from rules.people import Actor
from services import clock
from services.framing import Terms, propose_agreement, sign_agreement_proven
from services.quoting import accept_quotation
from tests.makers import make_key
from tests.order_makers import Parties, fresh, make_placed_order, make_quotation


def make_terms(**facts: Any) -> Terms:
    """A year from today, up to 1000.00 an order and 2000.00 in all, 30 days net."""
    today = clock.today("Asia/Shanghai")
    said = {
        "currency": Currency.CNY,
        "valid_from": today,
        "valid_to": today + timedelta(days=365),
        "order_limit": Decimal("1000.00"),
        "total_limit": Decimal("2000.00"),
        "payment_net_days": 30,
        **facts,
    }
    return Terms(**said)


async def make_proposal(parties: Parties, **facts: Any) -> FrameworkAgreement:
    """A framework agreement that the buyer proposed and nobody has signed."""
    other = parties.supplier.home
    return await propose_agreement(parties.buyer, other, Side.BUYER, make_terms(**facts), idempotency_key=make_key())


async def make_agreement(parties: Parties, **facts: Any) -> FrameworkAgreement:
    """A framework agreement in force."""
    agreement = await make_proposal(parties, **facts)
    for actor in (parties.supplier, parties.buyer):
        agreement = await make_signed_agreement(agreement, actor)
    return agreement


async def make_signed_agreement(agreement: FrameworkAgreement, actor: Actor) -> FrameworkAgreement:
    """The agreement with the actor's signature on it."""
    agreement = await fresh_agreement(agreement)
    return await sign_agreement_proven(actor, agreement.id, agreement.version, agreement.sha256)


async def make_accepted_order(
    parties: Parties, quantity: str = "100", price: str = "5", *, under_agreement: bool = True, **facts: Any
) -> Order:
    """An order of one line without freight whose quotation the buyer accepted: 565.00 with tax unless said."""
    goods = {"goods": facts.pop("goods")} if "goods" in facts else {}
    order = await make_placed_order(parties, (quantity,), **goods)
    quotation = await make_quotation(parties, order, (price,), freight="0", **facts)
    version = (await fresh(order)).version
    return await accept_quotation(parties.buyer, quotation.id, version, under_agreement=under_agreement)


async def fresh_agreement(agreement: FrameworkAgreement) -> FrameworkAgreement:
    """The agreement as it is in the database now."""
    return await FrameworkAgreement.get(id=agreement.id)
