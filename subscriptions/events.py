"""What subscribers are told: a type for each kind of event, in the past tense."""

import strawberry

import models
from resolvers.agreements import FrameworkAgreement
from resolvers.billing import Invoice, Payment
from resolvers.contracts import Contract
from resolvers.order_lines import Message
from resolvers.quotations import CounterOffer, Quotation
from resolvers.relations import derived, related, shows
from rules.lifecycle import Side
from subscriptions.agreement_events import AGREEMENT_EVENT_TYPES
from subscriptions.amendment_events import AMENDMENT_EVENT_TYPES
from subscriptions.approval_events import APPROVAL_EVENT_TYPES
from subscriptions.attachment_events import ATTACHMENT_EVENT_TYPES
from subscriptions.billing_events import BILLING_EVENT_TYPES
from subscriptions.budget_events import BUDGET_EVENT_TYPES
from subscriptions.company_events import COMPANY_EVENT_TYPES
from subscriptions.credit_events import CREDIT_EVENT_TYPES
from subscriptions.delivery_events import DELIVERY_EVENT_TYPES
from subscriptions.enquiry_events import ENQUIRY_EVENT_TYPES
from subscriptions.event import MaySettle, Named, OrderEvent, kinds_in
from subscriptions.official_invoice_events import OFFICIAL_INVOICE_EVENT_TYPES
from subscriptions.payment_events import PAYMENT_EVENT_TYPES
from subscriptions.pricing_events import PRICING_EVENT_TYPES
from subscriptions.reading_events import READING_EVENT_TYPES
from subscriptions.reconciliation_events import RECONCILIATION_EVENT_TYPES
from subscriptions.return_events import RETURN_EVENT_TYPES
from subscriptions.settlement_events import SETTLEMENT_EVENT_TYPES
from subscriptions.statement_events import STATEMENT_EVENT_TYPES
from subscriptions.stock_events import STOCK_EVENT_TYPES


@strawberry.type
class _WithReason:
    reason: str = derived(lambda row: row.body.get("reason") or "", description="Why.")


@strawberry.type
class _WithMessage:
    message: Message | None = related(Named(models.Message, "messageId"), description="What was said.")


@strawberry.type
class _WithQuotation:
    quotation: Quotation | None = related(
        Named(models.Quotation, "quotationId", visible=True),
        description="Which quotation; null while it is sealed for the caller.",
    )


@strawberry.type
class _WithContract:
    contract: Contract | None = related(Named(models.Contract, "contractId"), description="Which contract.")


@strawberry.type
class _WithInvoice:
    invoice: Invoice | None = related(Named(models.Invoice, "invoiceId"), description="Which invoice.")


@strawberry.type
class _WithPayment:
    payment: Payment | None = related(Named(models.Payment, "paymentId"), description="Which payment.")


@strawberry.type(description="The buyer made a draft; the supplier never hears of it.")
@shows(models.Event)
class OrderCreated(OrderEvent):
    """A draft was made."""


@strawberry.type(description="The buyer changed the draft; the supplier never hears of it.")
@shows(models.Event)
class DraftUpdated(OrderEvent):
    """A draft was changed."""


@strawberry.type(description="The order went to the buyer's approvers; the supplier never hears of it.")
@shows(models.Event)
class OrderSubmitted(OrderEvent):
    """An order awaits approval."""


@strawberry.type(description="The approvers gave the order back; the supplier never hears of it.")
@shows(models.Event)
class OrderReturned(OrderEvent):
    """An order is a draft again."""


@strawberry.type(description="The requester took the order back from the approvers; the supplier never hears of it.")
@shows(models.Event)
class OrderWithdrawn(OrderEvent):
    """An order is a draft again."""


@strawberry.type(description="The order reached the supplier: the first event the supplier sees of it.")
@shows(models.Event)
class OrderPlaced(OrderEvent):
    """An order was placed."""


@strawberry.type(description="The supplier asked something; it is the buyer's turn.")
@shows(models.Event)
class BuyerAsked(_WithMessage, OrderEvent):
    """A question was asked."""


@strawberry.type(description="The buyer answered; it is the supplier's turn.")
@shows(models.Event)
class SupplierAnswered(_WithMessage, OrderEvent):
    """A question was answered."""


@strawberry.type(description="The supplier sent a quotation; an earlier one is superseded.")
@shows(models.Event)
class QuotationSent(_WithQuotation, OrderEvent):
    """A quotation is open."""


@strawberry.type(description="The supplier took the open quotation back; it is the supplier's turn again.")
@shows(models.Event)
class QuotationWithdrawn(_WithQuotation, _WithReason, OrderEvent):
    """A quotation is no longer open."""


@strawberry.type(description="The supplier cannot serve the order.")
@shows(models.Event)
class OrderRejected(_WithReason, OrderEvent):
    """An order ended."""

    explanation: str = derived(lambda row: row.body.get("explanation") or "", description="The reason in words.")


@strawberry.type(description="The buyer would rather have something else than was quoted.")
@shows(models.Event)
class QuotationCountered(_WithQuotation, OrderEvent):
    """A counter-offer was made."""

    counter_offer: CounterOffer | None = related(
        Named(models.CounterOffer, "counterOfferId"), description="The counter-offer."
    )


@strawberry.type(description="The buyer ended the order without a contract.")
@shows(models.Event)
class QuotationDeclined(_WithQuotation, _WithReason, OrderEvent):
    """An order ended."""


@strawberry.type(
    description="The buyer accepted a quotation; a contract waits for both signatures, unless a framework agreement stands for them."
)
@shows(models.Event)
class QuotationAccepted(_WithQuotation, _WithContract, OrderEvent):
    """A contract was drawn up."""

    agreement: FrameworkAgreement | None = related(
        Named(models.FrameworkAgreement, "agreementId"), description="Which agreement it stands on; null without one."
    )


@strawberry.type(description="The quotation's validity ended unanswered.")
@shows(models.Event)
class QuotationExpired(_WithQuotation, OrderEvent):
    """An order ended."""


@strawberry.type(description="One side signed; with the second signature the contract takes effect.")
@shows(models.Event)
class ContractSigned(_WithContract, OrderEvent):
    """A contract was signed."""

    side: Side = derived(lambda row: row.body["side"], description="Which side signed.")


@strawberry.type(description="One side refused to sign; it is the supplier's turn to quote anew.")
@shows(models.Event)
class ContractRefused(_WithContract, _WithReason, OrderEvent):
    """A contract is void."""


@strawberry.type(description="The time to sign ended.")
@shows(models.Event)
class ContractLapsed(_WithContract, OrderEvent):
    """An order ended."""


@strawberry.type(description="The buyer cancelled the order.")
@shows(models.Event)
class OrderCancelled(_WithReason, OrderEvent):
    """An order ended."""


@strawberry.type(description="Somebody wrote a message.")
@shows(models.Event)
class MessagePosted(_WithMessage, OrderEvent):
    """A message was posted."""


@strawberry.type(description="Somebody put a talk on record.")
@shows(models.Event)
class TalkLogged(_WithMessage, OrderEvent):
    """A talk was logged."""


@strawberry.type(description="The supplier claimed accepted goods.")
@shows(models.Event)
class InvoiceIssued(_WithInvoice, MaySettle, OrderEvent):
    """An invoice was issued."""


@strawberry.type(description="The buyer agreed with an invoice.")
@shows(models.Event)
class InvoiceAccepted(_WithInvoice, OrderEvent):
    """An invoice was accepted."""


@strawberry.type(description="The buyer disputes an invoice.")
@shows(models.Event)
class InvoiceDisputed(_WithInvoice, OrderEvent):
    """An invoice was disputed."""


@strawberry.type(description="The buyer reported a transfer.")
@shows(models.Event)
class PaymentSubmitted(_WithPayment, OrderEvent):
    """A transfer was reported."""


@strawberry.type(description="The supplier did not find the reported money.")
@shows(models.Event)
class PaymentRejected(_WithPayment, _WithReason, MaySettle, OrderEvent):
    """A transfer did not arrive."""


@strawberry.type(description="The supplier has the money; the order may be settled with it.")
@shows(models.Event)
class FundsConfirmed(_WithPayment, OrderEvent):
    """A transfer arrived."""

    settled: bool = derived(lambda row: row.body["settled"], description="Whether the order is done with now.")


# The interface's own list of what implements it is found by walking the types, so every one of them has to be named to the schema.
EVENT_TYPES = (
    *kinds_in(globals()),
    *AGREEMENT_EVENT_TYPES,
    *AMENDMENT_EVENT_TYPES,
    *APPROVAL_EVENT_TYPES,
    *ATTACHMENT_EVENT_TYPES,
    *BILLING_EVENT_TYPES,
    *BUDGET_EVENT_TYPES,
    *COMPANY_EVENT_TYPES,
    *CREDIT_EVENT_TYPES,
    *DELIVERY_EVENT_TYPES,
    *ENQUIRY_EVENT_TYPES,
    *OFFICIAL_INVOICE_EVENT_TYPES,
    *PAYMENT_EVENT_TYPES,
    *PRICING_EVENT_TYPES,
    *READING_EVENT_TYPES,
    *RECONCILIATION_EVENT_TYPES,
    *RETURN_EVENT_TYPES,
    *SETTLEMENT_EVENT_TYPES,
    *STATEMENT_EVENT_TYPES,
    *STOCK_EVENT_TYPES,
)
