"""The supplier's steps on official invoices (发票)."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.context import Context
from resolvers.inputs import Items, Number, Text, check
from resolvers.official_invoices import OfficialInvoice
from resolvers.problems import ALWAYS, CREATING, PAYING, WrongStatusProblem, answers, known
from resolvers.steps import KEY, Key, Reason, shown
from rules.fapiao import MOST_RATES, Fapiao, FapiaoType, RateLine, Sums
from services import recording_fapiao
from services.recording_fapiao import FapiaoFor

Amount = Annotated[Decimal, Number(least=0, most=10**14, places=2)]


@strawberry.input(description="What of an official invoice is taxed at one rate.")
class OfficialInvoiceRateInput:
    """Net and tax at a rate."""

    rate: Annotated[Decimal, Number(least=0, most=1, places=6)] = strawberry.field(
        description="VAT as a share from 0 to 1, such as 0.13."
    )
    net: Amount = strawberry.field(description="The amount without tax, in CNY.")
    tax: Amount = strawberry.field(description="The tax on it, in CNY.")


@strawberry.input(
    description="An official invoice (发票) as the tax authority has it, for one invoice or one credit note; the amounts of a red one "
    "above zero, too."
)
class RecordOfficialInvoiceInput:
    """An official invoice to be recorded."""

    invoice_id: strawberry.ID | None = strawberry.field(default=None, description="The invoice it is for.")
    credit_note_id: strawberry.ID | None = strawberry.field(
        default=None, description="The credit note that a red one (红字发票) is for; either this or an invoice."
    )
    type: FapiaoType = strawberry.field(description="Which it is; code and number follow from that.")
    code: Annotated[str, Text(1, 12)] | None = strawberry.field(
        default=None, description="The code (发票代码), 10 or 12 digits; null for a fully digitalised one."
    )
    number: Annotated[str, Text(1, 20)] = strawberry.field(
        description="The number (发票号码), 8 digits, or 20 of a fully digitalised one; each counts once for a supplier."
    )
    issued_on: date = strawberry.field(description="The day of issue (开票日期), not after today in China.")
    net: Amount = strawberry.field(description="The amount without tax, in CNY.")
    tax: Amount = strawberry.field(description="The tax, in CNY.")
    total: Amount = strawberry.field(description="Both together (价税合计), in CNY, more than 0.")
    rates: Annotated[list[OfficialInvoiceRateInput], Items(0, MOST_RATES)] = strawberry.field(
        default_factory=list, description="The same by rate, at most 20; empty where that does not matter."
    )
    attachment_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Its file (PDF, OFD, or the XML of a fully digitalised one, which has to say the same), uploaded and hanging on "
        "nothing yet.",
    )
    replaces_id: strawberry.ID | None = strawberry.field(
        default=None, description="The wrong record of the same document that it takes the place of, voided with it."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A record of an official invoice that was wrong.")
class VoidOfficialInvoiceInput:
    """Which record counts no more."""

    official_invoice_id: strawberry.ID = strawberry.field(description="The record.")
    reason: Reason = strawberry.field(description="Why: 1 to 1000 characters.")


@strawberry.type(description="The official invoice is on record.")
class RecordOfficialInvoiceSuccess:
    """The official invoice."""

    official_invoice: OfficialInvoice = strawberry.field(description="The new record.")


@strawberry.type(description="The record counts no more.")
class VoidOfficialInvoiceSuccess:
    """The official invoice, void."""

    official_invoice: OfficialInvoice = strawberry.field(description="The record as it is now.")


def _fapiao(given: RecordOfficialInvoiceInput) -> Fapiao:
    rates = tuple(RateLine(line.rate, line.net, line.tax) for line in given.rates)
    sums = Sums(given.net, given.tax, given.total)
    return Fapiao(given.type, given.code or "", given.number, given.issued_on, sums, rates)


def _meant(given: RecordOfficialInvoiceInput) -> FapiaoFor:
    named = (
        ("Invoice", given.invoice_id),
        ("CreditNote", given.credit_note_id),
        ("Attachment", given.attachment_id),
        ("OfficialInvoice", given.replaces_id),
    )
    return FapiaoFor(*(None if id_ is None else known(kind, id_) for kind, id_ in named))


@strawberry.type
class RecordingMutation:
    """The supplier's steps on official invoices."""

    @strawberry.mutation(
        graphql_type=answers(RecordOfficialInvoiceSuccess, *CREATING, WrongStatusProblem, *PAYING),
        description="Record an official invoice: what is recorded for a document may come to no more than it, roundings left aside.",
    )
    async def record_official_invoice(
        self, info: Info[Context, None], input: RecordOfficialInvoiceInput
    ) -> RecordOfficialInvoiceSuccess:
        """The official invoice, recorded."""
        check(input)
        made = await recording_fapiao.record_official_invoice(
            info.context.actor, _meant(input), _fapiao(input), idempotency_key=input.idempotency_key
        )
        return RecordOfficialInvoiceSuccess(official_invoice=shown(made))

    @strawberry.mutation(
        graphql_type=answers(VoidOfficialInvoiceSuccess, *ALWAYS, WrongStatusProblem),
        description="Void the record of an official invoice that was wrong; its number may be recorded again.",
    )
    async def void_official_invoice(
        self, info: Info[Context, None], input: VoidOfficialInvoiceInput
    ) -> VoidOfficialInvoiceSuccess:
        """The official invoice, void."""
        check(input)
        key = known("OfficialInvoice", input.official_invoice_id)
        found = await recording_fapiao.void_official_invoice(info.context.actor, key, input.reason)
        return VoidOfficialInvoiceSuccess(official_invoice=shown(found))
