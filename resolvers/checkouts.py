"""Online payments as the schema shows them: what the payer is given, and what goes back."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

import models
from resolvers.amounts import Money
from resolvers.enums import described
from resolvers.ids import encode_id
from resolvers.node import Node
from resolvers.relations import One, derived, related, shows
from resolvers.words import label
from rules.money import Currency
from rules.rails import PaymentFlow, ProviderRefundStatus, RefundReason

if TYPE_CHECKING:
    from resolvers.billing import Payment

LazyPayment = Annotated["Payment", strawberry.lazy("resolvers.billing")]

described(
    PaymentFlow,
    "PaymentFlow",
    "Where the payer pays; expect new ones.",
    {
        "QR": "By a code that is scanned with the provider's app: the content is the code's text.",
        "PAGE": "On the provider's page in a browser: the content is its URL.",
        "APP": "In the provider's app, called by another app: the content is what its SDK is called with.",
        "JSAPI": (
            "Inside of WeChat, by a page or a mini program that is open there: the content is what its bridge "
            "(getBrandWCPayRequest, wx.requestPayment) is called with, as JSON. Wants the payer's openid; for WECHAT_PAY alone."
        ),
    },
)
described(
    ProviderRefundStatus,
    "ProviderRefundStatus",
    "Where money that goes back stands; expect new ones.",
    {
        "DUE": "It has to go back and nobody has asked for it yet: a task of the supplier.",
        "REQUESTED": "The provider was asked; what became of it is not known yet.",
        "SUCCEEDED": "It went back.",
        "FAILED": "The provider refused.",
    },
)
described(
    RefundReason,
    "RefundReason",
    "Why money goes back; expect new ones.",
    {
        "REQUESTED": "The supplier wanted it.",
        "PAID_TOO_LATE": "It was paid after the order had ended, or after something else had paid the invoice.",
        "MADE_ELSEWHERE": "The supplier paid it back at the provider's own desk.",
    },
)


@strawberry.type(description="How an online payment is paid.")
@shows(models.OnlinePayment)
class Checkout:
    """What the payer is given."""

    flow: PaymentFlow = strawberry.field(description="Where the payer pays.")
    content: str | None = strawberry.field(
        description=(
            "What the flow needs: a code's text, a URL, or what an app or a page's bridge is called with; "
            "null until the provider has answered."
        )
    )
    expires_at: datetime = strawberry.field(description="Until when it can be paid; then it is closed.")
    is_sandbox: bool = strawberry.field(description="Whether it goes to a simulated provider, where no money moves.")


@strawberry.type(description="Money of an online payment that went back, or is to.")
@shows(models.PaymentRefund)
class PaymentRefund(Node):
    """A refund."""

    id: strawberry.ID = derived(lambda row: encode_id("PaymentRefund", row.id), description="Opaque id.")
    number: str = strawberry.field(description="Its number with the provider.")
    status: ProviderRefundStatus = strawberry.field(description="Where it stands.")
    status_label: str = derived(
        lambda row, context: label("provider_refund_status", row.status, context.locale),
        description="Where it stands, in words of the caller's language.",
    )
    why: RefundReason = strawberry.field(description="Why it goes back.")
    why_label: str = derived(
        lambda row, context: label("refund_reason", row.why, context.locale),
        description="Why it goes back, in words of the caller's language.",
    )
    amount: Money = derived(
        lambda row: Money(amount=row.amount, currency=Currency.CNY), description="How much goes back."
    )
    remark: str | None = strawberry.field(description="What the supplier said of it.")
    failure_reason: str | None = strawberry.field(
        description="What the provider said when it refused, or `MERCHANT_BANK_CARD`: it was sent to the supplier's own bank; "
        "while it is REQUESTED, why it waits for somebody to act at the provider's "
        "desk, such as `ABNORMAL`: the payer's card takes nothing, and the supplier finishes the refund in WeChat Pay's console."
    )
    created_at: datetime = strawberry.field(description="When it was wanted, or became due.")
    done_at: datetime | None = strawberry.field(description="When its outcome was known; null before.")
    payment: LazyPayment = related(One(models.Payment, "payment_id"), description="The payment of which it goes back.")
