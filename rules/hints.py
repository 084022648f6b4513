"""What a buyer should know while filling in an order: each hint names the field, the problem and what to write instead."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from rules.budgets import BudgetUse
from rules.phrase import Phrase
from rules.pricing.price_lists import PriceBreak
from rules.problems import FieldFault
from rules.quantity import order_quantity_fault, plain


class HintCode(StrEnum):
    """What a hint is about."""

    LINES_MISSING = "LINES_MISSING"
    PLACE_MISSING = "PLACE_MISSING"
    DATE_MISSING = "DATE_MISSING"
    DATE_PAST = "DATE_PAST"
    DATE_BEFORE_LEAD_TIME = "DATE_BEFORE_LEAD_TIME"
    QUANTITY_WRONG = "QUANTITY_WRONG"
    STOCK_SHORT = "STOCK_SHORT"
    PRODUCT_WITHDRAWN = "PRODUCT_WITHDRAWN"
    COST_CENTRE_CLOSED = "COST_CENTRE_CLOSED"
    BUDGET_MISSING = "BUDGET_MISSING"
    BUDGET_EXCEEDED = "BUDGET_EXCEEDED"
    PRODUCT_REPEATED = "PRODUCT_REPEATED"
    MORE_COSTS_LESS = "MORE_COSTS_LESS"


@dataclass(frozen=True)
class Hint:
    """One thing to look at; a blocking one has to be mended before the order can be submitted."""

    code: HintCode
    field: str
    problem: str
    suggestion: str | None = None
    is_blocking: bool = True

    @property
    def fault(self) -> FieldFault:
        """The hint as the refusal of a submission."""
        return FieldFault(self.field, self.problem, self.suggestion)


@dataclass(frozen=True)
class DraftLine:
    """A line as far as it is filled in, with what the catalogue says of its product; `available` None: made to order.

    `today` is the date where the line goes, if it goes elsewhere than the order. `cheaper` is a larger quantity that costs less
    altogether, and its price for one.
    """

    quantity: Decimal
    minimum: Decimal
    step: Decimal
    lead_time_days: int
    available: Decimal | None
    requested_on: date | None
    is_offered: bool = True
    today: date | None = None
    cheaper: PriceBreak | None = None


@dataclass(frozen=True)
class DraftCost:
    """The cost centre that bears the order, and its budget as the order would leave it; None: nobody set one for today."""

    is_active: bool
    currency: str
    use: BudgetUse | None
    is_blocked: bool = False


@dataclass(frozen=True)
class Draft:
    """An order as far as it is filled in; `today` is the date at the delivery place."""

    lines: Sequence[DraftLine]
    place: str | None
    requested_on: date | None
    today: date
    cost: DraftCost | None = None


def hints(draft: Draft) -> list[Hint]:
    """Everything to look at, in the order of the form."""
    lines = (hint for i, line in enumerate(draft.lines) for hint in _line(f"lines[{i}]", line, draft))
    return [*_head(draft), *(_cost(draft.cost) if draft.cost else ()), *lines]


def duplicates(products: Sequence[Hashable]) -> list[Hint]:
    """Word of each line whose product stands in a line before; the buyer may have meant it."""
    first: dict[Hashable, int] = {}
    for place, product in enumerate(products):
        first.setdefault(product, place)
    return [
        Hint(
            HintCode.PRODUCT_REPEATED,
            f"lines[{place}].productId",
            Phrase("is on line {line}, too; add up the two unless they are to be kept apart", line=first[product] + 1),
            is_blocking=False,
        )
        for place, product in enumerate(products)
        if first[product] != place
    ]


def _head(draft: Draft) -> Iterator[Hint]:
    if not draft.lines:
        yield Hint(HintCode.LINES_MISSING, "lines", "add at least one product")
    if not draft.place:
        yield Hint(HintCode.PLACE_MISSING, "deliveryPlace", "say where the goods are to be delivered")
    soonest = draft.today + timedelta(days=max((line.lead_time_days for line in draft.lines), default=0))
    if draft.requested_on is None:
        if not draft.lines or any(line.requested_on is None for line in draft.lines):
            yield Hint(HintCode.DATE_MISSING, "requestedOn", "say when the goods are needed", soonest.isoformat())
    else:
        yield from _date("requestedOn", draft.requested_on, draft.today, soonest)


def _cost(cost: DraftCost) -> Iterator[Hint]:
    field = "costCentreId"
    if not cost.is_active:
        yield Hint(HintCode.COST_CENTRE_CLOSED, field, "is no longer in use; choose another one")
    if cost.use is None:
        problem = Phrase("has no budget for today in the order's currency")
        yield Hint(HintCode.BUDGET_MISSING, field, problem, is_blocking=False)
    elif cost.use.is_exceeded:
        short = Phrase(
            "would be {amount} {currency} over its budget", amount=plain(-cost.use.available), currency=cost.currency
        )
        yield Hint(HintCode.BUDGET_EXCEEDED, field, short, is_blocking=cost.is_blocked)


def _date(field: str, wanted: date, today: date, soonest: date) -> Iterator[Hint]:
    if wanted < today:
        yield Hint(HintCode.DATE_PAST, field, "is in the past at the delivery place", soonest.isoformat())
    elif wanted < soonest:
        problem = Phrase("is earlier than the usual lead time allows")
        yield Hint(HintCode.DATE_BEFORE_LEAD_TIME, field, problem, soonest.isoformat(), is_blocking=False)


def _line(field: str, line: DraftLine, draft: Draft) -> Iterator[Hint]:
    if not line.is_offered:
        yield Hint(HintCode.PRODUCT_WITHDRAWN, f"{field}.productId", "is no longer offered")
    if fault := order_quantity_fault(line.quantity, line.minimum, line.step):
        yield Hint(HintCode.QUANTITY_WRONG, f"{field}.quantity", *fault)
    elif line.available is not None and line.quantity > line.available:
        problem = Phrase("is more than the supplier has in stock; delivery may take longer")
        yield Hint(HintCode.STOCK_SHORT, f"{field}.quantity", problem, _in_stock(line), is_blocking=False)
    if line.is_offered and line.cheaper is not None:
        yield _more(f"{field}.quantity", line.cheaper)
    if line.requested_on is not None:
        today = line.today or draft.today
        soonest = today + timedelta(days=line.lead_time_days)
        yield from _date(f"{field}.requestedOn", line.requested_on, today, soonest)


def _more(field: str, cheaper: PriceBreak) -> Hint:
    quantity = cheaper.minimum_quantity
    problem = Phrase(
        "costs more than {quantity} would, at {price} each", quantity=plain(quantity), price=plain(cheaper.unit_price)
    )
    return Hint(HintCode.MORE_COSTS_LESS, field, problem, plain(quantity), is_blocking=False)


def _in_stock(line: DraftLine) -> str | None:
    """The largest quantity that may be ordered and is there; None where there is not even the smallest."""
    most = (line.available or Decimal(0)) // line.step * line.step
    return plain(most) if most >= line.minimum else None
