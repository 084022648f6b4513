"""What the supplier claims for accepted goods, and what the buyer says to it."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from models import Company, Contract, ContractLine, Invoice, InvoiceLine, InvoiceSeries, Order, OrderLine, Quotation
from models.base import new_id
from rules.billing import InvoiceStatus, invoice_posting
from rules.contract import ContractStatus
from rules.events import EventKind
from rules.identifiers import invoice_number
from rules.lifecycle import step_for
from rules.money import Charge, Rounding, Totals, totals
from rules.people import Actor
from rules.problems import NotFound, StaleVersion, WrongStatus, invalid
from rules.quantity import Movement, check_invoice, each_once
from rules.terms import due_date
from services import clock, ledger
from services.desk import lock_order, note, open_order
from services.settling import settle_if_done
from services.verb import creating, verb


@creating(Invoice)
async def issue_invoice(
    actor: Actor,
    order_id: UUID,
    expected_version: int,
    quantities: tuple[tuple[UUID, Decimal], ...] | None,
    *,
    idempotency_key: str,
) -> Invoice:
    """Claim accepted goods at the contract's price, all of them unless quantities are named; freight comes with the first invoice."""
    order = await open_order(actor, "issue_invoice", order_id, expected_version)
    contract = await Contract.in_force(order.id)
    if contract is None or contract.status is not ContractStatus.EFFECTIVE:
        raise WrongStatus("issue_invoice", order.status)
    wanted = await _wanted(order, quantities)
    invoice = await _write(order, contract, wanted)
    await ledger.record(Movement.INVOICED, invoice.id, wanted)
    await ledger.post(order, invoice.id, invoice_posting(invoice.net, invoice.tax))
    body: dict[str, object] = {"invoiceId": str(invoice.id), "total": str(invoice.total)}
    await settle_if_done(order)  # goods free of charge: there is no payment to wait for
    await note(order, EventKind.INVOICE_ISSUED, actor, body)
    return invoice


@verb
async def accept_invoice(actor: Actor, invoice_id: UUID, expected_version: int) -> Invoice:
    """Agree that the claim is right."""
    order, invoice = await _open(actor, invoice_id, expected_version, "accept_invoice")
    invoice.status = InvoiceStatus.ACCEPTED
    await _answer(order, invoice, actor, EventKind.INVOICE_ACCEPTED)
    return invoice


@verb
async def dispute_invoice(actor: Actor, invoice_id: UUID, expected_version: int, reason: str) -> Invoice:
    """Say what is wrong with the claim."""
    order, invoice = await _open(actor, invoice_id, expected_version, "dispute_invoice")
    invoice.status, invoice.dispute_reason = InvoiceStatus.DISPUTED, reason
    await _answer(order, invoice, actor, EventKind.INVOICE_DISPUTED)
    return invoice


async def _open(actor: Actor, invoice_id: UUID, expected_version: int, action: str) -> tuple[Order, Invoice]:
    invoice = await Invoice.visible_to(actor).get_or_none(id=invoice_id)
    if invoice is None:
        raise NotFound("Invoice", invoice_id)
    order = await lock_order(actor, invoice.order_id)
    await invoice.refresh_from_db()
    if invoice.version != expected_version:
        raise StaleVersion(invoice.version)
    step_for(action, order, order.side_of(actor))
    if invoice.status is not InvoiceStatus.ISSUED:
        raise WrongStatus(action, invoice.status, (InvoiceStatus.ISSUED,))
    return order, invoice


async def _answer(order: Order, invoice: Invoice, actor: Actor, kind: EventKind) -> None:
    invoice.version += 1
    await invoice.save()
    await note(order, kind, actor, {"invoiceId": str(invoice.id)})


async def _wanted(order: Order, named: tuple[tuple[UUID, Decimal], ...] | None) -> dict[UUID, Decimal]:
    booked = await ledger.line_quantities(order)
    if named is None:
        named = tuple((line, found.to_invoice) for line, found in booked.items() if found.to_invoice > 0)
    quantities = each_once("input.lines", named)
    positions = {line.id: line.position for line in await OrderLine.of(order.id)}
    for line, quantity in quantities.items():
        if line not in booked:
            raise NotFound("OrderLine", line)
        check_invoice(positions[line], booked[line], quantity)
    if not quantities:
        raise invalid("input.lines", "there are no accepted goods left to invoice")
    return quantities


async def _write(order: Order, contract: Contract, wanted: Mapping[UUID, Decimal]) -> Invoice:
    quotation = await Quotation.named(contract.quotation_id)
    agreed = [line for line in await ContractLine.of(contract.id) if line.order_line_id in wanted]
    charges = [Charge(wanted[line.order_line_id], line.unit_price, line.tax_rate) for line in agreed]
    if contract.freight and not await Invoice.exists_for(order.id):
        charges.append(Charge(Decimal(1), contract.freight, contract.freight_tax_rate))
    sums = totals(charges, Rounding(quotation.currency, quotation.rounding_mode, quotation.tax_level))
    today = clock.today((await Company.named(order.supplier_id)).delivery_zone)
    invoice = await Invoice.create(
        id=new_id(),
        number=invoice_number(today.year, await _next_ordinal(order.supplier_id, today.year)),
        order_id=order.id,
        supplier_id=order.supplier_id,
        currency=quotation.currency,
        net=sums.net,
        tax=sums.tax,
        total=sums.gross,
        issued_on=today,
        due_on=due_date(today, quotation.payment_net_days),
        created_at=clock.now(),
    )
    await InvoiceLine.bulk_create(_lines(invoice, agreed, charges, sums))
    return invoice


def _lines(invoice: Invoice, agreed: list[ContractLine], charges: list[Charge], sums: Totals) -> list[InvoiceLine]:
    """The goods, then freight, which belongs to no order line."""
    of_order: list[UUID | None] = [line.order_line_id for line in agreed]
    of_order += [None] * (len(charges) - len(agreed))
    return [
        InvoiceLine(
            invoice_id=invoice.id,
            order_line_id=line,
            position=place,
            quantity=charge.quantity,
            unit_price=charge.unit_price,
            tax_rate=charge.tax_rate,
            net=net,
            tax=tax,
            created_at=clock.now(),
        )
        for place, (line, charge, net, tax) in enumerate(zip(of_order, charges, sums.nets, sums.taxes, strict=True), 1)
    ]


async def _next_ordinal(supplier_id: UUID, year: int) -> int:
    """The next number of the supplier's year; the row stays locked until commit, so that no number is skipped."""
    blank = InvoiceSeries(supplier_id=supplier_id, year=year, created_at=clock.now())
    await InvoiceSeries.bulk_create([blank], ignore_conflicts=True)
    series = await InvoiceSeries.of(supplier_id, year).select_for_update(no_key=True).get()
    series.ordinal += 1
    await series.save(update_fields=["ordinal"])
    return series.ordinal
