"""Events of official invoices (发票)."""

import strawberry

import models
from resolvers.official_invoices import OfficialInvoice
from resolvers.relations import derived, related, shows
from subscriptions.event import Named, OrderEvent, kinds_in


@strawberry.type
class _WithOfficialInvoice:
    official_invoice: OfficialInvoice | None = related(
        Named(models.OfficialInvoice, "officialInvoiceId"), description="Which record, as it is now."
    )


@strawberry.type(description="The supplier recorded an official invoice.")
@shows(models.Event)
class OfficialInvoiceRecorded(_WithOfficialInvoice, OrderEvent):
    """An official invoice was recorded."""

    replaced: OfficialInvoice | None = related(
        Named(models.OfficialInvoice, "replacedId"),
        description="The wrong record that it took the place of; null without one.",
    )


@strawberry.type(description="The record of an official invoice was wrong and counts no more.")
@shows(models.Event)
class OfficialInvoiceVoided(_WithOfficialInvoice, OrderEvent):
    """A record was voided."""

    reason: str = derived(lambda row: row.body["reason"], description="Why.")


OFFICIAL_INVOICE_EVENT_TYPES = kinds_in(globals())
