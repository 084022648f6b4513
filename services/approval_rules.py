"""A company's rules for approvals, as its administrators keep them: made, changed, put in order, taken out of force."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from models import ApprovalRule, Category, Company, CostCentre, Member
from models.base import new_id
from rules.approval import MOST_TIERS, Asked, Tier, tiers_as_json
from rules.approval_rules import Conditions
from rules.events import EventKind
from rules.money import Currency, minor_unit
from rules.people import COMPANY_ROLES, Actor, CompanyKind
from rules.phrase import Phrase
from rules.problems import NotAllowed, NotFound, StaleVersion, invalid
from rules.terms import ApprovalStage
from services import clock
from services.desk import note_apart
from services.register import open_own_company
from services.verb import creating, verb

LONGEST_WAIT = 24 * 90
"""Hours: who has not answered after a quarter is not waited for."""


@dataclass(frozen=True)
class RuleWish:
    """A rule as its administrator wants it."""

    name: str
    stages: frozenset[ApprovalStage]
    conditions: Conditions
    tiers: tuple[Tier, ...]


@creating(ApprovalRule)
async def create_approval_rule(actor: Actor, wish: RuleWish, *, idempotency_key: str) -> ApprovalRule:
    """A rule in force, asked after those there are."""
    company = await _buying_company(actor, "create_approval_rule")
    await _check(actor, wish)
    rule = await _blank(company.id, wish.name)
    return await _written(rule, wish, actor, "create_approval_rule")


@verb
async def update_approval_rule(actor: Actor, rule_id: UUID, expected_version: int, wish: RuleWish) -> ApprovalRule:
    """The rule with everything replaced, and in force; what was asked by it before goes on as it was asked."""
    await _buying_company(actor, "update_approval_rule")
    rule = await _open(actor, rule_id, expected_version)
    await _check(actor, wish)
    return await _written(rule, wish, actor, "update_approval_rule")


@verb
async def deactivate_approval_rule(actor: Actor, rule_id: UUID, expected_version: int) -> ApprovalRule:
    """The rule, which asks nobody any more until it is updated."""
    await _buying_company(actor, "deactivate_approval_rule")
    rule = await _open(actor, rule_id, expected_version)
    rule.is_active = False
    await note_rule(rule, actor, "deactivate_approval_rule")
    return rule


@verb
async def reorder_approval_rules(actor: Actor, order: Sequence[tuple[UUID, int]]) -> list[ApprovalRule]:
    """All rules in force in this order, each named once with the version that was read: the first that matches asks."""
    company = await _buying_company(actor, "reorder_approval_rules")
    rules = [await _open(actor, rule_id, version) for rule_id, version in order]
    if sorted(rule.id for rule in rules) != sorted(rule.id for rule in await ApprovalRule.in_force(company.id)):
        raise invalid("input.rules", "must name each rule in force once")
    for position, rule in enumerate(rules, 1):
        if rule.position != position:
            rule.position = position
            await note_rule(rule, actor, "reorder_approval_rules")
    return rules


async def keep_one_rule(company: Company, actor: Actor, action: str, wish: RuleWish | None) -> None:
    """The company's one rule that a step of its own sets: as wished, or out of force."""
    rule = await ApprovalRule.threshold_of(company.id)
    if wish is not None:
        rule = rule or await _blank(company.id, wish.name, is_threshold=True)
        await _written(rule, wish, actor, action)
    elif rule is not None and rule.is_active:
        rule.is_active = False
        await note_rule(rule, actor, action)


async def note_rule(rule: ApprovalRule, actor: Actor, action: str) -> None:
    """Save the rule and its event under the next number."""
    rule.version += 1
    await rule.save()
    kind = EventKind.APPROVAL_RULE_CHANGED
    await note_apart(rule, rule.version, kind, actor, [rule.company_id], {"action": action})


async def _buying_company(actor: Actor, action: str) -> Company:
    """The caller's company, locked: its administrators act one after the other."""
    company = await open_own_company(actor)
    if company.kind is CompanyKind.PLATFORM:
        raise NotAllowed(action)  # what the operator asks is set by `set_platform_review`
    return company


async def _open(actor: Actor, rule_id: UUID, expected_version: int) -> ApprovalRule:
    rule = await ApprovalRule.of(actor.home, rule_id)
    if rule is None:
        raise NotFound("ApprovalRule", rule_id)
    if rule.version != expected_version:
        raise StaleVersion(rule.version)
    return rule


async def _blank(company_id: UUID, name: str, *, is_threshold: bool = False) -> ApprovalRule:
    last = max((rule.position for rule in await ApprovalRule.in_force(company_id)), default=0)
    return ApprovalRule(
        id=new_id(),
        company_id=company_id,
        name=name,
        position=last + 1,
        is_threshold=is_threshold,
        version=0,
        created_at=clock.now(),
    )


async def _written(rule: ApprovalRule, wish: RuleWish, actor: Actor, action: str) -> ApprovalRule:
    rule.name, rule.stages = wish.name, sorted(wish.stages)
    rule.conditions, rule.tiers = wish.conditions.as_json(), tiers_as_json(wish.tiers)
    rule.is_active = True
    await note_rule(rule, actor, action)
    return rule


async def _check(actor: Actor, wish: RuleWish) -> None:
    """Refuse what names nobody's ids first, then what nobody could answer."""
    await _check_ids(actor, wish)
    check_limit(wish.conditions)
    if not wish.stages:
        raise invalid("input.stages", "must not be empty")
    if not 1 <= len(wish.tiers) <= MOST_TIERS:
        raise invalid("input.tiers", Phrase("must be 1 to {most} tiers", most=MOST_TIERS))
    approvers = {member.id for member in await Member.approvers([actor.home])}
    for place, tier in enumerate(wish.tiers):
        path = f"input.tiers[{place}]"
        _check_asked(path, tier.asks, approvers)
        if tier.escalation is not None:
            if not 1 <= tier.escalation.after_hours <= LONGEST_WAIT:
                wait = Phrase("must be 1 to {most} hours", most=LONGEST_WAIT)
                raise invalid(f"{path}.escalation.afterHours", wait)
            _check_asked(f"{path}.escalation", tier.escalation.to, approvers)


def _check_asked(path: str, asked: Asked, approvers: set[UUID]) -> None:
    if not asked.members and not asked.roles:
        raise invalid(f"{path}.memberIds", "must ask a member or a role")
    for place, member in enumerate(asked.members):
        if member not in approvers:
            raise invalid(f"{path}.memberIds[{place}]", "is no approver; give the member the role APPROVER first")
    if unknown := frozenset(asked.roles) - COMPANY_ROLES:
        raise invalid(f"{path}.roles", Phrase("this company has no {roles}", roles=", ".join(sorted(unknown))))


def check_limit(conditions: Conditions) -> None:
    """Refuse an amount that is none of its currency."""
    if conditions.amount_above is None or conditions.amount_currency is None:
        return
    unit = minor_unit(Currency(conditions.amount_currency))
    if conditions.amount_above < 0 or conditions.amount_above % unit:
        raise invalid("input.amountAbove.amount", Phrase("must be a whole multiple of {unit}, not negative", unit=unit))


async def _check_ids(actor: Actor, wish: RuleWish) -> None:
    asked = [one for tier in wish.tiers for one in (tier.asks, tier.escalation and tier.escalation.to) if one]
    members = [member for one in asked for member in one.members]
    for kind, wanted, found in (
        ("Member", [*members, *wish.conditions.requesters], Member.visible_to(actor)),
        ("Category", wish.conditions.categories, Category.visible_to(actor)),
        ("Company", wish.conditions.suppliers, Company.visible_to(actor)),
        ("CostCentre", wish.conditions.cost_centres, CostCentre.visible_to(actor)),
    ):
        known = {row["id"] for row in await found.filter(id__in=list(wanted)).values("id")} if wanted else set()
        for missing in (one for one in wanted if one not in known):
            raise NotFound(kind, missing)
