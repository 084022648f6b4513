"""Rows that were read, against the supplier's catalogue and the buyer's address book: which lines they make, and what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from models import Address, Product
from rules.line_faults import address_fault, sku_fault, terms_faults
from rules.line_sheets import SheetLine
from rules.money import Currency
from rules.people import Actor
from rules.phrase import Phrase
from rules.problems import CellFault
from services import addresses, clock
from services.drafting import LineWish
from services.matching_skus import SkuMatches, match_skus

MOST_FAULTS = 1000
"""Told of one list; they are counted to the last."""


@dataclass(frozen=True)
class ImportReport:
    """What was found in a list, row by row; its headings and blank rows are not counted."""

    rows: int
    wrong_rows: int
    fault_count: int
    faults: tuple[CellFault, ...]

    @property
    def right_rows(self) -> int:
        """How many rows nothing is wrong with."""
        return self.rows - self.wrong_rows


@dataclass(frozen=True)
class CheckedLine:
    """A row, the product it names if the supplier offers it, and the line it makes if nothing is wrong with it."""

    line: SheetLine
    product: Product | None
    wish: LineWish | None
    faults: tuple[CellFault, ...]


@dataclass(frozen=True)
class Circumstances:
    """What rows are held against."""

    matches: SkuMatches
    book: Mapping[str, Sequence[Address]]
    zone: str
    """The delivery place's, where a row names none of its own."""
    currency: Currency | None = None
    """Of the lines that are there already."""


async def check_lines(
    actor: Actor, supplier: UUID, zone: str, lines: Sequence[SheetLine], currency: Currency | None = None
) -> list[CheckedLine]:
    """Each row checked, in as many statements however many they are."""
    matches = await match_skus(actor, supplier, (line.sku for line in lines if line.sku))
    book = await addresses.called(actor, {line.deliver_to for line in lines if line.deliver_to})
    return checked(
        lines, [matches.products.get(line.sku or "") for line in lines], Circumstances(matches, book, zone, currency)
    )


def checked(lines: Sequence[SheetLine], products: Sequence[Product | None], known: Circumstances) -> list[CheckedLine]:
    """Each row with its product and what is wrong with it; an order has one currency, that of its first line."""
    currency = known.currency or next((product.currency for product in products if product), None)
    return [_checked(line, product, known, currency) for line, product in zip(lines, products, strict=True)]


def report(lines: Sequence[CheckedLine]) -> ImportReport:
    """What is told of all rows."""
    faults = [fault for line in lines for fault in line.faults]
    told = sorted(faults, key=_place)
    wrong = sum(line.wish is None for line in lines)
    return ImportReport(len(lines), wrong, len(faults), tuple(told[:MOST_FAULTS]))


def _place(fault: CellFault) -> tuple[int, int, str]:
    return (fault.row, len(fault.cell), fault.cell)


def _checked(line: SheetLine, product: Product | None, known: Circumstances, currency: Currency | None) -> CheckedLine:
    entries = known.book.get(line.deliver_to or "", ())
    faults = [*line.faults, *_article_faults(line, product, known.matches, currency)]
    if product:
        zone = entries[0].zone if len(entries) == 1 else known.zone
        faults += terms_faults(line, product, clock.today(zone))
    if (fault := address_fault(line, len(entries))) is not None:
        faults.append(fault)
    wish = None
    if product and line.quantity and not faults:
        entry = entries[0].id if entries else None
        wish = LineWish(product.id, line.quantity, line.requested_on, line.quality, entry)
    return CheckedLine(line, product, wish, tuple(sorted(faults, key=_place)))


def _article_faults(
    line: SheetLine, product: Product | None, matches: SkuMatches, currency: Currency | None
) -> Iterator[CellFault]:
    if line.sku is None:
        return
    if product is None:
        fault = Phrase("is no article that this supplier offers")
        yield sku_fault(line, fault, matches.meant.get(line.sku))
    elif product.currency != currency:
        yield sku_fault(line, Phrase("is priced in another currency than the lines before"))
