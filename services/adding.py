"""Lines added to a draft from a list that somebody pasted or a program sent: all of them, or the right ones, or none and the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from anyio import to_thread

from models import Company, EnquiryInvitation, Order, OrderLine, Product
from rules.events import EventKind
from rules.lifecycle import OrderStatus, Side
from rules.line_faults import sku_fault
from rules.line_sheets import MOST_LINES, MOST_QUANTITY, Column, SheetLine
from rules.money import Currency
from rules.people import Actor
from rules.phrase import Phrase
from rules.problems import NotFound, RowsWrong, invalid
from rules.quick_entry import OnError, WhenDuplicate, read_text
from services.checking_lines import CheckedLine, Circumstances, ImportReport, check_lines, checked, report
from services.desk import check_version, note, open_order
from services.drafting import LineWish, new_lines, rewrite
from services.matching_skus import SkuMatches
from services.verb import creating

# Rows that were sent as lines have no cells; they are named as if each were a row of article and quantity.
_PLACES = {column: place for place, column in enumerate(Column)}


@dataclass(frozen=True)
class Addition:
    """What is to be added to a draft, as lines or as text, and what is to happen where something stands against it."""

    lines: tuple[LineWish, ...] | None = None
    text: str | None = None
    on_error: OnError = OnError.REFUSE
    when_duplicate: WhenDuplicate = WhenDuplicate.REFUSE


@dataclass(frozen=True)
class Entry:
    """A row, and where the same product stands besides: in a row before, counted from 0, or on the draft, counted from 1."""

    checked: CheckedLine
    repeats_row: int | None
    on_line: int | None

    @property
    def is_duplicate(self) -> bool:
        """Whether somebody has to say what is meant."""
        return self.repeats_row is not None or self.on_line is not None


@dataclass
class Found:
    """What was found out before the draft is locked, of which version; `is_used` tells a first request from a repeated one."""

    entries: Sequence[Entry]
    report: ImportReport
    version: int
    is_used: bool = field(default=False)


async def quick_entry(
    actor: Actor, text: str, *, supplier_id: UUID | None = None, order_id: UUID | None = None
) -> list[Entry] | None:
    """What each row of the text stands for, of what a supplier offers or of what a draft may take; nothing is changed.

    None for whoever orders nothing, and where there is no such supplier, nor such a draft of the caller's company.
    """
    if not actor.may("add_lines"):
        return None
    order = await (_own_draft(actor, order_id) if order_id else _to_begin(actor, supplier_id))
    return None if order is None else await _entries(actor, order, Addition(text=text))


async def add_lines(
    actor: Actor, order_id: UUID, expected_version: int, addition: Addition, *, idempotency_key: str
) -> tuple[ImportReport | None, Order]:
    """The draft with the lines added, and what was found in them; None for a repeated request, which adds nothing.

    Nothing slow happens while the draft is locked: the rows are looked at before.
    """
    actor.must("add_lines")
    order = await Order.visible_to(actor).get_or_none(id=order_id)
    if order is None:
        raise NotFound("Order", order_id)
    version = order.version_for(actor)
    entries = _judged(await _entries(actor, order, addition), addition.when_duplicate)
    found = Found(entries, report([entry.checked for entry in entries]), version)
    order = await _add_lines(actor, order_id, expected_version, addition, idempotency_key=idempotency_key, found=found)
    return (found.report if found.is_used else None), order


@creating(Order)
async def _add_lines(
    actor: Actor, order_id: UUID, expected_version: int, addition: Addition, *, idempotency_key: str, found: Found
) -> Order:
    order = await open_order(actor, "add_lines", order_id, expected_version)
    check_version(order, actor, found.version)
    if await EnquiryInvitation.holds(order.id):
        raise invalid("input.orderId", "says what its enquiry says; withdraw the invitation instead")
    wishes = [entry.checked.wish for entry in found.entries if entry.checked.wish]
    if found.report.wrong_rows and (addition.on_error is OnError.REFUSE or not wishes):
        raise RowsWrong(found.report.rows, found.report.wrong_rows, found.report.fault_count, found.report.faults)
    if not wishes:
        raise invalid("input.text", "has no rows")
    await _append(actor, order, wishes, addition.when_duplicate)
    await note(order, EventKind.DRAFT_UPDATED, actor)
    found.is_used = True
    return order


async def _append(actor: Actor, order: Order, wishes: Sequence[LineWish], when: WhenDuplicate) -> None:
    """Put the new lines below the others, or add each up with the one that asks for the same product on the same terms."""
    lines = list(await OrderLine.of(order.id))
    known = {line.terms: line for line in reversed(lines)}
    for line in await new_lines(actor, order, wishes):
        same = known.get(line.terms) if when is WhenDuplicate.ADD_UP else None
        if same is None:
            line.position = len(lines) + 1
            lines.append(line)
            known.setdefault(line.terms, line)
        elif same.quantity + line.quantity > MOST_QUANTITY:
            raise invalid("input.lines", Phrase("must be at most {most}", most=MOST_QUANTITY))
        else:
            same.quantity += line.quantity
    if len(lines) > MOST_LINES:
        raise invalid("input.lines", Phrase("has more than {most} entries", most=MOST_LINES))
    await rewrite(order, lines)


async def _own_draft(actor: Actor, order_id: UUID) -> Order | None:
    order = await Order.visible_to(actor).get_or_none(id=order_id)
    is_draft = order is not None and order.side_of(actor) is Side.BUYER and order.status is OrderStatus.DRAFT
    return order if is_draft else None


async def _to_begin(actor: Actor, supplier_id: UUID | None) -> Order | None:
    """A draft that is only thought of: with this supplier, delivered where the caller's company is."""
    company, supplier = await Company.buying(actor.home), None
    if company is not None and supplier_id is not None and supplier_id != company.id:
        supplier = await Company.visible_to(actor).get_or_none(id=supplier_id)
    if company is None or supplier is None or not supplier.is_supplying:
        return None
    return Order(supplier_id=supplier.id, delivery_zone=company.delivery_zone)


async def _entries(actor: Actor, order: Order, addition: Addition) -> list[Entry]:
    """Every row, held against the catalogue and against what is on the draft."""
    lines = await OrderLine.of(order.id) if order.status is OrderStatus.DRAFT else []
    currency = order.currency if lines else None
    if addition.text is None:
        rows = await _checked_wishes(actor, order, addition.lines or (), currency)
    else:
        read = await to_thread.run_sync(read_text, addition.text)
        if len(read) > MOST_LINES:
            raise invalid("input.text", Phrase("has more than {most} lines", most=MOST_LINES))
        rows = await check_lines(actor, order.supplier_id, order.delivery_zone, read, currency)
    return _compared(rows, lines)


async def _checked_wishes(
    actor: Actor, order: Order, wishes: Sequence[LineWish], currency: Currency | None
) -> list[CheckedLine]:
    """Lines that name products, held against the catalogue as rows that name article numbers are."""
    offered = await Product.offered(actor, order.supplier_id, {wish.product_id for wish in wishes})
    products = [offered.get(wish.product_id) for wish in wishes]
    rows = [
        SheetLine(
            row, _PLACES, product.sku if product else "", wish.quantity, wish.requested_on, wish.quality_requirement
        )
        for row, (wish, product) in enumerate(zip(wishes, products, strict=True))
    ]
    known = Circumstances(SkuMatches({}, {}), {}, order.delivery_zone, currency)
    return [
        replace(row, wish=row.wish and wish) for row, wish in zip(checked(rows, products, known), wishes, strict=True)
    ]


def _compared(rows: Sequence[CheckedLine], lines: Sequence[OrderLine]) -> list[Entry]:
    on_line = {line.product_id: line.position for line in reversed(lines)}
    first: dict[UUID, int] = {}
    entries = []
    for row in rows:
        product = row.product and row.product.id
        before = first.setdefault(product, row.line.row) if product else row.line.row
        entries.append(
            Entry(row, None if before == row.line.row else before, on_line.get(product) if product else None)
        )
    return entries


def _judged(entries: Sequence[Entry], when: WhenDuplicate) -> list[Entry]:
    """Where nobody said what a product that is there already means, its row is wrong."""
    if when is not WhenDuplicate.REFUSE:
        return list(entries)
    return [replace(entry, checked=_refused(entry)) if entry.is_duplicate else entry for entry in entries]


def _refused(entry: Entry) -> CheckedLine:
    if entry.on_line is not None:
        fault = Phrase("is on line {line} of the draft; say whether to add up or to keep apart", line=entry.on_line)
    else:
        fault = Phrase(
            "stands in row {row}, too; say whether to add up or to keep apart", row=(entry.repeats_row or 0) + 1
        )
    row = entry.checked
    return replace(row, wish=None, faults=(*row.faults, sku_fault(row.line, fault)))
