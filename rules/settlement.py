"""Settlement 分账: which commission a payment bears, how much of it the platform keeps, and what comes back before a refund."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from rules.billing import PaymentMethod
from rules.decimals import NOTHING
from rules.rails import PaymentFlow


class SettlementStatus(StrEnum):
    """Where the split of one payment stands."""

    DUE = "DUE"
    PROCESSING = "PROCESSING"
    SETTLED = "SETTLED"
    FAILED = "FAILED"
    REVERSING = "REVERSING"
    REVERSED = "REVERSED"
    LAPSED = "LAPSED"


class LapseReason(StrEnum):
    """Why a provider was never asked for a split before it let the supplier have the money."""

    DUE_TOO_LATE = "DUE_TOO_LATE"
    REFUND_UNDECIDED = "REFUND_UNDECIDED"
    NO_RECEIVER = "NO_RECEIVER"
    NOT_ASKED = "NOT_ASKED"


class ShareReturnStatus(StrEnum):
    """Where a part of the platform's share stands that goes back before a refund."""

    REVERSING = "REVERSING"
    REVERSED = "REVERSED"
    LAPSED = "LAPSED"


DONE = (SettlementStatus.SETTLED, SettlementStatus.REVERSED, SettlementStatus.LAPSED)
"""Nothing of it is open."""

UNSPLIT = (SettlementStatus.DUE, SettlementStatus.FAILED)
"""The provider has given nothing away, and may still: a refund just makes the base smaller."""


@dataclass(frozen=True)
class RailLimits:
    """What a provider's rules allow."""

    highest_share: Decimal
    """Of a payment, all splits together, unless the provider grants more."""
    unfreezes_after: timedelta
    """After the payment: what was not split until then is the supplier's."""
    returns_within: timedelta | None
    """After the split, that its receiver can be made to give back."""


DAY = timedelta(days=1)
# WeChat Pay: merchants of their own, as suppliers are here, have 30 days, after which nothing can be split any more,
# https://pay.weixin.qq.com/doc/v3/merchant/4014547102 (e-commerce platforms have 180,
# https://pay.weixin.qq.com/doc/v3/partner/4012691594); a return within 180 days. Alipay: 30 % and 30 days, "商家分账 · 接入指南" of
# the open platform as quoted at https://zhifubao.apifox.cn/doc-3273123, which names no last day for a return.
LIMITS: Mapping[PaymentMethod, RailLimits] = {
    PaymentMethod.ALIPAY: RailLimits(Decimal("0.30"), 30 * DAY, None),
    PaymentMethod.WECHAT_PAY: RailLimits(Decimal("0.30"), 30 * DAY, 180 * DAY),
}
HIGHEST_RATE = Decimal("0.30")
"""A commission that every provider splits off."""

LONGEST_HOLD = 30
"""Days after acceptance: even of what is paid only then, every provider would let the money go before it is split."""

WARNED_BEFORE = 3 * DAY
"""How long before a provider lets held money go somebody is to know that it is not split."""


@dataclass(frozen=True)
class Rule:
    """A commission the operator asks: of a supplier, of a category and all under it, of both, or, where it names neither, of all."""

    id: UUID
    rate: Decimal
    hold_days: int
    supplier: UUID | None
    category: UUID | None
    valid_from: date
    valid_to: date | None
    made_at: datetime
    ended_at: datetime | None = None

    def is_in_force(self, moment: datetime, day: date) -> bool:
        """Whether it was known at that moment and valid on its day. What is made or ended later changes nothing of it."""
        if self.made_at > moment or (self.ended_at is not None and self.ended_at <= moment):
            return False
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Part:
    """Of what is paid, so much worth of goods bears one rule's rate; no rule: nothing is kept of it."""

    gross: Decimal
    rule: UUID | None = None
    rate: Decimal = Decimal(0)
    hold_days: int = 0


@dataclass(frozen=True)
class Terms:
    """The commission of a payment: its goods by rule. Freight, allowances and charges follow the goods they came with."""

    parts: tuple[Part, ...] = ()

    @property
    def rate(self) -> Fraction:
        """The goods' rates, weighted by what they cost with tax, exactly; plainly their average where they cost nothing."""
        whole = sum((Fraction(part.gross) for part in self.parts), Fraction(0))
        if whole:
            return sum((Fraction(part.gross) * Fraction(part.rate) for part in self.parts), Fraction(0)) / whole
        return sum((Fraction(part.rate) for part in self.parts), Fraction(0)) / max(len(self.parts), 1)

    @property
    def hold_days(self) -> int:
        """The longest of its rules' times."""
        return max((part.hold_days for part in self.parts), default=0)

    @classmethod
    def read(cls, facts: Iterable[Mapping[str, str]]) -> "Terms":
        """What `facts` wrote down."""
        return cls(
            tuple(
                Part(
                    Decimal(one["gross"]),
                    UUID(one["rule"]) if one["rule"] else None,
                    Decimal(one["rate"]),
                    int(one["holdDays"]),
                )
                for one in facts
            )
        )

    def facts(self) -> list[dict[str, str]]:
        """To be kept with the payment."""
        return [
            {
                "gross": str(part.gross),
                "rule": str(part.rule or ""),
                "rate": str(part.rate),
                "holdDays": str(part.hold_days),
            }
            for part in self.parts
        ]

    def commission(self, base: Decimal) -> Decimal:
        """What the platform keeps of so much: whole hundredths, rounded down, so that the remainder is the supplier's."""
        fen = Fraction(base) * 100 * self.rate
        return Decimal(fen.numerator // fen.denominator).scaleb(-2)

    def to_return(self, kept: Decimal, base: Decimal) -> Decimal:
        """What the platform gives back of what it has once the base is only this; nothing where it has no more than its due."""
        return max(kept - self.commission(base), NOTHING)


def best(rules: Iterable[Rule], supplier: UUID, categories: Sequence[UUID], moment: datetime, day: date) -> Rule | None:
    """The most specific rule in force: of supplier and category, of the supplier, of the category, of all.

    `categories`: the goods' own one, then those above it; the nearest counts. Of equally specific rules the one that is valid from the
    later day, and then the one that was made last.
    """
    nearness = {category: len(categories) - place for place, category in enumerate(categories)}
    fitting = [
        rule
        for rule in rules
        if rule.supplier in (None, supplier)
        and (rule.category is None or rule.category in nearness)
        and rule.is_in_force(moment, day)
    ]
    return max(
        fitting,
        key=lambda one: (
            one.supplier is not None,
            nearness[one.category] if one.category else 0,
            one.valid_from,
            one.made_at,
            one.id,
        ),
        default=None,
    )


def terms(
    rules: Sequence[Rule],
    supplier: UUID,
    goods: Mapping[tuple[UUID, ...], Decimal],
    moment: datetime,
    day: date,
) -> Terms:
    """Which rule goods bear that cost so much with tax, by their category and those above it; the platform's own rule without any."""
    parts: dict[UUID | None, Part] = {}
    for categories, gross in (goods or {(): NOTHING}).items():
        rule = best(rules, supplier, categories, moment, day)
        key = rule.id if rule else None
        before = parts[key].gross if key in parts else NOTHING
        parts[key] = Part(before + gross, key, rule.rate, rule.hold_days) if rule else Part(before + gross)
    return Terms(tuple(parts.values()))


def due_at(completed_at: datetime, hold_days: int) -> datetime:
    """From when on the provider is told to split: so many days of 24 hours after the goods were accepted."""
    return completed_at + hold_days * DAY


def split_by(method: PaymentMethod, paid_at: datetime) -> datetime:
    """Until before when the provider can be told to split: from then on all of the payment is the supplier's."""
    return paid_at + LIMITS[method].unfreezes_after


def comes_with_refund(method: PaymentMethod, flow: PaymentFlow) -> bool:
    """Whether the provider takes the share back by itself, together with the refund: Alipay does of a scanned code's payment (0145)."""
    return method is PaymentMethod.ALIPAY and flow is PaymentFlow.QR


def is_for_want_of_share(code: str) -> bool:
    """Whether such a refund was refused because the receiver of the share has not the money."""
    return code.endswith("ACCOUNT_BALANCE_NOT_ENOUGH")


def may_return(method: PaymentMethod, settled_at: datetime, now: datetime) -> bool:
    """Whether the provider still makes the receiver give its share back."""
    within = LIMITS[method].returns_within
    return within is None or now < settled_at + within
