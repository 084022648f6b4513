"""What the catalogue, the calendar and the address book have against lines that could be read."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from rules.line_sheets import Column, SheetLine, Wrong
from rules.phrase import Phrase
from rules.problems import CellFault
from rules.quantity import order_quantity_fault
from rules.units import Unit


class Article(Protocol):
    """What the catalogue says of an article that a row names."""

    unit: Unit
    minimum_quantity: Decimal
    quantity_step: Decimal
    lead_time_days: int


def terms_faults(line: SheetLine, article: Article, today: date) -> Iterator[CellFault]:
    """What the supplier's terms, and the calendar at the delivery place, have against a row that could be read."""
    quantity = line.quantity
    if quantity and (fault := order_quantity_fault(quantity, article.minimum_quantity, article.quantity_step)):
        yield line.fault(Column.QUANTITY, quantity, Wrong(*fault))
    if line.unit is not None and line.unit != article.unit:
        wrong = Wrong(Phrase("is not the unit that this article is sold in"), article.unit)
        yield line.fault(Column.UNIT, line.unit, wrong)
    if line.requested_on is not None and line.requested_on < today:
        soonest = (today + timedelta(days=article.lead_time_days)).isoformat()
        wrong = Wrong(Phrase("is in the past at the delivery place"), soonest)
        yield line.fault(Column.REQUESTED_ON, line.requested_on, wrong)


def sku_fault(line: SheetLine, fault: str, meant: str | None = None) -> CellFault:
    """What is wrong with the article a row names."""
    return line.fault(Column.SKU, line.sku, Wrong(fault, meant))


def address_fault(line: SheetLine, entries: int) -> CellFault | None:
    """What is wrong with the entry of the address book that a row names, if so many are called that."""
    if line.deliver_to is None or entries == 1:
        return None
    several = Phrase("is what several addresses in your book are called; give them names of their own")
    return line.fault(
        Column.DELIVER_TO, line.deliver_to, Wrong(several if entries else Phrase("is no address in your book"))
    )
