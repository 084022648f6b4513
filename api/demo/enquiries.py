"""What the demo's buyer asks of all three suppliers: a draft, and an enquiry on which the first offer is in."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

from api.demo.known import once
from api.demo.plot import Plot, quote
from models import Enquiry, EnquiryInvitation, Order
from models.transaction import transact
from rules.people import Actor
from rules.units import Unit
from services import clock
from services.enquiring import EnquiredLine, EnquiryWish, create_enquiry
from services.inviting import issue_enquiry
from services.matching import InvitationWish

BUYER = "mingyuan"
SUPPLIERS = ("henggu", "huatai", "liancheng")
FIRST_TO_ANSWER = "huatai"
LINES = (
    EnquiredLine(Decimal(400), name="丁腈防护手套 M", unit=Unit.PR, sku="MRO-GLOVE-M"),
    EnquiredLine(Decimal(200), name="防割护袖 M", unit=Unit.PR, sku="MRO-SLEEVE-M"),
)


async def enquire(actors: dict[str, Actor]) -> None:
    """Both enquiries, made where missing, each with all that happened to it or not at all."""
    await _create(actors, "demo-enquiry-0001", "第一季度劳保用品")
    await transact(lambda: _ask(actors))


async def _ask(actors: dict[str, Actor]) -> None:
    enquiry = await _create(actors, "demo-enquiry-0002", "车间劳保用品补充")
    if enquiry.version > 1:
        return
    await issue_enquiry(actors[f"req@{BUYER}.demo"], enquiry.id, enquiry.version)
    seller = actors[f"sales@{FIRST_TO_ANSWER}.demo"]
    invitation = await EnquiryInvitation.to(enquiry.id, seller.home)
    order = await Order.visible_to(seller).get(id=invitation.order_id)
    await quote(Plot("demo-enquiry-0002", BUYER, FIRST_TO_ANSWER, actors, order), "0.97", timedelta(days=30))


async def _create(actors: dict[str, Actor], key: str, title: str) -> Enquiry:
    wish = EnquiryWish(
        title=title,
        lines=LINES,
        invitations=tuple(InvitationWish(actors[f"sales@{supplier}.demo"].home) for supplier in SUPPLIERS),
        requested_on=clock.today("Asia/Shanghai") + timedelta(days=25),
    )
    buyer = actors[f"req@{BUYER}.demo"]
    return await once(Enquiry, buyer, key, partial(create_enquiry, buyer, wish, idempotency_key=key))
