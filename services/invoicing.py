"""What the supplier claims for accepted goods, and what the buyer says to it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from models import BillingProfile, Company, Contract, Invoice, InvoiceLine, Order, OrderLine, Quotation, Shipment
from models.base import new_id
from rules.accounts import Account
from rules.billing import BillingDocument, InvoiceStatus
from rules.errands import ErrandKind
from rules.events import EventKind
from rules.lifecycle import step_for
from rules.money import Totals, added_up
from rules.people import Actor
from rules.postings import invoice_posting
from rules.problems import NotFound, StaleVersion, WrongStatus, invalid
from rules.quantity import Movement, check_invoice, each_once
from rules.tax import RateChange, new_rates
from rules.terms import PaymentMoment, due_date, local_date
from services import budgets, clock, errands, ledger, obligations
from services.billing_papers import write_paper
from services.claiming import Claim, claims
from services.desk import lock_order, note, open_order
from services.series import next_number
from services.settling import as_settled, settle_if_done
from services.tax import law_for
from services.verb import creating, verb
from services.working_days import working_day


@creating(Invoice)
async def issue_invoice(
    actor: Actor,
    order_id: UUID,
    expected_version: int,
    quantities: tuple[tuple[UUID, Decimal], ...] | None,
    tax_rates: tuple[RateChange, ...] = (),
    *,
    idempotency_key: str,
) -> Invoice:
    """Claim accepted goods at the contract's price, all of them unless quantities are named.

    Freight comes with the first invoice, allowances and charges in proportion to the goods. Where the law has changed a rate since it
    was agreed, and before the goods left, `tax_rates` says which it is now.
    """
    order = await open_order(actor, "issue_invoice", order_id, expected_version)
    await budgets.hold_still(order)  # before the series of numbers, as everybody does
    contract = await Contract.in_force(order.id)
    if contract is None:
        raise WrongStatus("issue_invoice", order.status)
    wanted = await _wanted(order, quantities)
    invoice = await _write(order, contract, wanted, tax_rates)
    await ledger.record(Movement.INVOICED, invoice.id, wanted)
    await ledger.post(order, invoice.id, invoice_posting(invoice.id, invoice.net, invoice.tax))
    await ledger.set_off(order, invoice.id, Account.ADVANCES, Account.REFUNDS)
    await write_paper(invoice, order)
    if (await BillingProfile.of(order.buyer_id, clock.now())).accepts_matched:
        await errands.send(ErrandKind.MATCH_INVOICE, invoice.id)
    await settle_if_done(order)  # goods free of charge: there is no payment to wait for
    body = {"invoiceId": str(invoice.id), "total": str(invoice.total), **as_settled(order)}
    await note(order, EventKind.INVOICE_ISSUED, actor, body)
    return invoice


@verb
async def accept_invoice(actor: Actor, invoice_id: UUID, expected_version: int) -> Invoice:
    """Agree that the claim is right."""
    order, invoice = await open_invoice(actor, invoice_id, expected_version, "accept_invoice", InvoiceStatus.ISSUED)
    invoice.status = InvoiceStatus.ACCEPTED
    await _answer(order, invoice, actor, EventKind.INVOICE_ACCEPTED)
    return invoice


@verb
async def dispute_invoice(actor: Actor, invoice_id: UUID, expected_version: int, reason: str) -> Invoice:
    """Say what is wrong with the claim."""
    order, invoice = await open_invoice(actor, invoice_id, expected_version, "dispute_invoice", InvoiceStatus.ISSUED)
    invoice.status, invoice.dispute_reason = InvoiceStatus.DISPUTED, reason
    await _answer(order, invoice, actor, EventKind.INVOICE_DISPUTED)
    return invoice


async def open_invoice(
    actor: Actor, invoice_id: UUID, expected_version: int, action: str, *statuses: InvoiceStatus
) -> tuple[Order, Invoice]:
    """The invoice and its order, locked by way of the order: it is as it was read, and in one of these statuses."""
    invoice = await Invoice.visible_to(actor).get_or_none(id=invoice_id)
    if invoice is None:
        raise NotFound("Invoice", invoice_id)
    order = await lock_order(actor, invoice.order_id)
    await invoice.refresh_from_db()
    if invoice.version != expected_version:
        raise StaleVersion(invoice.version)
    step_for(action, order, order.side_of(actor))
    if invoice.status not in statuses:
        raise WrongStatus(action, invoice.status, statuses)
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


async def _write(
    order: Order, contract: Contract, wanted: Mapping[UUID, Decimal], changes: Sequence[RateChange]
) -> Invoice:
    quotation = await Quotation.named(contract.quotation_id)
    claimed = await _legal(order, await claims(order, contract, wanted, quotation.rounding), changes)
    sums = added_up([claim.claimed for claim in claimed], quotation.rounding)
    zone = (await Company.named(order.supplier_id)).delivery_zone
    today = clock.today(zone)
    invoice = await Invoice.create(
        id=new_id(),
        number=await next_number(BillingDocument.INVOICE, order.supplier_id, today.year),
        order_id=order.id,
        supplier_id=order.supplier_id,
        currency=quotation.currency,
        tax_inclusion=quotation.tax_inclusion,
        rounding_mode=quotation.rounding_mode,
        tax_level=quotation.tax_level,
        net=sums.net,
        tax=sums.tax,
        total=sums.gross,
        issued_on=today,
        due_on=await _due_on(order, quotation, today, zone),
        created_at=clock.now(),
    )
    await InvoiceLine.write_all(_lines(invoice, claimed, sums))
    await obligations.claim(order, invoice, zone)
    return invoice


async def _legal(order: Order, claimed: list[Claim], changes: Sequence[RateChange]) -> list[Claim]:
    """The claims at rates that the law has today, or had when the last goods left; InvalidInput where one that is agreed is replaced
    although the law has it."""
    law = await law_for(order.supplier_id, await Shipment.last_despatched(order.id))
    rates = new_rates(changes, {claim.claimed.tax_rate for claim in claimed})
    for place, rate in enumerate(rates):
        if law.has(rate):
            raise invalid(f"input.taxRates[{place}].before", "is valid, so that what is agreed counts")
    law.check((f"input.taxRates[{place}].after", rate) for place, rate in enumerate(rates.values()))
    taxed = [claim.taxed(rates) for claim in claimed]
    law.check(("contract.taxRate", claim.claimed.tax_rate) for claim in taxed if claim.quantity)
    return taxed


async def _due_on(order: Order, quotation: Quotation, issued_on: date, zone: str) -> date:
    """By the quotation's terms, on a working day; nobody has to pay before the invoice is there."""
    start = issued_on
    if quotation.payment_moment is PaymentMoment.ON_RECEIPT:
        received_at = await Shipment.last_received(order.id)
        start = local_date(received_at, zone) if received_at else issued_on
    return working_day(max(due_date(start, quotation.payment_net_days), issued_on))


def _lines(invoice: Invoice, claimed: list[Claim], sums: Totals) -> list[InvoiceLine]:
    parts = [part for part in zip(claimed, sums.nets, sums.taxes, strict=True) if part[0].quantity]
    return [
        InvoiceLine(
            invoice_id=invoice.id,
            order_line_id=claim.order_line_id,
            position=place,
            quantity=claim.quantity,
            unit_price=claim.unit_price,
            tax_rate=claim.claimed.tax_rate,
            net=net,
            tax=tax,
            allowance=claim.allowance,
            created_at=clock.now(),
        )
        for place, (claim, net, tax) in enumerate(parts, 1)
    ]
