"""What of a quotation is agreed: all of it, or some lines and smaller quantities, added up by the quotation's own rounding."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from models import ContractLine, Quotation, QuotationLine
from rules.money import Charge, Rounding, totals
from rules.problems import NotFound, QuotationWhole, invalid
from rules.quantity import check_choice
from rules.terms import PartialAcceptance
from services import clock

# How much of which order lines; a line that is not named is not wanted.
Chosen = Mapping[UUID, Decimal]


@dataclass(frozen=True)
class Agreement:
    """The lines of a contract that is still to be drawn up, and what they come to together with freight."""

    lines: tuple[ContractLine, ...]
    freight_tax: Decimal
    net: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.net + self.tax


async def agreement(quotation: Quotation, chosen: Chosen | None) -> Agreement:
    """What accepting the quotation means: everything as quoted, or what is chosen of it. Freight is never divided."""
    quoted = list(await QuotationLine.of(quotation.id))
    if chosen is None or chosen == {line.order_line_id: line.quantity for line in quoted}:
        lines = tuple(_line(line, line.quantity, line.net, line.tax) for line in quoted)
        return Agreement(lines, quotation.freight_tax, quotation.net, quotation.tax)
    _check(quotation, {line.order_line_id: line for line in quoted}, chosen)
    return _part(quotation, [line for line in quoted if line.order_line_id in chosen], chosen)


def _check(quotation: Quotation, quoted: Mapping[UUID, QuotationLine], chosen: Chosen) -> None:
    if not chosen:
        raise invalid("input.lines", "name what is accepted")
    for line, quantity in chosen.items():
        if line not in quoted:
            raise NotFound("OrderLine", line)
        check_choice(quoted[line].position, quoted[line].quantity, quantity)
    if quotation.partial_acceptance is PartialAcceptance.WHOLE_ONLY:
        raise QuotationWhole(quotation.revision, quotation.valid_until)


def _part(quotation: Quotation, quoted: list[QuotationLine], chosen: Chosen) -> Agreement:
    charges = [Charge(chosen[line.order_line_id], line.unit_price, line.tax_rate) for line in quoted]
    freight = Charge(Decimal(1), quotation.freight, quotation.freight_tax_rate)
    sums = totals([*charges, freight], Rounding(quotation.currency, quotation.rounding_mode, quotation.tax_level))
    lines = tuple(
        _line(line, charge.quantity, net, tax)
        for line, charge, net, tax in zip(quoted, charges, sums.nets, sums.taxes, strict=False)
    )
    return Agreement(lines, sums.taxes[-1], sums.net, sums.tax)


def _line(quoted: QuotationLine, quantity: Decimal, net: Decimal, tax: Decimal) -> ContractLine:
    return ContractLine(
        order_line_id=quoted.order_line_id,
        position=quoted.position,
        quantity=quantity,
        unit_price=quoted.unit_price,
        tax_rate=quoted.tax_rate,
        net=net,
        tax=tax,
        promised_on=quoted.promised_on,
        quality_remark=quoted.quality_remark,
        created_at=clock.now(),
    )
