"""Makes cheques, credit notes and refunds by walking the real verbs."""

from decimal import Decimal

from models import CreditNote, Invoice, Order, Payment, Refund
from models.crediting import left_of
from rules.accounts import Excess
from rules.crediting import CreditWish
from services import clock
from services.crediting import issue_credit_note
from services.paying import Transfer, confirm_funds, submit_bank_transfer, submit_cheque
from services.refunding import Repayment, send_refund
from tests.makers import make_key
from tests.order_makers import Parties


async def make_credit_note(
    parties: Parties, invoice: Invoice, *quantities: str, excess: Excess = Excess.REFUND
) -> CreditNote:
    """A credit note for so many of each line of the invoice as it is now, for all that is left unless said."""
    lines = (await left_of([invoice.id]))[invoice.id]
    wishes = tuple(
        CreditWish(line, Decimal(much)) for line, much in zip(lines, quantities, strict=False) if Decimal(much)
    )
    await invoice.refresh_from_db()
    return await issue_credit_note(
        parties.supplier, invoice.id, invoice.version, "miscounted", wishes or None, excess, idempotency_key=make_key()
    )


async def make_cheque(
    parties: Parties, invoice: Invoice, amount: str, *others: Invoice, credit: bool = True
) -> Payment:
    """A cheque that the buyer reports, for the invoice and then for the others; the surplus is credit unless said."""
    cheque = Transfer(Decimal(amount), clock.now().date(), make_key(), surplus_as_credit=credit)
    named = tuple(other.id for other in others)
    return await submit_cheque(parties.buyer, invoice.id, cheque, named, idempotency_key=make_key())


async def make_prepayment(
    parties: Parties, order: Order, amount: str, *, cheque: bool = False, credit: bool = False
) -> Payment:
    """What the buyer reports to have prepaid."""
    said = Transfer(Decimal(amount), clock.now().date(), make_key(), surplus_as_credit=credit)
    submit = submit_cheque if cheque else submit_bank_transfer
    return await submit(parties.buyer, None, said, order_id=order.id, idempotency_key=make_key())


async def make_confirmed(parties: Parties, payment: Payment, amount: str | None = None) -> Payment:
    """The payment, whose money the supplier has: what was reported unless said."""
    seen = payment.amount if amount is None else Decimal(amount)
    return await confirm_funds(
        parties.supplier, payment.id, payment.version, seen, takes_difference=True, idempotency_key=make_key()
    )


async def make_refund(parties: Parties, order: Order, amount: str) -> Refund:
    """Money on its way back to the buyer."""
    repayment = Repayment(Decimal(amount), clock.now().date(), make_key())
    return await send_refund(parties.supplier, order.id, None, repayment, idempotency_key=make_key())
