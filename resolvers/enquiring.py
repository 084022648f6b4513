"""The buyer's steps on an enquiry, up to its end."""

import strawberry
from strawberry.types import Info

from resolvers.context import Context
from resolvers.enquiries import Enquiry
from resolvers.enquiry_inputs import (
    AwardEnquiryInput,
    CancelEnquiryInput,
    CreateEnquiryInput,
    EnquiryStepInput,
    ExtendEnquiryInput,
    InviteSupplierInput,
    UpdateEnquiryInput,
    WithdrawInvitationInput,
    awards,
    invitation,
    wish,
)
from resolvers.inputs import check
from resolvers.problems import (
    ACCEPTING,
    ASKING,
    CHANGING,
    CREATING,
    KEEPING,
    MOVING,
    OFFERING,
    SPENDING,
    ConflictProblem,
    answers,
    known,
)
from resolvers.steps import shown
from services import choosing, enquiring, inviting


@strawberry.type
class EnquiryNow:
    """What every step on an enquiry answers with."""

    enquiry: Enquiry = strawberry.field(description="The enquiry as it is now.")


@strawberry.type(description="The draft was made.")
class CreateEnquirySuccess(EnquiryNow):
    """The draft was made."""


@strawberry.type(description="The draft was changed.")
class UpdateEnquirySuccess(EnquiryNow):
    """The draft was changed."""


@strawberry.type(description="Every invited supplier has an order, or its approval is awaited.")
class IssueEnquirySuccess(EnquiryNow):
    """Suppliers were asked."""


@strawberry.type(description="One more supplier has an order, or its approval is awaited.")
class InviteSupplierSuccess(EnquiryNow):
    """A supplier was asked."""


@strawberry.type(description="The supplier's order was cancelled.")
class WithdrawInvitationSuccess(EnquiryNow):
    """A supplier is no longer asked."""


@strawberry.type(description="Suppliers have more time.")
class ExtendEnquirySuccess(EnquiryNow):
    """Suppliers have more time."""


@strawberry.type(
    description="Contracts wait for signatures and everybody else was declined, or approvers have to agree first."
)
class AwardEnquirySuccess(EnquiryNow):
    """What was chosen is accepted, or waits for approval."""


@strawberry.type(description="The enquiry ended, and every order with it that was not awarded.")
class CancelEnquirySuccess(EnquiryNow):
    """The enquiry ended."""


@strawberry.type
class EnquiringMutation:
    """The buyer's steps on an enquiry."""

    @strawberry.mutation(
        graphql_type=answers(CreateEnquirySuccess, *CREATING), description="Make the draft of an enquiry."
    )
    async def create_enquiry(self, info: Info[Context, None], input: CreateEnquiryInput) -> CreateEnquirySuccess:
        """A draft."""
        check(input)
        made = await enquiring.create_enquiry(info.context.actor, wish(input), idempotency_key=input.idempotency_key)
        return CreateEnquirySuccess(enquiry=shown(made))

    @strawberry.mutation(
        graphql_type=answers(UpdateEnquirySuccess, *CHANGING), description="Change the draft of an enquiry."
    )
    async def update_enquiry(self, info: Info[Context, None], input: UpdateEnquiryInput) -> UpdateEnquirySuccess:
        """The draft, changed."""
        check(input)
        enquiry_id = known("Enquiry", input.enquiry_id)
        now = await enquiring.update_enquiry(info.context.actor, enquiry_id, input.expected_version, wish(input))
        return UpdateEnquirySuccess(enquiry=shown(now))

    @strawberry.mutation(
        graphql_type=answers(IssueEnquirySuccess, *CHANGING, *ASKING),
        description="Ask every invited supplier, each by an order of its own that goes through approval like any other.",
    )
    async def issue_enquiry(self, info: Info[Context, None], input: EnquiryStepInput) -> IssueEnquirySuccess:
        """The enquiry, issued."""
        enquiry_id = known("Enquiry", input.enquiry_id)
        now = await inviting.issue_enquiry(info.context.actor, enquiry_id, input.expected_version)
        return IssueEnquirySuccess(enquiry=shown(now))

    @strawberry.mutation(
        graphql_type=answers(InviteSupplierSuccess, *CHANGING, *ASKING, ConflictProblem),
        description="Ask one more supplier while the others are at it.",
    )
    async def invite_supplier(self, info: Info[Context, None], input: InviteSupplierInput) -> InviteSupplierSuccess:
        """The enquiry, with one more supplier."""
        check(input)
        enquiry_id = known("Enquiry", input.enquiry_id)
        wanted = invitation(input.invitation)
        now = await inviting.invite_supplier(info.context.actor, enquiry_id, input.expected_version, wanted)
        return InviteSupplierSuccess(enquiry=shown(now))

    @strawberry.mutation(
        graphql_type=answers(WithdrawInvitationSuccess, *CHANGING),
        description="Cancel one supplier's order; the others notice nothing.",
    )
    async def withdraw_invitation(
        self, info: Info[Context, None], input: WithdrawInvitationInput
    ) -> WithdrawInvitationSuccess:
        """The enquiry, with one supplier less."""
        check(input)
        enquiry_id, supplier = known("Enquiry", input.enquiry_id), known("Company", input.supplier_id)
        now = await inviting.withdraw_invitation(
            info.context.actor, enquiry_id, input.expected_version, supplier, input.reason
        )
        return WithdrawInvitationSuccess(enquiry=shown(now))

    @strawberry.mutation(
        graphql_type=answers(ExtendEnquirySuccess, *CHANGING),
        description="Give suppliers more time, or ask for offers anew once the time has ended.",
    )
    async def extend_enquiry(self, info: Info[Context, None], input: ExtendEnquiryInput) -> ExtendEnquirySuccess:
        """The enquiry, open for longer."""
        check(input)
        enquiry_id = known("Enquiry", input.enquiry_id)
        now = await inviting.extend_enquiry(info.context.actor, enquiry_id, input.expected_version, input.answer_by)
        return ExtendEnquirySuccess(enquiry=shown(now))

    @strawberry.mutation(
        graphql_type=answers(
            AwardEnquirySuccess, *CHANGING, *ACCEPTING, *MOVING, *OFFERING, *ASKING, *SPENDING, *KEEPING
        ),
        description="Take one offer, or lines and quantities of several, and decline the rest with NOT_AWARDED.",
    )
    async def award_enquiry(self, info: Info[Context, None], input: AwardEnquiryInput) -> AwardEnquirySuccess:
        """The enquiry, awarded or waiting for approval."""
        check(input)
        enquiry_id = known("Enquiry", input.enquiry_id)
        now = await choosing.award_enquiry(
            info.context.actor, enquiry_id, input.expected_version, awards(input.awards), beyond=input.beyond_asked
        )
        return AwardEnquirySuccess(enquiry=shown(now))

    @strawberry.mutation(
        graphql_type=answers(CancelEnquirySuccess, *CHANGING),
        description="End an enquiry, and with it every order that was not awarded.",
    )
    async def cancel_enquiry(self, info: Info[Context, None], input: CancelEnquiryInput) -> CancelEnquirySuccess:
        """The enquiry, ended."""
        check(input)
        enquiry_id = known("Enquiry", input.enquiry_id)
        now = await inviting.cancel_enquiry(info.context.actor, enquiry_id, input.expected_version, input.reason)
        return CancelEnquirySuccess(enquiry=shown(now))
