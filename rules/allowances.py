"""Allowances and charges on a whole document: what they come to, and how much of them goes with a part of the goods."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rules.decimals import ONE, ZERO
from rules.money import Charge, Rounding, Totals, check_amount, prorated
from rules.phrase import Phrase
from rules.problems import invalid
from rules.quantity import plain


class AllowanceKind(StrEnum):
    """Whether the buyer pays less or more (UBL ChargeIndicator)."""

    ALLOWANCE = "ALLOWANCE"
    CHARGE = "CHARGE"


@dataclass(frozen=True)
class Allowance:
    """An allowance or charge as it is offered: an amount, or a share of the goods at its tax rate; one of the two."""

    kind: AllowanceKind
    tax_rate: Decimal
    reason: str
    reason_code: str | None = None
    amount: Decimal | None = None
    share: Decimal | None = None


def allowance_amount(path: str, allowance: Allowance, goods: Sequence[Charge], rounding: Rounding) -> Decimal:
    """What it comes to, stated as the document's prices are; below zero for an allowance."""
    if (allowance.amount is None) is (allowance.share is None):
        raise invalid(path, "give either an amount or a share")
    if allowance.amount is not None:
        check_amount(f"{path}.amount", allowance.amount, rounding.currency)
        amount = allowance.amount
    else:
        amount = prorated(goods_worth(goods, allowance.tax_rate), allowance.share or ZERO, ONE, rounding)
    return -amount if allowance.kind is AllowanceKind.ALLOWANCE else amount


def goods_worth(goods: Sequence[Charge], rate: Decimal, among: Sequence[Charge] | None = None) -> Decimal:
    """What the goods are worth to which an allowance at this rate belongs: those taxed alike, or all where none are (`among` the whole)."""
    alike = any(one.tax_rate == rate for one in (goods if among is None else among))
    return sum((one.quantity * one.unit_price for one in goods if one.tax_rate == rate or not alike), ZERO)


def check_carried(path: str, charges: Sequence[Charge], sums: Totals) -> None:
    """Refuse allowances that are more than what is taxed at their rate: nobody can pay less than nothing (EN 16931 BR-S-08)."""
    for rate in {charge.tax_rate for charge in charges}:
        taxed = sum((net for net, one in zip(sums.nets, charges, strict=True) if one.tax_rate == rate), ZERO)
        if taxed < 0:
            raise invalid(path, Phrase("come to more than what is taxed at {rate}", rate=plain(rate)))
    if sums.tax < 0:
        raise invalid(path, "leave a tax below zero")
