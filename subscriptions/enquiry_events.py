"""What the buyer's company is told of its enquiries, and no supplier ever is; what each supplier is told of its own order."""

from datetime import datetime

import strawberry

import models
from resolvers.companies import Company
from resolvers.enquiries import Enquiry
from resolvers.relations import One, derived, related, shows
from subscriptions.event import Event, Named, OrderEvent, kinds_in


@strawberry.interface(description="Something that happened to an enquiry, which the buyer's company alone may know.")
class EnquiryEvent(Event):
    """An event of an enquiry's stream."""

    enquiry: Enquiry = related(One(models.Enquiry, "stream"), description="The enquiry as it is now.")


@strawberry.type
class _WithSupplier:
    supplier: Company | None = related(Named(models.Company, "supplierId"), description="Which supplier.")


@strawberry.type(description="The buyer made a draft of an enquiry.")
@shows(models.Event)
class EnquiryCreated(EnquiryEvent):
    """An enquiry was begun."""


@strawberry.type(description="The buyer changed the draft of an enquiry.")
@shows(models.Event)
class EnquiryUpdated(EnquiryEvent):
    """An enquiry was changed."""


@strawberry.type(description="The suppliers were asked, each by an order of its own.")
@shows(models.Event)
class EnquiryIssued(EnquiryEvent):
    """An enquiry is out."""


@strawberry.type(description="One more supplier was asked.")
@shows(models.Event)
class SupplierInvited(_WithSupplier, EnquiryEvent):
    """A supplier was added."""


@strawberry.type(description="A supplier's order was cancelled.")
@shows(models.Event)
class InvitationWithdrawn(_WithSupplier, EnquiryEvent):
    """A supplier was dropped."""

    reason: str = derived(lambda row: row.body["reason"], description="Why.")


@strawberry.type(description="All suppliers have more time for their offers.")
@shows(models.Event)
class EnquiryExtended(EnquiryEvent):
    """Offers may come in for longer, or again."""

    answer_by: datetime = derived(
        lambda row: datetime.fromisoformat(row.body["answerBy"]), description="Until when offers may come in now."
    )


@strawberry.type(description="The time to answer has ended; what was sealed is open.")
@shows(models.Event)
class EnquiryClosed(EnquiryEvent):
    """No more first offers."""


@strawberry.type(description="What was asked for is awarded; the others were declined.")
@shows(models.Event)
class EnquiryAwarded(EnquiryEvent):
    """An enquiry is decided."""


@strawberry.type(description="The buyer ended the enquiry, and with it every order that was not awarded.")
@shows(models.Event)
class EnquiryCancelled(EnquiryEvent):
    """An enquiry ended."""

    reason: str = derived(lambda row: row.body["reason"], description="Why.")


@strawberry.type(description="The supplier has more time for its offer.")
@shows(models.Event)
class DeadlineExtended(OrderEvent):
    """Offers may come in for longer, or again."""

    answer_by: datetime = derived(
        lambda row: datetime.fromisoformat(row.body["answerBy"]), description="Until when offers may come in now."
    )


ENQUIRY_EVENT_TYPES = kinds_in(globals())
