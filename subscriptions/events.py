"""What subscribers are told: a type for each kind of event, in the past tense."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from resolvers.billing import Invoice, Payment
from resolvers.contracts import Contract
from resolvers.shipments import Shipment
from tortoise.models import Model

import models
from models.event import seq_for
from models.rows import Row, related_rows
from resolvers.companies import Company
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import encode_id
from resolvers.order_lines import Message
from resolvers.orders import Order
from resolvers.quotations import Approval, CounterOffer, Quotation
from resolvers.relations import One, derived, related
from resolvers.words import label
from rules.events import EventKind
from rules.lifecycle import OrderStatus, Side

described(
    EventKind,
    "EventKind",
    "What happened; each kind has a type of its own. Expect new ones.",
    {kind: f"`{kind.title().replace('_', '')}` tells what there is to it." for kind in EventKind},
)


@dataclass(frozen=True)
class Named:
    """The row of `model` whose id stands in the event's body under `key`."""

    model: type[Model]
    key: str

    async def __call__(self, context: Context, events: Sequence[Any]) -> list[Row | None]:
        """The row each event names."""
        ids = [event.body.get(self.key) for event in events]
        found = await related_rows(self.model, by="id", ids=[UUID(named) for named in ids if named])
        rows = {str(row.id): row for row in found}  # type: ignore[attr-defined]
        return [rows.get(named) for named in ids]


@strawberry.type(description="Who did something.")
class EventActor:
    """A person, a machine, or the clock."""

    name: str = strawberry.field(description="The name of the person or key; `clock` when time alone did it.")
    company_id: strawberry.ID | None = strawberry.field(description="The company acted for; null for the clock.")


def _actor(row: Any) -> EventActor:
    company = row.actor_company_id
    return EventActor(name=row.actor_name, company_id=company and encode_id("Company", company))  # type: ignore[arg-type]


@strawberry.interface(description="Something that happened.")
class Event:
    """A fact, in the order in which it was committed."""

    cursor: int = strawberry.field(
        description="Its number in the stream that is followed: what to subscribe `after` to go on from here."
    )
    seq: int = derived(
        lambda row, context: seq_for(row, context.actor),
        description="Its number in its own stream; an order's is the order's version for the caller's side.",
    )
    kind: EventKind = strawberry.field(description="What happened.")
    label: str = derived(
        lambda row, context: label("event_kind", row.kind, context.locale),
        description="What happened, in the caller's language.",
    )
    occurred_at: datetime = strawberry.field(description="When it happened.")
    actor: EventActor = derived(_actor, description="Who did it.")

    @staticmethod
    def resolve_type(row: Any, info: Any, interface: Any) -> str:
        """The kind decides the type: ORDER_PLACED is shown as OrderPlaced."""
        return str(row.kind).title().replace("_", "")


@strawberry.interface(description="Something that happened to an order, which both parties may know.")
class OrderEvent(Event):
    """An event of an order's stream."""

    status: OrderStatus = derived(lambda row: row.body["status"], description="The order's status right after it.")
    order: Order = related(One(models.Order, "stream"), description="The order as it is now.")


@strawberry.type
class _WithReason:
    reason: str = derived(lambda row: row.body.get("reason") or "", description="Why.")


@strawberry.type
class _WithMessage:
    message: Message | None = related(Named(models.Message, "messageId"), description="What was said.")


@strawberry.type
class _WithQuotation:
    quotation: Quotation | None = related(Named(models.Quotation, "quotationId"), description="Which quotation.")


@strawberry.type
class _WithContract:
    contract: Contract | None = related(Named(models.Contract, "contractId"), description="Which contract.")


@strawberry.type
class _WithShipment:
    shipment: Shipment | None = related(
        Named(models.Shipment, "shipmentId"), description="Which shipment, as it is now."
    )


@strawberry.type
class _WithInvoice:
    invoice: Invoice | None = related(Named(models.Invoice, "invoiceId"), description="Which invoice.")


@strawberry.type
class _WithPayment:
    payment: Payment | None = related(Named(models.Payment, "paymentId"), description="Which payment.")


@strawberry.type(description="The buyer made a draft; the supplier never hears of it.")
class OrderCreated(OrderEvent):
    """A draft was made."""


@strawberry.type(description="The buyer changed the draft; the supplier never hears of it.")
class DraftUpdated(OrderEvent):
    """A draft was changed."""


@strawberry.type(description="The order went to the buyer's approvers; the supplier never hears of it.")
class OrderSubmitted(OrderEvent):
    """An order awaits approval."""


@strawberry.type(description="The approvers gave the order back; the supplier never hears of it.")
class OrderReturned(OrderEvent):
    """An order is a draft again."""


@strawberry.type(description="The requester took the order back from the approvers; the supplier never hears of it.")
class OrderWithdrawn(OrderEvent):
    """An order is a draft again."""


@strawberry.type(description="The order reached the supplier: the first event the supplier sees of it.")
class OrderPlaced(OrderEvent):
    """An order was placed."""


@strawberry.type(description="The supplier asked something; it is the buyer's turn.")
class BuyerAsked(_WithMessage, OrderEvent):
    """A question was asked."""


@strawberry.type(description="The buyer answered; it is the supplier's turn.")
class SupplierAnswered(_WithMessage, OrderEvent):
    """A question was answered."""


@strawberry.type(description="The supplier sent a quotation; an earlier one is superseded.")
class QuotationSent(_WithQuotation, OrderEvent):
    """A quotation is open."""


@strawberry.type(description="The supplier cannot serve the order.")
class OrderRejected(_WithReason, OrderEvent):
    """An order ended."""

    explanation: str = derived(lambda row: row.body.get("explanation") or "", description="The reason in words.")


@strawberry.type(description="The buyer would rather have something else than was quoted.")
class QuotationCountered(_WithQuotation, OrderEvent):
    """A counter-offer was made."""

    counter_offer: CounterOffer | None = related(
        Named(models.CounterOffer, "counterOfferId"), description="The counter-offer."
    )


@strawberry.type(description="The buyer ended the order without a contract.")
class QuotationDeclined(_WithQuotation, _WithReason, OrderEvent):
    """An order ended."""


@strawberry.type(description="The buyer accepted a quotation; a contract waits for both signatures.")
class QuotationAccepted(_WithQuotation, _WithContract, OrderEvent):
    """A contract was drawn up."""


@strawberry.type(description="The quotation's validity ended unanswered.")
class QuotationExpired(_WithQuotation, OrderEvent):
    """An order ended."""


@strawberry.type(description="One side signed; with the second signature the contract takes effect.")
class ContractSigned(_WithContract, OrderEvent):
    """A contract was signed."""

    side: Side = derived(lambda row: row.body["side"], description="Which side signed.")


@strawberry.type(description="One side refused to sign; it is the supplier's turn to quote anew.")
class ContractRefused(_WithContract, _WithReason, OrderEvent):
    """A contract is void."""


@strawberry.type(description="The time to sign ended.")
class ContractLapsed(_WithContract, OrderEvent):
    """An order ended."""


@strawberry.type(description="The buyer cancelled the order.")
class OrderCancelled(_WithReason, OrderEvent):
    """An order ended."""


@strawberry.type(description="Somebody wrote a message.")
class MessagePosted(_WithMessage, OrderEvent):
    """A message was posted."""


@strawberry.type(description="Somebody put a talk on record.")
class TalkLogged(_WithMessage, OrderEvent):
    """A talk was logged."""


@strawberry.type(description="Goods left the supplier.")
class ShipmentDespatched(_WithShipment, OrderEvent):
    """A shipment is on its way."""


@strawberry.type(description="Something became known of a shipment on its way.")
class ShipmentTracked(_WithShipment, OrderEvent):
    """A shipment was seen."""

    code: str = derived(lambda row: row.body["code"], description="The carrier-neutral tracking code.")


@strawberry.type(description="The buyer inspected a shipment; the order is completed when nothing is open.")
class ShipmentReceived(_WithShipment, OrderEvent):
    """A shipment was received."""


@strawberry.type(description="The supplier claimed accepted goods.")
class InvoiceIssued(_WithInvoice, OrderEvent):
    """An invoice was issued."""


@strawberry.type(description="The buyer agreed with an invoice.")
class InvoiceAccepted(_WithInvoice, OrderEvent):
    """An invoice was accepted."""


@strawberry.type(description="The buyer disputes an invoice.")
class InvoiceDisputed(_WithInvoice, OrderEvent):
    """An invoice was disputed."""


@strawberry.type(description="The buyer reported a transfer.")
class PaymentSubmitted(_WithPayment, OrderEvent):
    """A transfer was reported."""


@strawberry.type(description="The supplier did not find the reported money.")
class PaymentRejected(_WithPayment, _WithReason, OrderEvent):
    """A transfer did not arrive."""


@strawberry.type(description="The supplier has the money; the order may be settled with it.")
class FundsConfirmed(_WithPayment, OrderEvent):
    """A transfer arrived."""

    settled: bool = derived(lambda row: row.body["settled"], description="Whether the order is done with now.")


@strawberry.type
class _OfApproval:
    approval: Approval | None = related(One(models.Approval, "stream"), description="The approval as it is now.")


@strawberry.type(description="The buyer's approvers owe a decision.")
class ApprovalRequested(_OfApproval, Event):
    """An approval was asked for."""


@strawberry.type(description="The buyer's approvers decided, or the question went away.")
class ApprovalDecided(_OfApproval, Event):
    """An approval was decided."""


@strawberry.type
class _OfCompany:
    company: Company | None = related(One(models.Company, "stream"), description="The company as it is now.")


@strawberry.type(description="A company applied to take part.")
class CompanyRegistered(_OfCompany, Event):
    """A company registered."""


@strawberry.type(description="The operator admitted, rejected or suspended a company.")
class CompanyReviewed(_OfCompany, Event):
    """A company was reviewed."""


# The interface's own list of what implements it is found by walking the types, so every one of them has to be named to the schema.
EVENT_TYPES: tuple[type, ...] = tuple(
    shown
    for shown in globals().values()
    if isinstance(shown, type) and issubclass(shown, Event) and shown not in (Event, OrderEvent)
)
