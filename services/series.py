"""Numbers without a gap, as the law wants them of what is booked."""

from uuid import UUID

from models import InvoiceSeries
from rules.billing import BillingDocument
from rules.identifiers import Series, gapless_number
from services import clock

PREFIX = {BillingDocument.INVOICE: Series.INVOICE, BillingDocument.CREDIT_NOTE: Series.CREDIT_NOTE}


async def next_number(document: BillingDocument, supplier_id: UUID, year: int) -> str:
    """The next number of the supplier's year; the series stays locked until commit, so that no number is skipped."""
    blank = InvoiceSeries(supplier_id=supplier_id, year=year, document=document, created_at=clock.now())
    await blank.written()
    series = await InvoiceSeries.of(supplier_id, year, document).select_for_update(no_key=True).get()
    series.ordinal += 1
    await series.save(update_fields=["ordinal"])
    return gapless_number(PREFIX[document], year, series.ordinal)
