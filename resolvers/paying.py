"""Money by bank transfer: reported by the buyer, confirmed or missed by the supplier."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.billing import Payment
from resolvers.context import Context
from resolvers.inputs import Number, Text, check
from resolvers.problems import CHANGING, CREATING, PAYING, answers, known
from resolvers.steps import KEY, Key, Reason, shown
from services import paying

Amount = Annotated[Decimal, Number(above=0, most=10**12, places=2)]
Sha256 = Annotated[str, Text(64, 64, pattern="[0-9a-f]{64}")]


@strawberry.input(description="A bank transfer for an invoice, as its payer reports it.")
class SubmitBankTransferInput:
    """A transfer to be reported."""

    invoice_id: strawberry.ID = strawberry.field(description="The invoice it pays.")
    amount: Amount = strawberry.field(
        description="How much, in the invoice's currency: all that is open of it, or a part; at most 2 decimals."
    )
    paid_on: date = strawberry.field(description="The day on the bank's slip.")
    bank_reference: Annotated[str, Text(1, 64)] = strawberry.field(
        description="The bank's number for the transfer: 1 to 64 characters, once for each order."
    )
    proof_sha256: Sha256 | None = strawberry.field(
        default=None, description="SHA-256 of the bank's slip, in 64 lower-case hex digits."
    )
    remark: Annotated[str, Text(1, 1000)] | None = strawberry.field(
        default=None, description="What to add, at most 1000 characters."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="Money that has come in.")
class ConfirmFundsInput:
    """Which transfer has come, and how much."""

    payment_id: strawberry.ID = strawberry.field(description="The reported transfer.")
    expected_version: int = strawberry.field(description="The payment's version that was read.")
    amount: Amount = strawberry.field(
        description="How much came, in the payment's currency: exactly what was reported."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="Money that has not come.")
class RejectTransferInput:
    """Which transfer has not come, and why that is said."""

    payment_id: strawberry.ID = strawberry.field(description="The reported transfer.")
    expected_version: int = strawberry.field(description="The payment's version that was read.")
    reason: Reason = strawberry.field(description="Why: 1 to 1000 characters.")


@strawberry.type(description="The supplier knows of the transfer.")
class SubmitBankTransferSuccess:
    """The payment as it was reported."""

    payment: Payment = strawberry.field(description="The new payment.")


@strawberry.type(description="The supplier has the money; the order is settled if nothing of it is open.")
class ConfirmFundsSuccess:
    """The payment, confirmed."""

    payment: Payment = strawberry.field(description="The payment as it is now.")


@strawberry.type(description="The money did not come; the invoice is open again.")
class RejectTransferSuccess:
    """The payment, failed."""

    payment: Payment = strawberry.field(description="The payment as it is now.")


def _transfer(given: SubmitBankTransferInput) -> paying.Transfer:
    return paying.Transfer(
        amount=given.amount,
        paid_on=given.paid_on,
        bank_reference=given.bank_reference,
        proof_sha256=given.proof_sha256,
        remark=given.remark,
    )


@strawberry.type
class PayingMutation:
    """Both sides' steps on money."""

    @strawberry.mutation(
        graphql_type=answers(SubmitBankTransferSuccess, *CREATING, *CHANGING, *PAYING),
        description="Report a bank transfer for an invoice; it counts once the supplier has seen the money.",
    )
    async def submit_bank_transfer(
        self, info: Info[Context, None], input: SubmitBankTransferInput
    ) -> SubmitBankTransferSuccess:
        """The payment, reported."""
        check(input)
        invoice_id = known("Invoice", input.invoice_id)
        payment = await paying.submit_bank_transfer(
            info.context.actor, invoice_id, _transfer(input), idempotency_key=input.idempotency_key
        )
        return SubmitBankTransferSuccess(payment=shown(payment))

    @strawberry.mutation(
        graphql_type=answers(ConfirmFundsSuccess, *CREATING, *CHANGING, *PAYING),
        description="Say that the money of a transfer has come, exactly as reported.",
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
            idempotency_key=input.idempotency_key,
        )
        return ConfirmFundsSuccess(payment=shown(payment))

    @strawberry.mutation(
        graphql_type=answers(RejectTransferSuccess, *CHANGING),
        description="Say that the money of a transfer did not come.",
    )
    async def reject_transfer(self, info: Info[Context, None], input: RejectTransferInput) -> RejectTransferSuccess:
        """The payment, failed."""
        check(input)
        payment_id = known("Payment", input.payment_id)
        payment = await paying.reject_transfer(info.context.actor, payment_id, input.expected_version, input.reason)
        return RejectTransferSuccess(payment=shown(payment))
