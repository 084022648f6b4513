"""How an accepted quotation becomes a contract to sign."""

from datetime import timedelta

from models import Company, Contract, Order, OrderLine, Quotation, QuotationLine
from rules.contract import canonical, fingerprint
from rules.events import EventKind
from rules.identifiers import Series
from rules.lifecycle import OrderStatus
from rules.people import Actor
from rules.problems import QuotationClosed, QuotationSuperseded
from rules.quantity import plain
from rules.terms import QuotationStatus
from services import clock
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


async def award(order: Order, quotation: Quotation, action: str, accepted_by: Actor) -> Contract:
    """Accept the quotation and freeze what both sides will sign."""
    move(order, action, to=OrderStatus.PENDING_SIGNATURE)
    quotation.status = QuotationStatus.ACCEPTED
    await quotation.save(update_fields=["status"])
    order.agreed_total = quotation.total
    contract = await _draw_up(order, quotation)
    body: dict[str, object] = {
        "quotationId": str(quotation.id),
        "contractId": str(contract.id),
        "sha256": contract.sha256,
    }
    await note(order, EventKind.QUOTATION_ACCEPTED, accepted_by, body)
    return contract


async def _draw_up(order: Order, quotation: Quotation) -> Contract:
    version = await Contract.versions(order.id) + 1
    contract_number = number(Series.CONTRACT)
    text = canonical(await _document(order, quotation, contract_number, version))
    return await Contract.create(
        number=contract_number,
        order_id=order.id,
        quotation_id=quotation.id,
        version=version,
        text=text,
        sha256=fingerprint(text),
        sign_by=clock.now() + TIME_TO_SIGN,
        created_at=clock.now(),
    )


async def _document(order: Order, quotation: Quotation, contract_number: str, version: int) -> dict[str, object]:
    """Everything the parties agree on; decimals and dates as strings, so that there is one spelling of it."""
    buyer, supplier = await Company.named(order.buyer_id), await Company.named(order.supplier_id)
    return {
        "template": TEMPLATE,
        "number": contract_number,
        "version": str(version),
        "order": order.number,
        "quotation": {"number": quotation.number, "revision": str(quotation.revision)},
        "drawnUpAt": clock.now().isoformat(),
        "buyer": _party(buyer),
        "supplier": _party(supplier),
        "lines": await _lines(order, quotation),
        "freight": _charge(quotation.freight, quotation.freight_tax_rate, quotation.freight_tax),
        "amounts": {
            "currency": quotation.currency,
            "net": str(quotation.net),
            "tax": str(quotation.tax),
            "total": str(quotation.total),
            "rounding": quotation.rounding_mode,
            "taxLevel": quotation.tax_level,
        },
        "delivery": {"place": order.delivery_place, "zone": order.delivery_zone, "incoterm": quotation.incoterm},
        "payment": {"netDays": str(quotation.payment_net_days)},
        "quality": order.quality_requirement,
        "remark": quotation.remark,
    }


def _party(company: Company) -> dict[str, object]:
    return {"name": company.legal_name, "englishName": company.english_name, "creditCode": company.credit_code}


def _charge(net: object, rate: object, tax: object) -> dict[str, object]:
    return {"net": str(net), "taxRate": str(rate), "tax": str(tax)}


async def _lines(order: Order, quotation: Quotation) -> list[dict[str, object]]:
    ordered = {line.id: line for line in await OrderLine.of(order.id)}
    return [_line(ordered[quoted.order_line_id], quoted) for quoted in await QuotationLine.of(quotation.id)]


def _line(ordered: OrderLine, quoted: QuotationLine) -> dict[str, object]:
    return {
        "position": str(ordered.position),
        "sku": ordered.sku,
        "nameZh": ordered.name_zh,
        "nameEn": ordered.name_en,
        "specification": ordered.specification,
        "unit": ordered.unit,
        "quantity": plain(quoted.quantity),
        "unitPrice": plain(quoted.unit_price),
        "promisedOn": quoted.promised_on.isoformat(),
        "quality": ordered.quality_requirement,
        "qualityRemark": quoted.quality_remark,
        **_charge(quoted.net, quoted.tax_rate, quoted.tax),
    }
