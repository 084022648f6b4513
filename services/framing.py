"""Framework agreements: proposed by either side, signed by both, refused, terminated, and over by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID

from models import AgreementPrice, Company, FrameworkAgreement, Product
from models.base import new_id
from rules.agreement import PARTIES, AgreementStatus, next_status
from rules.contract import canonical, fingerprint
from rules.events import EventKind
from rules.identifiers import Series
from rules.lifecycle import Side
from rules.money import Currency, check_amount
from rules.people import CLOCK, Actor
from rules.problems import ContractChanged, ContractLapsed, NotFound, invalid
from rules.quantity import plain
from services import clock
from services.agreement_desk import check_version, note_agreement, open_agreement
from services.awarding import TIME_TO_SIGN, branded, party
from services.desk import number, other_side
from services.paper import Signed, Signing, check_newest, put_on_record, sign_newest
from services.totp import Proof, prove
from services.verb import creating, verb

TEMPLATE = "dinghuo-framework-agreement/1"


@dataclass(frozen=True)
class PriceWish:
    """What one unit of a product shall cost at most, from a quantity on."""

    product_id: UUID
    unit_price: Decimal
    minimum_quantity: Decimal


@dataclass(frozen=True)
class Terms:
    """What is proposed: how long, how much for each order and in all, on which payment terms, at which prices."""

    currency: Currency
    valid_from: date
    valid_to: date
    order_limit: Decimal
    total_limit: Decimal
    payment_net_days: int
    prices: tuple[PriceWish, ...] = ()
    remark: str | None = None


@creating(FrameworkAgreement)
async def propose_agreement(
    actor: Actor, counterparty_id: UUID, side: Side, terms: Terms, *, idempotency_key: str
) -> FrameworkAgreement:
    """A text for both sides to sign, on the side that the caller's company takes in it."""
    buyer, supplier = await _parties(actor, counterparty_id, side)
    _check(terms)
    agreement = _blank(actor, side, buyer, supplier, terms)
    prices = await _prices(actor, agreement, terms.prices)
    agreement.text = canonical(_document(agreement, buyer, supplier, prices))
    agreement.sha256 = fingerprint(agreement.text)
    await agreement.save()
    await AgreementPrice.write_all(prices)
    await note_agreement(agreement, EventKind.AGREEMENT_PROPOSED, actor, {"side": side})
    return agreement


async def sign_agreement(
    actor: Actor, agreement_id: UUID, expected_version: int, sha256: str, proof: Proof, *, address: str
) -> FrameworkAgreement:
    """Sign for one's side the text whose SHA-256 the caller was shown; with the second signature later orders are covered.

    The proof is asked for last, so that a refusal costs nobody their code.
    """
    await _signable(actor, agreement_id, expected_version, sha256)
    await prove(actor, proof, address=address)
    return await sign_agreement_proven(actor, agreement_id, expected_version, sha256)


async def sign_agreement_proven(
    actor: Actor, agreement_id: UUID, expected_version: int, sha256: str
) -> FrameworkAgreement:
    """The agreement, signed by somebody of whom the caller has made sure that it is they; no client can call this."""
    agreement = await _signable(actor, agreement_id, expected_version, sha256)
    return await sign_newest(agreement, agreement.side_of(actor), actor, partial(_sign_agreement, actor))


async def _signable(actor: Actor, agreement_id: UUID, expected_version: int, sha256: str) -> FrameworkAgreement:
    """The agreement as it is now; refuses whoever cannot sign this text now."""
    actor.must("sign_agreement")
    agreement = await FrameworkAgreement.visible_to(actor).get_or_none(id=agreement_id)
    if agreement is None:
        raise NotFound("FrameworkAgreement", agreement_id)
    check_version(agreement, expected_version)
    _check_signable(agreement, agreement.side_of(actor), sha256)
    return agreement


@verb
async def _sign_agreement(actor: Actor, signing: Signing[FrameworkAgreement], signed: Signed) -> FrameworkAgreement:
    """Whoever was outrun by the other side signs the newer revision, whose text is the same."""
    agreement, side = await open_agreement(actor, signing.document.id), signing.side
    status = _check_signable(agreement, side, signing.document.sha256)
    await check_newest(agreement, signed)
    await put_on_record(actor, signing, signed)
    if agreement.turn is None:
        agreement.turn = other_side(side)
    else:
        agreement.turn, agreement.effective_at = None, clock.now()
    agreement.status = status
    await note_agreement(agreement, EventKind.AGREEMENT_SIGNED, actor, {"side": side})
    return agreement


@verb
async def refuse_agreement(actor: Actor, agreement_id: UUID, expected_version: int, reason: str) -> FrameworkAgreement:
    """Take an unsigned text off the table, on either side."""
    agreement = await open_agreement(actor, agreement_id, expected_version)
    await _end(agreement, "refuse_agreement", EventKind.AGREEMENT_REFUSED, actor, reason)
    return agreement


@verb
async def terminate_agreement(
    actor: Actor, agreement_id: UUID, expected_version: int, reason: str
) -> FrameworkAgreement:
    """Later orders are no longer covered; those that were called off go on as they were agreed."""
    agreement = await open_agreement(actor, agreement_id, expected_version)
    await _end(agreement, "terminate_agreement", EventKind.AGREEMENT_TERMINATED, actor, reason)
    return agreement


async def expire_agreement(agreement_id: UUID) -> None:
    """What the clock does once the time to sign, or the last day, is over; nothing where somebody was faster."""
    agreement = await FrameworkAgreement.locked(agreement_id)
    if agreement.is_overdue(clock.now()):
        await _end(agreement, "expire_agreement", EventKind.AGREEMENT_EXPIRED, CLOCK, None)


def _check_signable(agreement: FrameworkAgreement, side: Side, sha256: str) -> AgreementStatus:
    """Where the side's signature on this text leads now; refuses where it cannot be made."""
    status = next_status("sign_agreement", agreement, side)
    if agreement.is_overdue(clock.now()):
        raise ContractLapsed(agreement.sha256)
    if sha256 != agreement.sha256 or fingerprint(agreement.text) != agreement.sha256:
        raise ContractChanged(agreement.sha256)
    return status


async def _end(agreement: FrameworkAgreement, action: str, kind: EventKind, actor: Actor, reason: str | None) -> None:
    agreement.status = next_status(action, agreement, agreement.side_of(actor))
    agreement.turn, agreement.ended_at, agreement.ending_reason = None, clock.now(), reason
    await note_agreement(agreement, kind, actor, {"reason": reason} if reason else {})


async def _parties(actor: Actor, counterparty_id: UUID, side: Side) -> tuple[Company, Company]:
    """Buyer and supplier, the caller's company on the side it takes; the other one has to be known to it."""
    if side not in PARTIES:
        raise invalid("input.side", "must be BUYER or SUPPLIER")
    other = await Company.visible_to(actor).get_or_none(id=counterparty_id)
    if other is None or other.id == actor.home:
        raise NotFound("Company", counterparty_id)
    own = await Company.named(actor.home)
    buyer, supplier = (own, other) if side is Side.BUYER else (other, own)
    if not buyer.is_buying or not supplier.is_supplying:
        raise invalid("input.side", "an agreement needs a buying company and another one that supplies")
    return buyer, supplier


def _check(terms: Terms) -> None:
    check_amount("input.orderLimit", terms.order_limit, terms.currency)
    check_amount("input.totalLimit", terms.total_limit, terms.currency)
    if terms.order_limit > terms.total_limit:
        raise invalid("input.orderLimit", "must not be greater than the limit of all orders together")
    # No zone is further ahead than this one, so that a last day is refused only once it is over everywhere.
    if terms.valid_to < max(terms.valid_from, clock.today("Etc/GMT+12")):
        raise invalid("input.validTo", "must not be before the first day, nor in the past")
    named = [(wish.product_id, wish.minimum_quantity) for wish in terms.prices]
    for place, wish in enumerate(named):
        if wish in named[:place]:
            raise invalid(f"input.prices[{place}]", "names a product and quantity twice")


def _blank(actor: Actor, side: Side, buyer: Company, supplier: Company, terms: Terms) -> FrameworkAgreement:
    moment = clock.now()
    return FrameworkAgreement(
        id=new_id(),
        number=number(Series.AGREEMENT),
        buyer_id=buyer.id,
        supplier_id=supplier.id,
        proposed_by=side,
        proposer_name=actor.name,
        currency=terms.currency,
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
        order_limit=terms.order_limit,
        total_limit=terms.total_limit,
        payment_net_days=terms.payment_net_days,
        remark=terms.remark,
        sign_by=moment + TIME_TO_SIGN,
        created_at=moment,
    )


async def _prices(actor: Actor, agreement: FrameworkAgreement, wishes: Sequence[PriceWish]) -> list[AgreementPrice]:
    wanted = {wish.product_id for wish in wishes}
    offered = Product.visible_to(actor).filter(id__in=wanted, supplier_id=agreement.supplier_id)
    products = {product.id: product for product in await offered} if wanted else {}
    for place, wish in enumerate(wishes):
        if wish.product_id not in products:
            raise NotFound("Product", wish.product_id)
        if products[wish.product_id].currency != agreement.currency:
            raise invalid(f"input.prices[{place}].productId", "is priced in another currency")
    return [_price(agreement, place, wish, products[wish.product_id]) for place, wish in enumerate(wishes, 1)]


def _price(agreement: FrameworkAgreement, position: int, wish: PriceWish, product: Product) -> AgreementPrice:
    return AgreementPrice(
        agreement_id=agreement.id,
        position=position,
        product_id=product.id,
        sku=product.sku,
        name_zh=product.name_zh,
        name_en=product.name_en,
        unit=product.unit,
        unit_price=wish.unit_price,
        minimum_quantity=wish.minimum_quantity,
        created_at=agreement.created_at,
    )


def _document(
    agreement: FrameworkAgreement, buyer: Company, supplier: Company, prices: Sequence[AgreementPrice]
) -> dict[str, object]:
    """Everything the parties agree on; decimals and dates as strings, so that there is one spelling of it."""
    return {
        "template": TEMPLATE,
        "number": agreement.number,
        "drawnUpAt": agreement.created_at.isoformat(),
        "buyer": party(buyer),
        "supplier": branded(supplier),
        "period": {"from": agreement.valid_from.isoformat(), "to": agreement.valid_to.isoformat()},
        "limits": {
            "currency": agreement.currency,
            "perOrder": plain(agreement.order_limit),
            "total": plain(agreement.total_limit),
        },
        "payment": {"netDays": str(agreement.payment_net_days)},
        "prices": [_price_text(price) for price in prices],
        "remark": agreement.remark,
    }


def _price_text(price: AgreementPrice) -> dict[str, object]:
    return {
        "position": str(price.position),
        "sku": price.sku,
        "nameZh": price.name_zh,
        "nameEn": price.name_en,
        "unit": price.unit,
        "unitPrice": plain(price.unit_price),
        "minimumQuantity": plain(price.minimum_quantity),
    }
