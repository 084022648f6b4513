"""The codes of approvals as the schema shows them."""

from enum import StrEnum

from resolvers.enums import described
from rules.approval import Quorum
from rules.approval_rules import ApprovalCondition
from rules.terms import ApprovalStage, ApprovalStatus, VoteDecision


class TierStatus(StrEnum):
    """Where a tier of an approval stands."""

    WAITING = "WAITING"
    OPEN = "OPEN"
    DONE = "DONE"
    SKIPPED = "SKIPPED"


described(
    ApprovalStage,
    "ApprovalStage",
    "What is being approved.",
    {"SUBMISSION": "Sending the order out.", "AWARD": "Accepting a quotation."},
)
described(
    ApprovalStatus,
    "ApprovalStatus",
    "What the buyer's approvers decided.",
    {
        "PENDING": "Nothing yet.",
        "APPROVED": "It may go on.",
        "RETURNED": "It went back to the requester, with a reason.",
        "WITHDRAWN": "The requester took it back.",
        "VOIDED": "The order went another way meanwhile.",
    },
)
described(
    Quorum,
    "ApprovalQuorum",
    "How many of those a tier asks have to agree.",
    {"ANY": "One of them is enough.", "ALL": "All of them; who has left meanwhile is not waited for."},
)
described(
    VoteDecision,
    "ApprovalVoteDecision",
    "What somebody who was asked said.",
    {"APPROVED": "It may go on.", "RETURNED": "It goes back to the requester."},
)
described(
    ApprovalCondition,
    "ApprovalConditionKind",
    "What a condition of a rule is about; expect new ones.",
    {
        "AMOUNT_ABOVE": "The total, tax included.",
        "CURRENCY": "The order's currency.",
        "CATEGORY": "The categories of its lines.",
        "SUPPLIER": "Who is to deliver.",
        "COST_CENTRE": "Who bears the cost inside the company.",
        "BUDGET_ABOVE": "How much of the cost centre's budget is held, with the order.",
        "REQUESTER": "Who made the order.",
    },
)
described(
    TierStatus,
    "ApprovalTierStatus",
    "Where a tier of an approval stands.",
    {
        "WAITING": "The tiers before it are asked first.",
        "OPEN": "It is asked now.",
        "DONE": "It has agreed.",
        "SKIPPED": "The question went away before it had agreed.",
    },
)
