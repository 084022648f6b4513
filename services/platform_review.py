"""The platform's own look at orders, as a last tier of their approval: off until the operator switches it on."""

from models import Company
from rules.approval import Asked, Quorum, Tier
from rules.approval_rules import Conditions
from rules.lifecycle import Side
from rules.people import Actor, Role
from rules.terms import ApprovalStage
from services.approval_rules import RuleWish, check_limit, keep_one_rule
from services.companies import Limit
from services.register import note_change, open_own_company
from services.verb import verb

OPERATORS = (Tier(Quorum.ANY, Asked(roles=(Role.OPERATOR,)), side=Side.PLATFORM),)


@verb
async def set_platform_review(
    actor: Actor, expected_version: int, *, is_on: bool, amount_above: Limit | None = None
) -> Company:
    """The platform, one of whose operators decides last before an order goes out: on every one, or on those above an amount."""
    company = await open_own_company(actor, expected_version)
    conditions = Conditions()
    if amount_above is not None:
        conditions = Conditions(amount_above.amount, amount_above.currency)
    check_limit(conditions)
    wish = RuleWish("Platform review", frozenset({ApprovalStage.SUBMISSION}), conditions, OPERATORS)
    await keep_one_rule(company, actor, "set_platform_review", wish if is_on else None)
    await note_change(company, actor, "set_platform_review")
    return company
