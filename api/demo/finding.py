"""What an example may name of the demo: rows its user may see, parts of them, and values made for the moment."""

import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from api.demo.certificates import self_signed
from api.demo.lists import FOR_DRAFTS, shown, wish
from api.demo.people import APPLICANT, COMPANIES, PASSWORD, code_for
from api.demo.stages import AGREED, STAGES
from models import (
    Address,
    Budget,
    Category,
    Company,
    Contract,
    CostCentre,
    CreditNote,
    Enquiry,
    FeedHead,
    FrameworkAgreement,
    Invoice,
    InvoiceLine,
    Member,
    Order,
    OrderLine,
    OrderTemplate,
    Payment,
    Product,
    Quotation,
    Refund,
    Shipment,
    SigningCertificate,
)
from models.base import new_id
from rules.identifiers import credit_code_check
from rules.people import Actor, CompanyStatus
from rules.terms import QuotationStatus
from services import clock

CREDIT_CODES = {cast.name: cast.credit_code for cast in (*COMPANIES, APPLICANT)}
Finder = Callable[[Actor, str], Awaitable[Any]]
DISCOUNT = Decimal("0.95")
PLACE = "Asia/Shanghai"
DOCUMENTS: Mapping[str, type[Contract | CreditNote | Invoice | Payment | Quotation | Refund | Shipment]] = {
    kind.__name__.lower(): kind for kind in (Contract, CreditNote, Invoice, Payment, Quotation, Refund, Shipment)
}


async def _order(actor: Actor, stage: str) -> Order | None:
    """The order at this stage in which something happened last: so that examples one after the other follow one order."""
    return await Order.visible_to(actor).filter(**STAGES[stage]).order_by("-updated_at").first()


async def _enquiry(actor: Actor, status: str) -> Enquiry | None:
    """The enquiry in this status in which something happened last."""
    return await Enquiry.visible_to(actor).filter(status=status.upper()).order_by("-updated_at").first()


async def _company(actor: Actor, name: str) -> Company | None:
    """The company of the cast; or the newest one with this status."""
    seen = Company.visible_to(actor)
    if name in CompanyStatus.__members__:
        return await seen.filter(status=name).order_by("-id").first()
    return await seen.filter(credit_code=CREDIT_CODES[name]).first()


async def _centre(actor: Actor, code: str) -> CostCentre | None:
    return await CostCentre.visible_to(actor).filter(code=code).first()


async def _product(actor: Actor, sku: str) -> Product | None:
    return await Product.visible_to(actor).filter(sku=sku).first()


async def _category(actor: Actor, code: str) -> Category | None:
    return await Category.visible_to(actor).filter(code=code).first()


async def _address(actor: Actor, which: str) -> Address | None:
    """The entry of the company's book that was written last, which is all that is asked for."""
    return await Address.visible_to(actor).order_by("-id").first()


async def _template(actor: Actor, which: str) -> OrderTemplate | None:
    return await OrderTemplate.visible_to(actor).order_by("-id").first()


async def _agreement(actor: Actor, stage: str) -> FrameworkAgreement | None:
    return await FrameworkAgreement.visible_to(actor).filter(**AGREED[stage]).order_by("-id").first()


async def _colleague(actor: Actor, role: str) -> Member | None:
    """Somebody else of the company who has the role."""
    colleagues = await Member.visible_to(actor).exclude(id=actor.member).order_by("id")
    return next((member for member in colleagues if role in member.roles), None)


async def _cursor(actor: Actor, back: str) -> int:
    """The cursor so many events before the newest of the company's."""
    return max(await FeedHead.position_of(actor.home) - int(back), 0)


async def _day(actor: Actor, ahead: str) -> str:
    return (clock.today(PLACE) + timedelta(days=int(ahead))).isoformat()


async def _moment(actor: Actor, days_ahead: str) -> str:
    return (clock.now() + timedelta(days=int(days_ahead))).isoformat(timespec="seconds")


async def _proof(actor: Actor, what: str) -> str | None:
    """What the user would type to prove who they are: `password`, or `code` of the authenticator app."""
    return PASSWORD if what == "password" else await code_for(actor)


async def _certificate(actor: Actor, whose: str) -> SigningCertificate | None:
    """The actor's `own` that was registered last and not revoked."""
    usable = SigningCertificate.visible_to(actor).filter(member_id=actor.member, revoked_at__isnull=True)
    return await usable.order_by("-id").first()


async def _new(actor: Actor, what: str) -> str:
    return NEW[what]()


def _credit_code() -> str:
    code = f"91310000MA{os.urandom(4).hex().upper()[:7]}"
    return code + credit_code_check(code)


NEW: Mapping[str, Callable[[], str]] = {
    "key": lambda: f"example-{new_id().hex}",
    "waybill": lambda: f"SF{int(new_id().hex[-10:], 16) % 10**12:012d}",
    "reference": lambda: f"ICBC{int(new_id().hex[-10:], 16) % 10**8:08d}",
    "name": lambda: f"visitor-{new_id().hex[-8:]}@example.com",
    "creditCode": _credit_code,
    "certificate": lambda: self_signed("A demo signatory", clock.now()),
}
FINDERS: Mapping[str, Finder] = {
    "order": _order,
    "enquiry": _enquiry,
    "company": _company,
    "centre": _centre,
    "product": _product,
    "category": _category,
    "address": _address,
    "template": _template,
    "agreement": _agreement,
    "colleague": _colleague,
    "cursor": _cursor,
    "day": _day,
    "moment": _moment,
    "new": _new,
    "proof": _proof,
    "certificate": _certificate,
}


async def part(actor: Actor, row: Any, name: str) -> Any:
    """What is reached from a row by this name: an order's newest document of a kind, a list made of its lines, or a fact."""
    if isinstance(row, Order) and name in DOCUMENTS:
        return await DOCUMENTS[name].visible_to(actor).filter(order_id=row.id).order_by("-id").first()
    if isinstance(row, Order) and name in FOR_DRAFTS:
        return await FOR_DRAFTS[name](actor, row)
    if isinstance(row, Order) and name in LISTS:
        return await LISTS[name](await OrderLine.of(row.id))
    if isinstance(row, Invoice) and name == "line":
        return await InvoiceLine.first_of(row.id)
    if isinstance(row, Enquiry) and name == "cheapest":
        offers = Quotation.visible_to(actor).filter(
            order__enquiry_invitations__enquiry_id=row.id, status=QuotationStatus.SENT
        )
        return await offers.order_by("total").first()
    if isinstance(row, CostCentre) and name == "budget":
        return await Budget.visible_to(actor).filter(cost_centre_id=row.id).order_by("-period_start").first()
    return row.version_for(actor) if isinstance(row, Order) and name == "version" else getattr(row, name)


async def _line(lines: list[OrderLine]) -> OrderLine | None:
    return lines[0] if lines else None


async def _offer(lines: list[OrderLine]) -> list[dict[str, Any]]:
    """Each line a little below its list price."""
    return [{"orderLineId": shown(line), "unitPrice": shown(line.list_price * DISCOUNT)} for line in lines]


async def _load(lines: list[OrderLine]) -> list[dict[str, Any]]:
    """All of each line."""
    return [{"orderLineId": shown(line), "quantity": shown(line.quantity)} for line in lines]


LISTS: Mapping[str, Callable[[list[OrderLine]], Awaitable[Any]]] = {
    "line": _line,
    "wish": wish,
    "offer": _offer,
    "load": _load,
}
