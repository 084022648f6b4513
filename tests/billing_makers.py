"""Makes what takes money back by walking the real verbs."""

from decimal import Decimal

from models import CreditNote, Invoice
from models.crediting import left_of
from rules.accounts import Excess
from rules.crediting import CreditWish
from services.crediting import issue_credit_note
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
