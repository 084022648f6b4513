"""Events of what is taken back of invoices."""

import strawberry

import models
from resolvers.billing import Invoice
from resolvers.credit_notes import CreditNote
from resolvers.relations import related, shows
from subscriptions.event import Named, OrderEvent, kinds_in


@strawberry.type(description="The supplier took back an invoice, or a part of it.")
@shows(models.Event)
class CreditNoteIssued(OrderEvent):
    """A credit note was issued."""

    credit_note: CreditNote | None = related(Named(models.CreditNote, "creditNoteId"), description="Which credit note.")
    invoice: Invoice | None = related(Named(models.Invoice, "invoiceId"), description="The invoice, as it is now.")


BILLING_EVENT_TYPES = kinds_in(globals())
