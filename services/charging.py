"""What providers keep of payments, in the supplier's books: once for each payment, and once for each refund that gives some of it back."""

from collections.abc import Sequence
from decimal import Decimal

from models import LedgerEntry, MerchantAccount, Payment
from rules.accounts import Account
from rules.postings import fee_posting
from rules.reconciliation import Record
from services import ledger
from services.desk import lock_orders
from services.online_desk import speaker_for


async def post_fees(account: MerchantAccount, charged: Sequence[tuple[Record, Decimal]]) -> None:
    """Post the fees that no posting has yet, under the locks of their orders: of the money where it lies now."""
    actor = speaker_for(account.company_id, account.method)
    mine = Payment.visible_to(actor).filter(id__in=[record.payment for record, _ in charged])
    orders = await lock_orders(actor, [payment.order_id for payment in await mine])
    payments = {payment.id: payment for payment in await mine}  # as they are under the locks
    posted = await LedgerEntry.charged(record.document for record, _ in charged)
    await ledger.post_each(
        (orders[payments[record.payment].order_id], record.document, fee_posting(fee, _where(payments[record.payment])))
        for record, fee in charged
        if record.document not in posted
    )


def _where(payment: Payment) -> Account:
    return Account.CASH_AT_PROVIDER if payment.confirmed_at is None else Account.BANK
