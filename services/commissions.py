"""The platform's commission: which rules there are, who receives it, and which of them a payment bears."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from models import Category, CommissionReceiver, CommissionRule, Company, Contract, Invoice, Order
from models.base import new_id
from models.settlement import goods_of, sees_commission
from rules.billing import PaymentMethod
from rules.money import Currency
from rules.people import Actor
from rules.phrase import Phrase
from rules.problems import NotFound, StaleVersion, invalid
from rules.rails import ONLINE, payee_fault
from rules.settlement import HIGHEST_RATE, LONGEST_HOLD, Terms, terms
from rules.terms import local_date
from services import clock
from services.price_lists import check_period
from services.register import note_change, open_own_company
from services.verb import creating, verb


@dataclass(frozen=True)
class RuleWish:
    """A commission as the operator wants it: a share of payments, and how many days after acceptance it is taken."""

    rate: Decimal
    hold_days: int
    valid_from: date
    valid_to: date | None = None
    supplier_id: UUID | None = None
    category_id: UUID | None = None


@dataclass(frozen=True)
class Kept:
    """What of a payment would be kept, in the invoice's currency."""

    amount: Decimal
    commission: Decimal
    terms: Terms

    @property
    def remainder(self) -> Decimal:
        """What is the supplier's."""
        return self.amount - self.commission


@creating(CommissionRule)
async def create_commission_rule(actor: Actor, wish: RuleWish, *, idempotency_key: str) -> CommissionRule:
    """A rule for contracts that bind from now on; it is never changed, only ended."""
    platform = await open_own_company(actor)
    if not 0 <= wish.rate <= HIGHEST_RATE:
        raise invalid("input.rate", Phrase("must be from 0 to {most}", most=HIGHEST_RATE))
    if not 0 <= wish.hold_days < LONGEST_HOLD:
        raise invalid("input.holdDays", Phrase("must be from 0 to {most}", most=LONGEST_HOLD - 1))
    check_period(wish.valid_from, wish.valid_to)
    if wish.supplier_id and not await Company.visible_to(actor).filter(id=wish.supplier_id).exists():
        raise NotFound("Company", wish.supplier_id)
    if wish.category_id and not await Category.visible_to(actor).filter(id=wish.category_id).exists():
        raise NotFound("Category", wish.category_id)
    rule = await CommissionRule.create(
        id=new_id(),
        supplier_id=wish.supplier_id,
        category_id=wish.category_id,
        rate=wish.rate,
        hold_days=wish.hold_days,
        valid_from=wish.valid_from,
        valid_to=wish.valid_to,
        created_at=clock.now(),
    )
    await note_change(platform, actor, "create_commission_rule", ruleId=str(rule.id))
    return rule


@verb
async def end_commission_rule(actor: Actor, rule_id: UUID, expected_version: int) -> CommissionRule:
    """The rule over for good; orders whose contracts bound under it keep it."""
    platform = await open_own_company(actor)
    rule = await CommissionRule.locked(rule_id)
    if rule is None:
        raise NotFound("CommissionRule", rule_id)
    if rule.version != expected_version:
        raise StaleVersion(rule.version)
    if rule.ended_at is not None:
        raise invalid("input.commissionRuleId", "has ended already")
    rule.ended_at, rule.version = clock.now(), rule.version + 1
    await rule.save()
    await note_change(platform, actor, "end_commission_rule", ruleId=str(rule.id))
    return rule


@verb
async def set_commission_receiver(actor: Actor, method: PaymentMethod, payee: str, name: str) -> CommissionReceiver:
    """Who receives the platform's share from now on; a split that was asked for goes where it was to go."""
    platform = await open_own_company(actor)
    if method not in ONLINE:
        raise invalid("input.method", "must be ALIPAY or WECHAT_PAY")
    if fault := payee_fault(method, payee):
        raise invalid("input.payee", fault)
    receiver = await CommissionReceiver.by(method) or CommissionReceiver(
        id=new_id(), method=method, created_at=clock.now()
    )
    receiver.payee, receiver.name, receiver.changed_at = payee, name, clock.now()
    await receiver.save()
    await note_change(platform, actor, "set_commission_receiver", method=method)
    return receiver


async def terms_to_split(order: Order, invoice_id: UUID | None, method: PaymentMethod) -> list[dict[str, str]] | None:
    """What a payment of the invoice, or ahead of any, bears, to be kept with it; None where it is not split: no rule, or no receiver."""
    if await CommissionReceiver.by(method) is None:
        return None
    found = await terms_of(order, invoice_id)
    return found.facts() if found.rate else None


async def terms_of(order: Order, invoice_id: UUID | None) -> Terms:
    """By the rules that were in force at the moment when the order's contract bound, and the categories that its goods are in now."""
    contract, bound = await Contract.in_force(order.id), await Contract.bound_at(order.id)
    if contract is None or bound is None:
        return Terms()
    rules = await CommissionRule.concerning(order.supplier_id)
    if not rules:
        return Terms()
    zone = (await Company.named(order.supplier_id)).delivery_zone
    goods = await goods_of(invoice_id, contract.id)
    return terms(rules, order.supplier_id, goods, bound, local_date(bound, zone))


async def preview_commission(actor: Actor, invoice_id: UUID, amount: Decimal | None) -> Kept | None:
    """What would be kept of so much of an invoice, or of all of it; None where it is none of the actor's business, and where nobody pays
    it through a provider, since it is not in CNY."""
    if not sees_commission(actor):
        return None
    invoice = await Invoice.visible_to(actor).select_related("order").get_or_none(id=invoice_id)
    if invoice is None or not (actor.is_operator or invoice.supplier_id == actor.company):
        return None
    if invoice.currency is not Currency.CNY:
        return None
    much = invoice.total if amount is None else amount
    found = await terms_of(invoice.order, invoice_id)
    return Kept(much, found.commission(much), found)
