"""Money by bank transfer or cheque: reported by the buyer, confirmed or missed by the supplier."""

from datetime import date
from decimal import Decimal
from typing import Annotated, TypedDict
from uuid import UUID

import strawberry
from strawberry.types import Info

from resolvers.billing import Payment
from resolvers.context import Context
from resolvers.inputs import Items, Number, Text, check
from resolvers.problems import CHANGING, CREATING, PAYING, answers, known
from resolvers.steps import KEY, Key, Reason, shown
from services import bouncing, paying, using_credit

Amount = Annotated[Decimal, Number(above=0, most=10**12, places=2)]


class Named(TypedDict, total=False):
    """The order, where one is named."""

    order_id: UUID


MOST_INVOICES = 99
"""Besides the first, of one transfer."""

Sha256 = Annotated[str, Text(64, 64, pattern="[0-9a-f]{64}")]


@strawberry.input
class MoneyReport:
    """What a payer says of money on its way."""

    invoice_id: strawberry.ID | None = strawberry.field(
        default=None, description="The invoice it pays; or else an order is named."
    )
    order_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The order whose prepayment it pays, or what is owed on it of no invoice; then no invoice is named.",
    )
    other_invoice_ids: Annotated[list[strawberry.ID], Items(0, MOST_INVOICES)] = strawberry.field(
        default_factory=list,
        description=f"Further invoices between the same two companies in the same currency, which it pays after that one, in this "
        f"order: at most {MOST_INVOICES}.",
    )
    amount: Amount = strawberry.field(
        description="How much, in the currency of the invoices or the order: all that is open of them, or of the prepayment, or a part; at "
        "most 2 decimals."
    )
    surplus_as_credit: bool = strawberry.field(
        default=False,
        description="Whether what is more than all that is open becomes credit, which may pay other invoices; refused otherwise, and of an "
        "order whose contract has ended.",
    )
    proof_id: strawberry.ID | None = strawberry.field(
        default=None, description="The bank's slip, where there is one: a file of yours that hangs on nothing yet."
    )
    remark: Annotated[str, Text(1, 1000)] | None = strawberry.field(
        default=None, description="What to add, at most 1000 characters."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A bank transfer for one invoice or several, as its payer reports it.")
class SubmitBankTransferInput(MoneyReport):
    """A transfer to be reported."""

    paid_on: date = strawberry.field(description="The day on the bank's slip.")
    bank_reference: Annotated[str, Text(1, 64)] = strawberry.field(
        description="The bank's number for the transfer: 1 to 64 characters, once for each order."
    )
    proof_sha256: Sha256 | None = strawberry.field(
        default=None, description="SHA-256 of the bank's slip, in 64 lower-case hex digits, where it is not uploaded."
    )


@strawberry.input(description="A cheque for one invoice or several, as its drawer reports it.")
class SubmitChequeInput(MoneyReport):
    """A cheque to be reported."""

    issued_on: date = strawberry.field(description="The day on the cheque.")
    cheque_number: Annotated[str, Text(1, 64)] = strawberry.field(
        description="The cheque's number: 1 to 64 characters, once for each order; anew where it bounced and is presented again."
    )


@strawberry.input(description="Money that has come in.")
class ConfirmFundsInput:
    """Which transfer has come, and how much."""

    payment_id: strawberry.ID = strawberry.field(description="The reported transfer.")
    expected_version: int = strawberry.field(description="The payment's version that was read.")
    amount: Amount = strawberry.field(
        description="How much came, in the payment's currency: exactly what was reported, unless the difference is taken."
    )
    takes_difference: bool = strawberry.field(
        default=False,
        description="Whether the money is taken although it is not what was reported: what is missing stays open, what is too much pays "
        "the rest of the same invoices and then becomes credit. Refused otherwise.",
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="Money that has not come.")
class RejectTransferInput:
    """Which transfer has not come, and why that is said."""

    payment_id: strawberry.ID = strawberry.field(description="The reported transfer.")
    expected_version: int = strawberry.field(description="The payment's version that was read.")
    reason: Reason = strawberry.field(description="Why: 1 to 1000 characters.")


@strawberry.input(description="A cheque whose money was confirmed, and which the bank did not honour.")
class BounceChequeInput:
    """Which cheque bounced."""

    payment_id: strawberry.ID = strawberry.field(description="The confirmed cheque.")
    expected_version: int = strawberry.field(description="The payment's version that was read.")
    reason: Reason = strawberry.field(description="What the bank says: 1 to 1000 characters.")


@strawberry.input(description="Credit that is to pay an invoice.")
class ApplyCreditInput:
    """Which invoice is paid with what was paid too much before."""

    invoice_id: strawberry.ID = strawberry.field(description="The invoice to pay.")
    amount: Amount | None = strawberry.field(
        default=None,
        description="How much, in the invoice's currency, at most 2 decimals; as much as there is and is open unless said.",
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.type(description="The supplier knows of the transfer.")
class SubmitBankTransferSuccess:
    """The payment as it was reported."""

    payment: Payment = strawberry.field(description="The new payment.")


@strawberry.type(description="The supplier knows of the cheque.")
class SubmitChequeSuccess:
    """The payment as it was reported."""

    payment: Payment = strawberry.field(description="The new payment.")


@strawberry.type(description="What the cheque paid is owed again.")
class BounceChequeSuccess:
    """The payment, bounced."""

    payment: Payment = strawberry.field(description="The payment as it is now.")


@strawberry.type(description="Credit has paid the invoice, or a part of it.")
class ApplyCreditSuccess:
    """The payment that uses the credit."""

    payment: Payment = strawberry.field(description="The new payment, confirmed.")


@strawberry.type(description="The supplier has the money; the order is settled if nothing of it is open.")
class ConfirmFundsSuccess:
    """The payment, confirmed."""

    payment: Payment = strawberry.field(description="The payment as it is now.")


@strawberry.type(description="The money did not come; the invoice is open again.")
class RejectTransferSuccess:
    """The payment, failed."""

    payment: Payment = strawberry.field(description="The payment as it is now.")


def _invoices(given: MoneyReport) -> tuple[UUID | None, tuple[UUID, ...]]:
    first = None if given.invoice_id is None else known("Invoice", given.invoice_id)
    return first, tuple(known("Invoice", one) for one in given.other_invoice_ids)


def order_named(order_id: strawberry.ID | None) -> Named:
    """The order whose prepayment is to be paid, where one is named."""
    return {} if order_id is None else {"order_id": known("Order", order_id)}


def _transfer(given: MoneyReport, paid_on: date, reference: str, proof_sha256: str | None = None) -> paying.Transfer:
    return paying.Transfer(
        amount=given.amount,
        paid_on=paid_on,
        bank_reference=reference,
        proof_sha256=proof_sha256,
        remark=given.remark,
        proof_id=None if given.proof_id is None else known("Attachment", given.proof_id),
        surplus_as_credit=given.surplus_as_credit,
    )


@strawberry.type
class PayingMutation:
    """Both sides' steps on money."""

    @strawberry.mutation(
        graphql_type=answers(SubmitBankTransferSuccess, *CREATING, *CHANGING, *PAYING),
        description="Report a bank transfer for one invoice or several, or for an order's prepayment; it counts once the supplier has "
        "seen the money.",
    )
    async def submit_bank_transfer(
        self, info: Info[Context, None], input: SubmitBankTransferInput
    ) -> SubmitBankTransferSuccess:
        """The payment, reported."""
        check(input)
        invoice_id, others = _invoices(input)
        transfer = _transfer(input, input.paid_on, input.bank_reference, input.proof_sha256)
        payment = await paying.submit_bank_transfer(
            info.context.actor,
            invoice_id,
            transfer,
            others,
            **order_named(input.order_id),
            idempotency_key=input.idempotency_key,
        )
        return SubmitBankTransferSuccess(payment=shown(payment))

    @strawberry.mutation(
        graphql_type=answers(SubmitChequeSuccess, *CREATING, *CHANGING, *PAYING),
        description="Report a cheque for one invoice or several, or for an order's prepayment; it counts once the supplier has seen the "
        "money, and until it bounces.",
    )
    async def submit_cheque(self, info: Info[Context, None], input: SubmitChequeInput) -> SubmitChequeSuccess:
        """The payment, reported."""
        check(input)
        invoice_id, others = _invoices(input)
        cheque = _transfer(input, input.issued_on, input.cheque_number)
        payment = await paying.submit_cheque(
            info.context.actor,
            invoice_id,
            cheque,
            others,
            **order_named(input.order_id),
            idempotency_key=input.idempotency_key,
        )
        return SubmitChequeSuccess(payment=shown(payment))

    @strawberry.mutation(
        graphql_type=answers(ConfirmFundsSuccess, *CREATING, *CHANGING, *PAYING),
        description="Say that the money of a transfer or cheque has come.",
    )
    async def confirm_funds(self, info: Info[Context, None], input: ConfirmFundsInput) -> ConfirmFundsSuccess:
        """The payment, confirmed."""
        check(input)
        payment_id = known("Payment", input.payment_id)
        payment = await paying.confirm_funds(
            info.context.actor,
            payment_id,
            input.expected_version,
            input.amount,
            takes_difference=input.takes_difference,
            idempotency_key=input.idempotency_key,
        )
        return ConfirmFundsSuccess(payment=shown(payment))

    @strawberry.mutation(
        graphql_type=answers(RejectTransferSuccess, *CHANGING),
        description="Say that the money of a transfer or cheque did not come.",
    )
    async def reject_transfer(self, info: Info[Context, None], input: RejectTransferInput) -> RejectTransferSuccess:
        """The payment, failed."""
        check(input)
        payment_id = known("Payment", input.payment_id)
        payment = await paying.reject_transfer(info.context.actor, payment_id, input.expected_version, input.reason)
        return RejectTransferSuccess(payment=shown(payment))

    @strawberry.mutation(
        graphql_type=answers(BounceChequeSuccess, *CHANGING),
        description="Say that the bank did not honour a cheque after all: what it paid is owed again.",
    )
    async def bounce_cheque(self, info: Info[Context, None], input: BounceChequeInput) -> BounceChequeSuccess:
        """The payment, bounced."""
        check(input)
        payment_id = known("Payment", input.payment_id)
        payment = await bouncing.bounce_cheque(info.context.actor, payment_id, input.expected_version, input.reason)
        return BounceChequeSuccess(payment=shown(payment))

    @strawberry.mutation(
        graphql_type=answers(ApplyCreditSuccess, *CREATING, *CHANGING, *PAYING),
        description="Pay an invoice with what was paid too much, or credited after it was paid, between the same two companies.",
    )
    async def apply_credit(self, info: Info[Context, None], input: ApplyCreditInput) -> ApplyCreditSuccess:
        """The payment that uses the credit."""
        check(input)
        invoice_id = known("Invoice", input.invoice_id)
        payment = await using_credit.apply_credit(
            info.context.actor, invoice_id, input.amount, idempotency_key=input.idempotency_key
        )
        return ApplyCreditSuccess(payment=shown(payment))
