"""What a buyer's own people are told of approvals; no supplier ever is."""

import strawberry

import models
from resolvers.approval_rules import ApprovalRule
from resolvers.approvals import Approval
from resolvers.companies import Member
from resolvers.delegations import Delegation
from resolvers.orders import Order
from resolvers.relations import One, derived, related, shows
from subscriptions.event import Event, Named, kinds_in


@strawberry.type
class _OfApproval:
    approval: Approval | None = related(One(models.Approval, "stream"), description="The approval as it is now.")


@strawberry.type(description="The buyer's approvers owe a decision.")
@shows(models.Event)
class ApprovalRequested(_OfApproval, Event):
    """An approval was asked for."""


@strawberry.type
class _OfVote:
    on_behalf_of: Member | None = related(
        Named(models.Member, "onBehalfOfId"), description="For whom the actor answered; null: for themselves."
    )


@strawberry.type(description="One of the buyer's approvers agreed; others are still asked.")
@shows(models.Event)
class ApprovalVoted(_OfApproval, _OfVote, Event):
    """Somebody agreed."""

    tier: int = derived(lambda row: row.body["tier"], description="In which tier, from 1.")


@strawberry.type(description="A tier waited too long: others are asked besides.")
@shows(models.Event)
class ApprovalEscalated(_OfApproval, Event):
    """Others are asked besides."""

    tier: int = derived(lambda row: row.body["tier"], description="Which tier, from 1.")


@strawberry.type(description="The buyer's own approvers have agreed, and the platform's operator is to decide.")
@shows(models.Event)
class PlatformReviewRequested(Event):
    """The operator is asked."""

    order: Order | None = related(
        Named(models.Order, "orderId", visible=True), description="The order; null once it is not the caller's to see."
    )


@strawberry.type
class _OfDelegation:
    delegation: Delegation | None = related(
        One(models.Delegation, "stream"), description="The lent right as it is now."
    )


@strawberry.type(description="An approver's right was lent to a colleague.")
@shows(models.Event)
class DelegationGiven(_OfDelegation, Event):
    """A right was lent."""


@strawberry.type(description="A lent right was taken back.")
@shows(models.Event)
class DelegationRevoked(_OfDelegation, Event):
    """A right was taken back."""


@strawberry.type(description="The buyer's approvers decided, or the question went away.")
@shows(models.Event)
class ApprovalDecided(_OfApproval, _OfVote, Event):
    """An approval was decided."""


@strawberry.type(description="An administrator made or changed a rule for approvals, or took it out of force.")
@shows(models.Event)
class ApprovalRuleChanged(Event):
    """A rule was changed."""

    rule: ApprovalRule | None = related(One(models.ApprovalRule, "stream"), description="The rule as it is now.")
    action: str = derived(
        lambda row: row.body["action"], description="The step that changed it, such as `update_approval_rule`."
    )


APPROVAL_EVENT_TYPES = kinds_in(globals())
