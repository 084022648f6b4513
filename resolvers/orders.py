"""Orders as the schema shows them, and how to find them."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.types import Info

import models
from models.base import NOTHING
from models.order import is_sealed_for, side_of, version_for
from models.rows import Row, row
from resolvers.addresses import DeliveryAddress, delivered
from resolvers.amounts import Money
from resolvers.availability import LineAvailability, availability_of
from resolvers.context import Context
from resolvers.credit_checks import Lent
from resolvers.enums import described
from resolvers.ids import decode_id, encode_id
from resolvers.inputs import Items, Text, check
from resolvers.links import link
from resolvers.node import Node
from resolvers.order_coverage import Coverage, coverage_of
from resolvers.order_deliveries import Deliveries
from resolvers.order_enums import OrderAction
from resolvers.order_lines import DraftHint, Message, OrderLine
from resolvers.order_money import Repaid
from resolvers.order_progress import OrderProgress, hints_of, progress_of, unread_of
from resolvers.pages import After, Connection, First, page
from resolvers.proposals import Expected
from resolvers.relations import Many, One, derived, related, shows
from resolvers.words import label
from rules.lifecycle import Amendment, OrderStatus, Side, actions

if TYPE_CHECKING:
    from resolvers.approvals import Approval
    from resolvers.attachments import Attachment
    from resolvers.billing import Invoice, Payment
    from resolvers.companies import Company
    from resolvers.contracts import Contract
    from resolvers.cost_centres import CostCentre
    from resolvers.quotations import CounterOffer, Quotation
    from resolvers.read_marks import ReadState

LazyCompany = Annotated["Company", strawberry.lazy("resolvers.companies")]
LazyQuotation = Annotated["Quotation", strawberry.lazy("resolvers.quotations")]
LazyCounterOffer = Annotated["CounterOffer", strawberry.lazy("resolvers.quotations")]
LazyApproval = Annotated["Approval", strawberry.lazy("resolvers.approvals")]
LazyContract = Annotated["Contract", strawberry.lazy("resolvers.contracts")]
LazyCostCentre = Annotated["CostCentre", strawberry.lazy("resolvers.cost_centres")]
LazyReadState = Annotated["ReadState", strawberry.lazy("resolvers.read_marks")]
LazyInvoice = Annotated["Invoice", strawberry.lazy("resolvers.billing")]
LazyAttachment = Annotated["Attachment", strawberry.lazy("resolvers.attachments")]
LazyPayment = Annotated["Payment", strawberry.lazy("resolvers.billing")]


class Opened(Many):
    """Quotations of those orders alone on which the viewer may read them."""

    @property
    def reads(self) -> frozenset[str]:
        """What it needs of an order."""
        return frozenset({"id", "is_sealed", "buyer_id", "supplier_id"})

    async def rows(self, context: Any, parents: Sequence[Any]) -> list[Row]:
        """The quotations of the orders that are not sealed for the viewer."""
        return await super().rows(context, [order for order in parents if not is_sealed_for(order, context.actor)])


def _status_label(row: Any, context: Context) -> str:
    return label(f"order_status.{side_of(row, context.actor)}", row.status, context.locale)


def _turn_label(row: Any, context: Context) -> str | None:
    if row.turn is None:
        return None
    return label(f"turn.{side_of(row, context.actor)}.{row.turn}", row.status, context.locale)


def _available(row: Any, context: Context) -> list[Any]:
    actor = context.actor
    return [OrderAction(name) for name in actions(row, side_of(row, actor)) if actor.may(name)]


@strawberry.type(description="A purchase order between one buyer and one supplier.")
@shows(models.Order)
class Order(Deliveries, Expected, Lent, Repaid, Node):
    """An order; until a contract binds, in effect a request for quotation."""

    id: strawberry.ID = derived(lambda row: encode_id("Order", row.id), description="Opaque id.")
    number: str = strawberry.field(description="The number for people, such as PO-7F3K-9Q2M.")
    version: int = derived(
        lambda row, context: version_for(row, context.actor),
        description="Rises by one with each event: what mutations expect, and the cursor to subscribe after.",
    )
    status: OrderStatus = strawberry.field(description="Where the order stands.")
    status_label: str = derived(_status_label, description="The status in words for the caller's side and language.")
    turn: Side | None = strawberry.field(description="Whose move it is; null when nobody has to move.")
    turn_since: datetime = strawberry.field(description="Since when it is that side's move.")
    turn_label: str | None = derived(
        _turn_label,
        description="Whose move it is, in words for the caller's side and language; null when nobody has to move.",
    )
    amendment: Amendment | None = strawberry.field(
        description="What is about to change of the contract in force; null when nothing is."
    )
    my_side: Side = derived(lambda row, context: side_of(row, context.actor), description="The caller's side.")
    available_actions: list[OrderAction] = derived(
        _available, description="What the caller may do next, by status, side, turn and role."
    )
    delivery_place: str | None = strawberry.field(description="Where the goods are to be delivered.")
    delivery_zone: str = strawberry.field(description="IANA time zone of the place; dates are dates there.")
    delivery_address: DeliveryAddress | None = derived(
        delivered, description="The place as an address, where it was taken from the buyer's book; a copy of its own."
    )
    requested_on: date | None = strawberry.field(description="When the goods are needed, as a date at the place.")
    quality_requirement: str | None = strawberry.field(description="What all goods must fulfil.")
    answer_by: datetime | None = strawberry.field(
        description="Until when the supplier may make its first offer; null for no limit."
    )
    is_sealed: bool = strawberry.field(
        description="Whether nobody but the supplier can read its quotations yet; they are opened after `answerBy`."
    )
    estimated_total: Money = derived(
        lambda row: Money(amount=row.estimated_total, currency=row.currency),
        description="At the prices that applied to the buyer when its lines were last changed, tax included.",
    )
    agreed_total: Money | None = derived(
        lambda row: None if row.agreed_total is None else Money(amount=row.agreed_total, currency=row.currency),
        description="The accepted quotation's total; null before.",
    )
    closing_reason: str | None = strawberry.field(description="Why it ended without goods: a code; null otherwise.")
    closing_note: str | None = strawberry.field(description="Why it ended without goods, in words; null otherwise.")
    created_at: datetime = derived(
        lambda row, context: (
            row.created_at if side_of(row, context.actor) is Side.BUYER else row.placed_at or row.turn_since
        ),
        description="When it came into being for the caller's side.",
    )
    placed_at: datetime | None = strawberry.field(description="When the supplier received it; null before.")
    contracted_at: datetime | None = strawberry.field(description="When the second side signed; null before.")
    completed_at: datetime | None = strawberry.field(description="When nothing was open any more; null before.")
    settled_at: datetime | None = strawberry.field(
        description="When goods, invoices and money were all done with; null before."
    )
    updated_at: datetime = strawberry.field(description="When the newest event happened.")
    buyer: LazyCompany = related(One(models.Company, "buyer_id"), description="The company that orders.")
    supplier: LazyCompany = related(One(models.Company, "supplier_id"), description="The company that delivers.")
    cost_centre: LazyCostCentre | None = related(
        One(models.CostCentre, "cost_centre_id", visible=True),
        description="Who bears the cost inside the buyer's company; null if nobody does, and for everybody else.",
    )
    lines: list[OrderLine] = related(
        Many(models.OrderLine, by="order_id", order_by=("position",)), description="What is ordered."
    )
    messages: list[Message] = related(
        Many(models.Message, by="order_id", order_by=("id",)), description="What was said, oldest first."
    )
    unread_count: int = related(
        unread_of,
        description="How much of what the other side said the caller has not read; a machine reads with its company.",
    )
    read_states: list[LazyReadState] = related(
        Many(models.ReadState, by="order_id", order_by=("id",)),
        description="How far each side has read what was said; a side that has read nothing is missing.",
    )
    quotations: list[LazyQuotation] = related(
        Opened(models.Quotation, by="order_id", order_by=("-revision",)),
        description="All revisions, newest first; for everybody but the supplier empty while they are sealed.",
    )
    counter_offers: list[LazyCounterOffer] = related(
        Many(models.CounterOffer, by="order_id", order_by=("-id",)),
        description="The buyer's counter-offers, newest first.",
    )
    approvals: list[LazyApproval] = related(
        Many(models.Approval, by="order_id", order_by=("-id",), visible=True),
        description="The buyer's own approvals, newest first; empty for everybody else.",
    )
    contracts: list[LazyContract] = related(
        Many(models.Contract, by="order_id", order_by=("-version",)), description="All versions, newest first."
    )
    invoices: list[LazyInvoice] = related(
        Many(models.Invoice, by="order_id", order_by=("id",)), description="All invoices, oldest first."
    )
    payments: list[LazyPayment] = related(
        Many(models.Payment, by="order_id", order_by=("id",)), description="All payments, oldest first."
    )
    attachments: list[LazyAttachment] = related(
        Many(models.Attachment, by="order_id", order_by=("id",), visible=True),
        description="All files on it, on its lines and with its messages, oldest first.",
    )
    coverage: Coverage | None = related(
        coverage_of,
        description="The framework agreement that stands for the signatures, or would on acceptance of the open quotation, "
        "or what keeps it from that; null where none of the two parties matters.",
    )
    lines_xlsx_url: str | None = derived(
        lambda row, context: link(context, "/orders/{id}/lines.xlsx", "Order", row.id),
        description="A path at this server that gives the caller the lines as an XLSX workbook, for five minutes; an import reads it. Null "
        "for machines, which send their key to `/orders/<id>/lines.xlsx`, and in events, which many read.",
    )
    lines_csv_url: str | None = derived(
        lambda row, context: link(context, "/orders/{id}/lines.csv", "Order", row.id),
        description="The same as CSV.",
    )
    availability_check: list[LineAvailability] | None = related(
        availability_of,
        description="What the supplier has and what it takes, line by line, while there is something to promise: for its own "
        "salespeople and warehouse; null otherwise, and for everybody else.",
    )
    progress: OrderProgress = related(progress_of, description="How far goods and money are.")
    draft_hints: list[DraftHint] = related(
        hints_of, description="What to look at before submitting; empty once it is submitted, and for everybody else."
    )


class OrderSort(StrEnum):
    """How a list of orders is sorted."""

    NEWEST = "NEWEST"
    OLDEST = "OLDEST"


described(
    OrderSort,
    "OrderSort",
    "How a list of orders is sorted.",
    {"NEWEST": "The newest first.", "OLDEST": "The oldest first."},
)
_SORTS = {OrderSort.NEWEST: ("-id",), OrderSort.OLDEST: ("id",)}


@strawberry.input(description="Which orders to list; all conditions must hold.")
class OrderFilter:
    """Conditions on orders; what is null does not narrow."""

    side: Side | None = strawberry.field(default=None, description="Those where the caller is on this side.")
    statuses: Annotated[list[OrderStatus], Items(0, len(OrderStatus))] | None = strawberry.field(
        default=None, description="Those in one of these statuses, each named once at most."
    )
    counterparty_id: strawberry.ID | None = strawberry.field(default=None, description="Those with this company.")
    number: Annotated[str, Text(0, 40)] | None = strawberry.field(
        default=None, description="The one with this number; at most 40 characters."
    )
    cost_centre_id: strawberry.ID | None = strawberry.field(
        default=None, description="Those whose cost this cost centre of the caller's company bears."
    )


Filter = Annotated[OrderFilter | None, strawberry.argument(description="Which orders to list; all without it.")]
Sort = Annotated[OrderSort, strawberry.argument(description="In which order.")]


@strawberry.type
class OrderQuery:
    """How to find orders."""

    @strawberry.field(description="An order by its id; null if there is none that the caller may see.")
    async def order(
        self, info: Info[Context, None], id: Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]
    ) -> Order | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("Order", id)
        return await row(models.Order.visible_to(info.context.actor).filter(id=key)) if key else None

    @strawberry.field(description="The orders the caller may see.")
    async def orders(
        self,
        info: Info[Context, None],
        filter: Filter = None,
        sort: Sort = OrderSort.NEWEST,
        first: First = None,
        after: After = None,
    ) -> Connection[Order]:
        """One page of orders."""
        found = models.Order.visible_to(info.context.actor)
        if filter is not None:
            check(filter, "filter")
            found = _narrow(found, filter, info.context)
        return Connection.of(await page(found, _SORTS[sort], first=first, after=after))


def _narrow(found: Any, wanted: OrderFilter, context: Context) -> Any:
    company = context.actor.company
    if wanted.side is not None:
        is_own = wanted.side in (Side.BUYER, Side.SUPPLIER)
        found = found.filter(**{f"{wanted.side.lower()}_id": company}) if is_own else found.filter(NOTHING)
    if wanted.statuses is not None:
        found = found.filter(status__in=wanted.statuses)
    if wanted.number is not None:
        found = found.filter(number=wanted.number)
    if wanted.counterparty_id is not None:
        found = found.filter(models.Order.with_company(decode_id("Company", wanted.counterparty_id)))
    if wanted.cost_centre_id is not None:
        found = found.filter(models.Order.borne_by(decode_id("CostCentre", wanted.cost_centre_id), company))
    return found
