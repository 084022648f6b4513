"""What finance does in the demo's stories: claims, transfers, and money that goes back."""

from decimal import Decimal

from api.demo.plot import Plot
from models import CreditNote, Invoice, InvoiceLine, Payment
from rules.crediting import CreditWish
from services import clock
from services.crediting import issue_credit_note
from services.invoicing import accept_invoice, issue_invoice
from services.paying import Transfer, confirm_funds, submit_bank_transfer
from services.refunding import Repayment, send_refund

PLACE = "Asia/Shanghai"
LESS = Decimal("10.00")
"""By which a line becomes cheaper afterwards."""


async def claim(plot: Plot) -> None:
    """The supplier claims everything."""
    actor, order, version = await plot.at(plot.of_supplier("fin"))
    await issue_invoice(actor, order.id, version, None, idempotency_key=f"{plot.key}-invoice")


async def agree(plot: Plot) -> None:
    """The buyer finds it right."""
    [invoice] = await Invoice.visible_to(plot.of_buyer("fin")).filter(order_id=plot.order.id)
    await accept_invoice(plot.of_buyer("fin"), invoice.id, invoice.version)


async def pay(plot: Plot) -> None:
    """The buyer reports the transfer."""
    [invoice] = await Invoice.visible_to(plot.of_buyer("fin")).filter(order_id=plot.order.id)
    transfer = Transfer(invoice.total, clock.today(PLACE), f"ICBC{plot.key[-4:]}")
    await submit_bank_transfer(plot.of_buyer("fin"), invoice.id, transfer, idempotency_key=f"{plot.key}-payment")


async def confirm(plot: Plot) -> None:
    """The supplier has the money."""
    actor = plot.of_supplier("fin")
    [payment] = await Payment.visible_to(actor).filter(order_id=plot.order.id)
    await confirm_funds(actor, payment.id, payment.version, payment.amount, idempotency_key=f"{plot.key}-funds")


async def credit(plot: Plot) -> None:
    """The first line becomes cheaper, for it has scratches."""
    actor = plot.of_supplier("fin")
    [invoice] = await Invoice.visible_to(actor).filter(order_id=plot.order.id)
    line = await InvoiceLine.first_of(invoice.id)
    less = (CreditWish(line.id, net=min(line.net, LESS)),)
    await issue_credit_note(
        actor, invoice.id, invoice.version, "外观有划痕，协商减价。", less, idempotency_key=f"{plot.key}-credit"
    )


async def pay_back(plot: Plot) -> None:
    """The supplier sends back what is too much now."""
    actor = plot.of_supplier("fin")
    [note] = await CreditNote.visible_to(actor).filter(order_id=plot.order.id)
    back = Repayment(note.total, clock.today(PLACE), f"ICBC{plot.key[-4:]}R")
    await send_refund(actor, plot.order.id, None, back, idempotency_key=f"{plot.key}-refund")
