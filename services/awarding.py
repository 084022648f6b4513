"""How an accepted quotation becomes a contract to sign."""

from datetime import timedelta

from models import Company, Contract, ContractAllowance, ContractLine, FrameworkAgreement, Order, OrderLine, Quotation
from rules.contract import canonical, fingerprint
from rules.events import EventKind
from rules.identifiers import Series
from rules.lifecycle import OrderStatus
from rules.people import Actor
from rules.problems import QuotationClosed, QuotationSuperseded
from rules.quantity import plain
from rules.stock import ReserveAt
from rules.terms import QuotationStatus
from services import budgets, clock, stock
from services.agreeing import Agreement, Chosen, Instead, agreement
from services.concluding import conclude
from services.covering import UNCOVERED, Coverage, call_off, find_cover
from services.desk import move, note, number

TEMPLATE = "dinghuo-purchase-contract/1"
TIME_TO_SIGN = timedelta(days=14)


async def check_acceptable(order: Order, quotation: Quotation) -> None:
    """Refuse anything but the newest revision within its validity, to the microsecond, whether or not a sweeper came by."""
    latest = await Quotation.newest(order.id) or quotation
    if latest.id != quotation.id:
        raise QuotationSuperseded(latest.revision, latest.valid_until)
    if quotation.status is QuotationStatus.EXPIRED or clock.now() >= quotation.valid_until:
        raise QuotationClosed(quotation.revision, quotation.valid_until)


async def award(
    order: Order,
    quotation: Quotation,
    action: str,
    accepted_by: Actor,
    chosen: Chosen | None = None,
    instead: Instead | None = None,
    *,
    under_agreement: bool = True,
) -> Contract:
    """Accept the quotation, or what is chosen of it, and freeze what both sides will sign.

    Where a framework agreement covers it, its signatures stand for theirs, and the contract takes effect at once.
    """
    agreed = await agreement(quotation, chosen, instead)
    await budgets.hold_still(order)
    cover = await find_cover(order, quotation, agreed) if under_agreement else UNCOVERED
    quotation.status = QuotationStatus.ACCEPTED
    await quotation.save(update_fields=["status"])
    order.agreed_total = agreed.total
    contract = await _draw_up(order, quotation, agreed, cover)
    if cover.agreement is None:
        move(order, action, to=OrderStatus.PENDING_SIGNATURE)
        await stock.reserve_agreed(order, agreed.lines, ReserveAt.ACCEPTANCE, accepted_by)
    else:
        move(order, action, to=OrderStatus.CONTRACTED)
        await call_off(cover.agreement, order, accepted_by, agreed.total)
        await conclude(order, contract, accepted_by)
    body: dict[str, object] = {
        "quotationId": str(quotation.id),
        "contractId": str(contract.id),
        "sha256": contract.sha256,
        "agreementId": contract.agreement_id and str(contract.agreement_id),
    }
    await note(order, EventKind.QUOTATION_ACCEPTED, accepted_by, body)
    return contract


async def _draw_up(order: Order, quotation: Quotation, agreed: Agreement, cover: Coverage) -> Contract:
    version = await Contract.versions(order.id) + 1
    contract_number = number(Series.CONTRACT)
    document = await _document(order, quotation, agreed, contract_number, version)
    text = canonical({**document, "agreement": _framed(cover.agreement)})
    contract = await Contract.create(
        number=contract_number,
        order_id=order.id,
        quotation_id=quotation.id,
        version=version,
        text=text,
        sha256=fingerprint(text),
        agreement_id=cover.agreement and cover.agreement.id,
        agreement_gap=cover.gap,
        currency=quotation.currency,
        tax_inclusion=quotation.tax_inclusion,
        freight=agreed.freight,
        freight_tax_rate=quotation.freight_tax_rate,
        freight_tax=agreed.freight_tax,
        net=agreed.net,
        tax=agreed.tax,
        total=agreed.total,
        sign_by=clock.now() + TIME_TO_SIGN,
        created_at=clock.now(),
    )
    for part in (*agreed.lines, *agreed.allowances):
        part.contract_id = contract.id
    await ContractLine.write_all(agreed.lines)
    await ContractAllowance.write_all(agreed.allowances)
    return contract


async def _document(
    order: Order, quotation: Quotation, agreed: Agreement, contract_number: str, version: int
) -> dict[str, object]:
    """Everything the parties agree on; decimals and dates as strings, so that there is one spelling of it."""
    buyer, supplier = await Company.named(order.buyer_id), await Company.named(order.supplier_id)
    return {
        "template": TEMPLATE,
        "number": contract_number,
        "version": str(version),
        "order": order.number,
        "quotation": {
            "number": quotation.number,
            "revision": str(quotation.revision),
            "validUntil": quotation.valid_until.isoformat(),
        },
        "drawnUpAt": clock.now().isoformat(),
        "buyer": party(buyer),
        "supplier": branded(supplier),
        "lines": await _lines(order, agreed),
        "freight": _charge(agreed.freight, quotation.freight_tax_rate, agreed.freight_tax),
        "allowances": [_allowance(one) for one in agreed.allowances],
        "amounts": {
            "currency": quotation.currency,
            "net": str(agreed.net),
            "tax": str(agreed.tax),
            "total": str(agreed.total),
            "rounding": quotation.rounding_mode,
            "taxLevel": quotation.tax_level,
            "taxInclusion": quotation.tax_inclusion,
        },
        **_terms(order, quotation),
        "quality": order.quality_requirement,
        "remark": quotation.remark,
    }


def _framed(agreement: FrameworkAgreement | None) -> dict[str, object] | None:
    """The agreement whose signatures stand for this contract's, by the fingerprint of what was signed."""
    return None if agreement is None else {"number": agreement.number, "sha256": agreement.sha256}


def party(company: Company) -> dict[str, object]:
    """How a company is named in what it signs."""
    return {"name": company.legal_name, "englishName": company.english_name, "creditCode": company.credit_code}


def branded(company: Company) -> dict[str, object]:
    """The same, with what its documents look like."""
    return {**party(company), "brand": {"colour": company.brand_colour, "line": company.brand_line}}


def _charge(net: object, rate: object, tax: object) -> dict[str, object]:
    return {"net": str(net), "taxRate": str(rate), "tax": str(tax)}


def _terms(order: Order, quotation: Quotation) -> dict[str, object]:
    return {
        "delivery": {
            "place": order.delivery_place,
            "zone": order.delivery_zone,
            "incoterm": quotation.incoterm,
            "incotermPlace": quotation.incoterm_place,
        },
        "payment": {
            "prepaidShare": plain(quotation.prepaid_share),
            "netDays": str(quotation.payment_net_days),
            "moment": quotation.payment_moment,
        },
        "inspection": {"days": str(quotation.inspection_days)},
        "warranty": {"days": str(quotation.warranty_days)},
    }


def _allowance(agreed: ContractAllowance) -> dict[str, object]:
    """Below zero where the buyer pays less."""
    return {
        "kind": agreed.kind,
        "reasonCode": agreed.reason_code,
        "reason": agreed.reason,
        **_charge(agreed.net, agreed.tax_rate, agreed.tax),
    }


async def _lines(order: Order, agreed: Agreement) -> list[dict[str, object]]:
    ordered = {line.id: line for line in await OrderLine.of(order.id)}
    return [_line(ordered[line.order_line_id], line) for line in agreed.lines]


def _line(ordered: OrderLine, agreed: ContractLine) -> dict[str, object]:
    """A line that goes where the order goes says nothing of its own place, and one without tolerance nothing of that."""
    apart = {"delivery": {"place": ordered.delivery_place, "zone": ordered.delivery_zone}}
    tolerance = {"overDeliveryTolerance": plain(agreed.over_delivery_tolerance)}
    return {
        **(apart if ordered.delivery_place else {}),
        **(tolerance if agreed.over_delivery_tolerance else {}),
        "position": str(ordered.position),
        "sku": agreed.sku,
        "nameZh": agreed.name_zh,
        "nameEn": agreed.name_en,
        "specification": agreed.specification,
        "unit": ordered.unit,
        "quantity": plain(agreed.quantity),
        "unitPrice": plain(agreed.unit_price),
        "promisedOn": agreed.promised_on.isoformat(),
        "quality": ordered.quality_requirement,
        "qualityRemark": agreed.quality_remark,
        **_charge(agreed.net, agreed.tax_rate, agreed.tax),
    }
