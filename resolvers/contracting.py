"""A frozen text is signed, or goes back to negotiation."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.authenticators import CODE, Code, Password
from resolvers.context import Context
from resolvers.inputs import Text, check
from resolvers.problems import CHANGING, KEEPING, MOVING, SIGNING, ProofProblem, answers, known
from resolvers.steps import OrderNow, OrderReasonInput, OrderStepInput, shown
from services import contracting, signing
from services.secret import Secret
from services.totp import Proof


@strawberry.input(description="The contract text that the caller has read and signs.")
class SignContractInput(OrderStepInput):
    """What is signed."""

    sha256: Annotated[str, Text(64, 64, pattern="[0-9a-f]{64}")] = strawberry.field(
        description="SHA-256 of the text that was read, in 64 lower-case hex digits; any other than the one on record is refused."
    )
    password: Password = strawberry.field(description="The caller's password: signing is done in person.")
    totp_code: Code = strawberry.field(description=CODE)


@strawberry.type(description="The caller's side has signed; with the second signature the contract takes effect.")
class SignContractSuccess(OrderNow):
    """The order, signed by one side or both."""


@strawberry.type(description="The contract is void; the order is negotiated again.")
class RefuseContractSuccess(OrderNow):
    """The order, back in negotiation."""


@strawberry.type
class ContractingMutation:
    """Both sides' steps on the contract."""

    @strawberry.mutation(
        graphql_type=answers(SignContractSuccess, *CHANGING, *SIGNING, *MOVING, *KEEPING, ProofProblem),
        description=(
            "Sign an order's contract for one's own side, with a certificate that the platform issues for it (trust level PLATFORM_CA)."
        ),
    )
    async def sign_contract(self, info: Info[Context, None], input: SignContractInput) -> SignContractSuccess:
        """The order, signed."""
        check(input)
        order_id = known("Order", input.order_id)
        proof = Proof(Secret(input.password), Secret(input.totp_code))
        order = await signing.sign_contract(
            info.context.actor, order_id, input.expected_version, input.sha256, proof, address=info.context.address
        )
        return SignContractSuccess(order=shown(order))

    @strawberry.mutation(
        graphql_type=answers(RefuseContractSuccess, *CHANGING),
        description="Refuse an order's contract; signatures on it count for nothing.",
    )
    async def refuse_contract(self, info: Info[Context, None], input: OrderReasonInput) -> RefuseContractSuccess:
        """The order, in negotiation again."""
        check(input)
        order_id = known("Order", input.order_id)
        order = await contracting.refuse_contract(info.context.actor, order_id, input.expected_version, input.reason)
        return RefuseContractSuccess(order=shown(order))
