"""Makes enquiries and the offers on them by walking the real verbs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from models import Enquiry, EnquiryInvitation, Order, Product, Quotation
from rules.people import Actor, CompanyKind
from rules.units import Unit
from services import clock
from services.enquiring import EnquiredLine, EnquiryWish, create_enquiry
from services.inviting import issue_enquiry
from services.matching import InvitationWish, MatchWish
from tests.makers import make_actor, make_company, make_key
from tests.order_makers import EVERYDAY, Parties, make_goods, make_quotation


@dataclass(frozen=True)
class Bidders:
    """One person who buys, and one of each of some suppliers that offer the same goods under the same numbers."""

    buyer: Actor
    suppliers: list[Actor]
    goods: list[list[Product]]
    """By supplier."""

    def parties(self, place: int) -> Parties:
        """The buyer and one of the suppliers."""
        return Parties(self.buyer, self.suppliers[place])


async def make_bidders(suppliers: int = 3, goods: int = 1, **facts: Any) -> Bidders:
    """A new buyer and so many new suppliers, each with so many goods; `facts` are the goods'."""
    buyer = await make_actor(
        await make_company(CompanyKind.BUYER, delivery_place="上海市浦东新区世纪大道1号"), *EVERYDAY
    )
    sellers = [await make_actor(await make_company(CompanyKind.SUPPLIER), *EVERYDAY) for _ in range(suppliers)]
    skus = [f"PART-{make_key()}" for _ in range(goods)]
    return Bidders(buyer, sellers, [[await make_goods(seller, sku=sku, **facts) for sku in skus] for seller in sellers])


async def make_enquiry(bidders: Bidders, quantities: Sequence[str] = ("1000",), **wish: Any) -> Enquiry:
    """A draft with a line for each quantity, which asks all suppliers."""
    lines = tuple(
        EnquiredLine(Decimal(much), name="螺栓", unit=one.unit, sku=one.sku)
        for one, much in zip(bidders.goods[0], quantities, strict="lines" not in wish)
    )
    said = {
        "title": "Bolts",
        "lines": lines,
        "invitations": tuple(InvitationWish(seller.home) for seller in bidders.suppliers),
        "requested_on": clock.today("Asia/Shanghai") + timedelta(days=27),
        "answer_by": clock.now() + timedelta(days=5),
        **wish,
    }
    return await create_enquiry(bidders.buyer, EnquiryWish(**said), idempotency_key=make_key())


async def make_issued_enquiry(bidders: Bidders, quantities: Sequence[str] = ("1000",), **wish: Any) -> Enquiry:
    """An enquiry that all suppliers have on their desks."""
    enquiry = await make_enquiry(bidders, quantities, **wish)
    return await issue_enquiry(bidders.buyer, enquiry.id, enquiry.version)


async def make_bid(bidders: Bidders, enquiry: Enquiry, place: int, *prices: str, **terms: Any) -> Quotation:
    """One supplier's offer, with a price for each line of its order."""
    return await make_quotation(bidders.parties(place), await sibling(bidders, enquiry, place), prices, **terms)


async def sibling(bidders: Bidders, enquiry: Enquiry, place: int) -> Order:
    """The order by which one supplier is asked, as it is now."""
    invitation = await EnquiryInvitation.get(enquiry_id=enquiry.id, supplier_id=bidders.suppliers[place].home)
    return await Order.get(id=invitation.order_id)


async def renewed(enquiry: Enquiry) -> Enquiry:
    """The enquiry as it is in the database now."""
    return await Enquiry.get(id=enquiry.id)


async def make_long_enquiry(bidders: Bidders, count: int, **wish: Any) -> Enquiry:
    """An issued enquiry of so many lines, all answered by each supplier's first article."""
    lines = tuple(EnquiredLine(Decimal(10), name=f"Part {place}", unit=Unit.H87) for place in range(1, count + 1))
    invitations = tuple(
        InvitationWish(seller.home, tuple(MatchWish(place, goods[0].id) for place in range(1, count + 1)))
        for seller, goods in zip(bidders.suppliers, bidders.goods, strict=True)
    )
    return await make_issued_enquiry(bidders, (), lines=lines, invitations=invitations, **wish)
