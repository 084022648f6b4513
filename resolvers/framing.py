"""Steps on framework agreements."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.agreements import FrameworkAgreement
from resolvers.authenticators import CODE, Code, Password
from resolvers.context import Context
from resolvers.inputs import Items, Number, Text, check
from resolvers.problems import CHANGING, CREATING, SIGNING, ProofProblem, answers, known
from resolvers.steps import KEY, Key, Reason, shown
from rules.lifecycle import Side
from rules.money import Currency
from services import framing
from services.secret import Secret
from services.totp import Proof

Limit = Annotated[Decimal, Number(above=0, most=10**13, places=2)]
MOST_PRICES = 500


@strawberry.input(description="What one unit of a product shall cost at most, from a quantity on.")
class AgreementPriceInput:
    """A price to be agreed."""

    product_id: strawberry.ID = strawberry.field(description="A product of the supplier, priced in the same currency.")
    unit_price: Annotated[Decimal, Number(least=0, most=10**12, places=6)] = strawberry.field(
        description="At most this for one unit, without tax, with at most 6 decimals."
    )
    minimum_quantity: Annotated[Decimal, Number(least=0, most=10**12, places=6)] = strawberry.field(
        default=Decimal(0), description="From how many units of one order line on; from any unless said."
    )


@strawberry.input(description="A framework agreement to be signed by both sides.")
class ProposeAgreementInput:
    """A proposal."""

    counterparty_id: strawberry.ID = strawberry.field(description="The other company.")
    side: Side = strawberry.field(description="The side of the caller's own company: BUYER or SUPPLIER.")
    currency: Currency = strawberry.field(
        description="The currency of its limits and prices, and of the orders it covers."
    )
    valid_from: date = strawberry.field(description="The first day on which an order may be called off.")
    valid_to: date = strawberry.field(description="The last day on which an order may be called off.")
    order_limit: Limit = strawberry.field(description="The most that one order may come to, with tax.")
    total_limit: Limit = strawberry.field(
        description="The most that all orders under it may come to together, with tax."
    )
    payment_net_days: Annotated[int, Number(least=0, most=365)] = strawberry.field(
        default=30, description="Days after the invoice within which orders under it are to be paid: 0 to 365."
    )
    prices: Annotated[list[AgreementPriceInput], Items(0, MOST_PRICES)] = strawberry.field(
        default_factory=list,
        description="The prices agreed for products, at most 500; products without one are bought at the quoted price.",
    )
    remark: Annotated[str, Text(1, 2000)] | None = strawberry.field(
        default=None, description="What else is agreed, at most 2000 characters."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A framework agreement, as it was read.")
class AgreementStepInput:
    """Which agreement takes the step."""

    agreement_id: strawberry.ID = strawberry.field(description="The framework agreement.")
    expected_version: int = strawberry.field(description="The version that was read.")


@strawberry.input(description="A framework agreement, as it was read, and why.")
class AgreementReasonInput(AgreementStepInput):
    """Which agreement takes the step, for which reason."""

    reason: Reason = strawberry.field(description="Why: 1 to 1000 characters.")


@strawberry.input(description="The text of a framework agreement that the caller has read and signs.")
class SignAgreementInput(AgreementStepInput):
    """What is signed."""

    sha256: Annotated[str, Text(64, 64, pattern="[0-9a-f]{64}")] = strawberry.field(
        description="SHA-256 of the text that was read, in 64 lower-case hex digits; any other than the one on record is refused."
    )
    password: Password = strawberry.field(description="The caller's password: signing is done in person.")
    totp_code: Code = strawberry.field(description=CODE)


@strawberry.type
class AgreementNow:
    """What every step on a framework agreement answers with."""

    agreement: FrameworkAgreement = strawberry.field(description="The agreement as it is now.")


@strawberry.type(description="The framework agreement waits for both signatures.")
class ProposeAgreementSuccess(AgreementNow):
    """The framework agreement waits for both signatures."""


@strawberry.type(description="The caller's side has signed; with the second signature orders are covered.")
class SignAgreementSuccess(AgreementNow):
    """The agreement, signed by one side or both."""


@strawberry.type(description="The framework agreement is off the table.")
class RefuseAgreementSuccess(AgreementNow):
    """The framework agreement is off the table."""


@strawberry.type(description="Later orders are no longer covered; those called off before go on.")
class TerminateAgreementSuccess(AgreementNow):
    """Later orders are no longer covered."""


def _terms(given: ProposeAgreementInput) -> framing.Terms:
    return framing.Terms(
        currency=given.currency,
        valid_from=given.valid_from,
        valid_to=given.valid_to,
        order_limit=given.order_limit,
        total_limit=given.total_limit,
        payment_net_days=given.payment_net_days,
        prices=tuple(
            framing.PriceWish(known("Product", price.product_id), price.unit_price, price.minimum_quantity)
            for price in given.prices
        ),
        remark=given.remark,
    )


@strawberry.type
class FramingMutation:
    """Both sides' steps on a framework agreement."""

    @strawberry.mutation(
        graphql_type=answers(ProposeAgreementSuccess, *CREATING),
        description="Propose a framework agreement to a company that one buys from or sells to.",
    )
    async def propose_agreement(
        self, info: Info[Context, None], input: ProposeAgreementInput
    ) -> ProposeAgreementSuccess:
        """The agreement, proposed."""
        check(input)
        other = known("Company", input.counterparty_id)
        proposed = await framing.propose_agreement(
            info.context.actor, other, input.side, _terms(input), idempotency_key=input.idempotency_key
        )
        return ProposeAgreementSuccess(agreement=shown(proposed))

    @strawberry.mutation(
        graphql_type=answers(SignAgreementSuccess, *CHANGING, *SIGNING, ProofProblem),
        description="Sign a framework agreement for one's own side.",
    )
    async def sign_agreement(self, info: Info[Context, None], input: SignAgreementInput) -> SignAgreementSuccess:
        """The agreement, signed."""
        check(input)
        agreement_id = known("FrameworkAgreement", input.agreement_id)
        proof = Proof(Secret(input.password), Secret(input.totp_code))
        signed = await framing.sign_agreement(
            info.context.actor, agreement_id, input.expected_version, input.sha256, proof, address=info.context.address
        )
        return SignAgreementSuccess(agreement=shown(signed))

    @strawberry.mutation(
        graphql_type=answers(RefuseAgreementSuccess, *CHANGING),
        description="Take a framework agreement that is not signed by both off the table; a signature on it counts for nothing.",
    )
    async def refuse_agreement(self, info: Info[Context, None], input: AgreementReasonInput) -> RefuseAgreementSuccess:
        """The agreement, refused."""
        check(input)
        agreement_id = known("FrameworkAgreement", input.agreement_id)
        refused = await framing.refuse_agreement(info.context.actor, agreement_id, input.expected_version, input.reason)
        return RefuseAgreementSuccess(agreement=shown(refused))

    @strawberry.mutation(
        graphql_type=answers(TerminateAgreementSuccess, *CHANGING),
        description="End a framework agreement for later orders; those called off before go on as agreed.",
    )
    async def terminate_agreement(
        self, info: Info[Context, None], input: AgreementReasonInput
    ) -> TerminateAgreementSuccess:
        """The agreement, terminated."""
        check(input)
        agreement_id = known("FrameworkAgreement", input.agreement_id)
        ended = await framing.terminate_agreement(
            info.context.actor, agreement_id, input.expected_version, input.reason
        )
        return TerminateAgreementSuccess(agreement=shown(ended))
