"""The three-way match of an invoice, as either side sees it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry

from resolvers.amounts import Money
from resolvers.context import Context
from resolvers.enums import described
from resolvers.official_invoices import OfficialInvoicing, official_invoicing
from resolvers.words import label
from rules.matching import MatchedLine, MatchFault, MatchStatus
from services.three_way import Compared, compared

NOBODY = UUID(int=0)

described(
    MatchStatus,
    "InvoiceMatchStatus",
    "What the three-way match of an invoice, or of one of its lines, came to; expect new ones.",
    {
        "MATCHED": "It claims no more than the contract's price of what was accepted and kept.",
        "WITHIN_TOLERANCE": "It claims more, but no more than the buyer puts up with, which shows to the buyer alone; or official invoices "
        "differ by a rounding.",
        "EXCEPTION": "It claims more than that, or official invoices come to something else.",
    },
)
described(
    MatchFault,
    "InvoiceMatchFault",
    "In what an invoice, or one of its lines, differs; expect new ones.",
    {
        "QUANTITY": "More is claimed than was accepted and kept: goods went back since and were not credited yet.",
        "PRICE": "The price is not the one of the contract in force: it was changed since, and nothing was credited.",
        "OFFICIAL_INVOICE": "The official invoices (发票) recorded for it come to something else.",
    },
)


@strawberry.type(
    description="A line of an invoice beside what it stands on; allowances and charges follow the goods and have none."
)
class InvoiceMatchLine:
    """The comparison of one line, credit notes taken off."""

    position: int = strawberry.field(description="The line's place on the invoice, from 1.")
    status: MatchStatus = strawberry.field(description="What it came to.")
    faults: list[MatchFault] = strawberry.field(description="In what it differs; empty where it matches.")
    ordered: Decimal = strawberry.field(description="What the contract has, in the order line's unit; 1 for freight.")
    accepted: Decimal = strawberry.field(
        description="What the buyer accepted and did not send back, for all invoices together; 1 for freight."
    )
    invoiced: Decimal = strawberry.field(description="What this invoice claims of it.")
    invoiced_before: Decimal = strawberry.field(description="What older invoices claim of it.")
    contract_price: Decimal = strawberry.field(
        description="The price by the contract in force, in the invoice's currency."
    )
    invoice_price: Decimal = strawberry.field(description="The price on the invoice, in its currency.")
    difference: Money = strawberry.field(
        description="What is claimed beyond the contract's price of what was accepted, with tax where prices include it; below zero where "
        "it is less."
    )


@strawberry.type(
    description="The three-way match of an invoice: contract, what was accepted and kept, and what is claimed."
)
class InvoiceMatch:
    """The comparison, as it is now."""

    status: MatchStatus = strawberry.field(
        description="What it came to: the worst of the lines and of the official invoices."
    )
    status_label: str = strawberry.field(description="The same in words of the caller's language.")
    faults: list[MatchFault] = strawberry.field(description="In what it differs; empty where it matches.")
    lines: list[InvoiceMatchLine] = strawberry.field(description="The goods, then freight.")
    official_invoicing: OfficialInvoicing = strawberry.field(
        description="The official invoices (发票), and how they compare."
    )


async def match_of(context: Context, invoices: Sequence[Any]) -> list[InvoiceMatch]:
    """For each; how much its buyer puts up with shows to the buyer alone."""
    found = await compared(invoices, context.actor.company or NOBODY)
    return [_shown(invoice, found[invoice.id], context.locale) for invoice in invoices]


def _shown(invoice: Any, found: Compared, locale: str) -> InvoiceMatch:
    match, facts = found.match, found.facts
    return InvoiceMatch(
        status=match.status,
        status_label=label("match_status", match.status, locale),
        faults=list(match.faults),
        lines=[_line(line, invoice.currency) for line in match.lines],
        official_invoicing=official_invoicing(invoice, facts.recorded, facts.line_count, facts.official_invoices),
    )


def _line(found: MatchedLine, currency: Any) -> InvoiceMatchLine:
    line = found.line
    return InvoiceMatchLine(
        position=line.position,
        status=found.status,
        faults=list(found.faults),
        ordered=line.ordered,
        accepted=line.accepted,
        invoiced=line.invoiced,
        invoiced_before=line.older,
        contract_price=line.contract_price,
        invoice_price=line.invoice_price,
        difference=Money(amount=found.difference, currency=currency),
    )
