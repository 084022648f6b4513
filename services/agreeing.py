"""What of a quotation is agreed: all of it, or some lines, smaller quantities and alternatives, added up by its own rounding."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from models import Alternative, ContractAllowance, ContractLine, OrderLine, Quotation, QuotationAllowance, QuotationLine
from rules.allowances import check_carried, goods_worth
from rules.money import Charge, Rounding, prorated, totals
from rules.problems import NotFound, QuotationWhole, invalid
from rules.quantity import check_choice
from rules.terms import PartialAcceptance
from services import clock

# How much of which order lines; a line that is not named is not wanted.
Chosen = Mapping[UUID, Decimal]
# Which alternative is taken instead of which order line's own offer.
Instead = Mapping[UUID, UUID]
Offered = QuotationLine | Alternative


@dataclass(frozen=True)
class Agreement:
    """The lines and allowances of a contract that is still to be drawn up, and what they come to together with freight."""

    lines: tuple[ContractLine, ...]
    allowances: tuple[ContractAllowance, ...]
    freight: Decimal
    freight_tax: Decimal
    net: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.net + self.tax


async def agreement(quotation: Quotation, chosen: Chosen | None, instead: Instead | None = None) -> Agreement:
    """What accepting the quotation means: everything as quoted, or what is chosen of it.

    Allowances and charges go with the goods in proportion; freight is never divided.
    """
    ordered = {line.id: line for line in await OrderLine.of(quotation.order_id)}
    quoted = {line.order_line_id: line for line in await QuotationLine.of(quotation.id)}
    beside = list(await QuotationAllowance.of(quotation.id))
    offered: dict[UUID, Offered] = {**quoted, **await _replacements(quotation, quoted, instead or {})}
    whole = {line: one.quantity for line, one in offered.items()}
    if chosen is not None and chosen != whole:
        _check(quotation, quoted, whole, chosen)
    elif not instead:
        lines = tuple(_line(ordered[line], one, one, one.quantity, one.net, one.tax) for line, one in quoted.items())
        allowances = tuple(_allowance(one, one.net, one.tax) for one in beside)
        return Agreement(lines, allowances, quotation.freight, quotation.freight_tax, quotation.net, quotation.tax)
    return _part(quotation, ordered, quoted, offered, beside, whole if chosen is None else chosen)


async def _replacements(
    quotation: Quotation, quoted: Mapping[UUID, QuotationLine], instead: Instead
) -> dict[UUID, Alternative]:
    """The alternatives that are taken, by the order line they stand for; NotFound where one does not belong to its line."""
    if not instead:
        return {}
    found = {other.id: other for other in await Alternative.of(quotation.id)}
    for line, other in instead.items():
        if line not in quoted:
            raise NotFound("OrderLine", line)
        if other not in found or found[other].quotation_line_id != quoted[line].id:
            raise NotFound("Alternative", other)
    return {line: found[other] for line, other in instead.items()}


def _check(
    quotation: Quotation, quoted: Mapping[UUID, QuotationLine], whole: Mapping[UUID, Decimal], chosen: Chosen
) -> None:
    if not chosen:
        raise invalid("input.lines", "name what is accepted")
    for line, quantity in chosen.items():
        if line not in whole:
            raise NotFound("OrderLine", line)
        check_choice(quoted[line].position, whole[line], quantity)
    if quotation.partial_acceptance is PartialAcceptance.WHOLE_ONLY:
        raise QuotationWhole(quotation.revision, quotation.valid_until)


def _part(
    quotation: Quotation,
    ordered: Mapping[UUID, OrderLine],
    quoted: Mapping[UUID, QuotationLine],
    offered: Mapping[UUID, Offered],
    beside: list[QuotationAllowance],
    chosen: Chosen,
) -> Agreement:
    rounding = quotation.rounding
    freight = rounding.stated(quotation.freight, quotation.freight_tax)
    wanted = [line for line in offered if line in chosen]
    goods = [Charge(chosen[line], offered[line].unit_price, offered[line].tax_rate) for line in wanted]
    all_goods = [Charge(line.quantity, line.unit_price, line.tax_rate) for line in quoted.values()]
    extras = [_share(one, goods, all_goods, rounding) for one in beside]
    charges = [*goods, Charge(Decimal(1), freight, quotation.freight_tax_rate), *extras]
    sums = totals(charges, rounding)
    check_carried("input.lines", charges, sums)
    amounts = list(zip(sums.nets, sums.taxes, strict=True))
    lines = tuple(
        _line(ordered[line], quoted[line], offered[line], chosen[line], *amount)
        for line, amount in zip(wanted, amounts, strict=False)
    )
    allowances = tuple(
        _allowance(one, *amount) for one, amount in zip(beside, amounts[len(goods) + 1 :], strict=True) if any(amount)
    )
    return Agreement(lines, allowances, *amounts[len(goods)], sums.net, sums.tax)


def _share(one: QuotationAllowance, goods: list[Charge], all_goods: list[Charge], rounding: Rounding) -> Charge:
    """As much of the allowance as belongs to these of all goods."""
    part, whole = goods_worth(goods, one.tax_rate, all_goods), goods_worth(all_goods, one.tax_rate)
    return Charge(Decimal(1), prorated(rounding.stated(one.net, one.tax), part, whole, rounding), one.tax_rate)


def _line(
    ordered: OrderLine, quoted: QuotationLine, offered: Offered, quantity: Decimal, net: Decimal, tax: Decimal
) -> ContractLine:
    article = offered if isinstance(offered, Alternative) else ordered
    return ContractLine(
        order_line_id=ordered.id,
        position=ordered.position,
        quantity=quantity,
        unit_price=offered.unit_price,
        tax_rate=offered.tax_rate,
        net=net,
        tax=tax,
        promised_on=offered.promised_on,
        quality_remark=offered.quality_remark,
        over_delivery_tolerance=quoted.over_delivery_tolerance,
        product_id=article.product_id,
        sku=article.sku,
        name_zh=article.name_zh,
        name_en=article.name_en,
        specification=article.specification,
        price_explanation=offered.price_explanation,
        created_at=clock.now(),
    )


def _allowance(one: QuotationAllowance, net: Decimal, tax: Decimal) -> ContractAllowance:
    return ContractAllowance(
        position=one.position,
        kind=one.kind,
        reason_code=one.reason_code,
        reason=one.reason,
        tax_rate=one.tax_rate,
        net=net,
        tax=tax,
        created_at=clock.now(),
    )
