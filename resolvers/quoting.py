"""Offer and counter-offer, up to acceptance, rejection or an end without a contract."""

from datetime import date, datetime
from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.accepted_lines import AcceptedLineInput, chosen_of, instead_of
from resolvers.context import Context
from resolvers.inputs import Items, Pieces, Text, check
from resolvers.offer_inputs import (
    Amount,
    InspectionDays,
    NetDays,
    Price,
    SendQuotationInput,
    Share,
    WarrantyDays,
    offer_of,
)
from resolvers.problems import ACCEPTING, ASKING, CHANGING, KEEPING, MOVING, OFFERING, SPENDING, TAXING, answers, known
from resolvers.quotations import CounterOffer, Quotation
from resolvers.steps import OrderNow, OrderReasonInput, OrderStepInput, shown
from rules.line_sheets import MOST_LINES
from rules.terms import PaymentMoment, RejectionReason
from services import closing, quoting


@strawberry.input(description="The wishes on one line; what is null stays as quoted.")
class CounterOfferLineInput:
    """A line of a counter-offer."""

    order_line_id: strawberry.ID = strawberry.field(description="What it is about.")
    quantity: Pieces | None = strawberry.field(default=None, description="How many instead.")
    unit_price: Price | None = strawberry.field(
        default=None, description="At which price instead, stated as the quotation's are, at most 6 decimals."
    )
    promised_on: date | None = strawberry.field(default=None, description="When instead.")
    quality_requirement: Annotated[str, Text(0, 2000)] | None = strawberry.field(
        default=None, description="In which quality instead, at most 2000 characters."
    )


@strawberry.input(description="What would be acceptable instead of the open quotation: in lines, terms or words.")
class CounterQuotationInput(OrderStepInput):
    """A counter-offer to be made."""

    lines: Annotated[list[CounterOfferLineInput], Items(0, MOST_LINES)] = strawberry.field(
        default_factory=list, description="The wishes line by line: at most 5000."
    )
    freight: Amount | None = strawberry.field(
        default=None, description="Which freight instead, stated as the quotation's prices are."
    )
    prepaid_share: Share | None = strawberry.field(
        default=None, description="Which prepaid share instead, from 0 to 1."
    )
    payment_net_days: NetDays | None = strawberry.field(
        default=None, description="Within how many days the rest is to be paid instead: 0 to 365."
    )
    payment_moment: PaymentMoment | None = strawberry.field(
        default=None, description="From when these days count instead."
    )
    inspection_days: InspectionDays | None = strawberry.field(
        default=None, description="After how many days silence becomes acceptance instead: 2 to 90."
    )
    warranty_days: WarrantyDays | None = strawberry.field(
        default=None, description="For how many days claims are heard instead: 0 to 3650."
    )
    valid_until: datetime | None = strawberry.field(
        default=None, description="Until when the next quotation should be valid."
    )
    remark: Annotated[str, Text(1, 2000)] | None = strawberry.field(
        default=None, description="The wishes in words, at most 2000 characters."
    )


@strawberry.input(description="Which quotation is accepted, or what of it.")
class AcceptQuotationInput:
    """The revision that was read."""

    quotation_id: strawberry.ID = strawberry.field(description="The revision that was read.")
    expected_version: int = strawberry.field(description="The order's version that was read.")
    lines: Annotated[list[AcceptedLineInput], Items(1, MOST_LINES)] | None = strawberry.field(
        default=None,
        description="What of it is accepted, if not everything as quoted: 1 to 5000 lines. What is not named is not ordered; freight "
        "stays whole, allowances and charges go with the goods in proportion; totals are added up by the quotation's own rounding.",
    )
    under_agreement: bool = strawberry.field(
        default=True,
        description="Whether a framework agreement that covers it stands for the signatures; otherwise both sides sign.",
    )


@strawberry.input(description="Why an order cannot be served.")
class RejectOrderInput(OrderStepInput):
    """A rejection."""

    reason: RejectionReason = strawberry.field(description="The kind of reason.")
    explanation: Annotated[str, Text(1, 1000)] = strawberry.field(
        description="The reason in words: 1 to 1000 characters."
    )


@strawberry.type(description="The quotation is open for the buyer's answer.")
class SendQuotationSuccess:
    """The quotation as it was sent."""

    quotation: Quotation = strawberry.field(description="The quotation with its totals.")


@strawberry.type(description="The quotation is no longer open; it is the supplier's turn again.")
class WithdrawQuotationSuccess(OrderNow):
    """The quotation is no longer open; it is the supplier's turn again."""


@strawberry.type(description="The counter-offer is with the supplier.")
class CounterQuotationSuccess:
    """The counter-offer as it was made."""

    counter_offer: CounterOffer = strawberry.field(description="The counter-offer.")


@strawberry.type(description="The order ended without a contract.")
class DeclineQuotationSuccess(OrderNow):
    """The order ended without a contract."""


@strawberry.type(
    description="A contract waits for both signatures, or is in effect under a framework agreement (see the order's `coverage`), "
    "or the buyer's approvers have to agree first."
)
class AcceptQuotationSuccess(OrderNow):
    """A contract waits for both signatures or is in effect, or the buyer's approvers have to agree first."""


@strawberry.type(description="The order was rejected.")
class RejectOrderSuccess(OrderNow):
    """The order was rejected."""


def _counters(given: CounterQuotationInput) -> tuple[quoting.LineCounter, ...]:
    return tuple(
        quoting.LineCounter(
            known("OrderLine", line.order_line_id),
            line.quantity,
            line.unit_price,
            line.promised_on,
            line.quality_requirement,
        )
        for line in given.lines
    )


def _terms(given: CounterQuotationInput) -> quoting.TermsCounter:
    return quoting.TermsCounter(
        freight=given.freight,
        prepaid_share=given.prepaid_share,
        payment_net_days=given.payment_net_days,
        payment_moment=given.payment_moment,
        inspection_days=given.inspection_days,
        warranty_days=given.warranty_days,
        valid_until=given.valid_until,
    )


@strawberry.type
class QuotingMutation:
    """Both sides' steps between the placed order and the frozen contract."""

    @strawberry.mutation(
        graphql_type=answers(SendQuotationSuccess, *CHANGING, *OFFERING, *TAXING),
        description="Send the order's next quotation.",
    )
    async def send_quotation(self, info: Info[Context, None], input: SendQuotationInput) -> SendQuotationSuccess:
        """The quotation, sent."""
        check(input)
        order_id = known("Order", input.order_id)
        sent = await quoting.send_quotation(info.context.actor, order_id, input.expected_version, offer_of(input))
        return SendQuotationSuccess(quotation=shown(sent))

    @strawberry.mutation(
        graphql_type=answers(WithdrawQuotationSuccess, *CHANGING),
        description="Take the open quotation back before it is accepted.",
    )
    async def withdraw_quotation(self, info: Info[Context, None], input: OrderReasonInput) -> WithdrawQuotationSuccess:
        """The order, waiting for another quotation."""
        check(input)
        order_id = known("Order", input.order_id)
        order = await quoting.withdraw_quotation(info.context.actor, order_id, input.expected_version, input.reason)
        return WithdrawQuotationSuccess(order=shown(order))

    @strawberry.mutation(
        graphql_type=answers(CounterQuotationSuccess, *CHANGING, *OFFERING),
        description="Say what would be acceptable instead of the open quotation.",
    )
    async def counter_quotation(
        self, info: Info[Context, None], input: CounterQuotationInput
    ) -> CounterQuotationSuccess:
        """The counter-offer, made."""
        check(input)
        order_id = known("Order", input.order_id)
        made = await quoting.counter_quotation(
            info.context.actor, order_id, input.expected_version, _counters(input), input.remark, _terms(input)
        )
        return CounterQuotationSuccess(counter_offer=shown(made))

    @strawberry.mutation(
        graphql_type=answers(DeclineQuotationSuccess, *CHANGING, *OFFERING),
        description="End the order without a contract.",
    )
    async def decline_quotation(self, info: Info[Context, None], input: OrderReasonInput) -> DeclineQuotationSuccess:
        """The order, ended."""
        check(input)
        order_id = known("Order", input.order_id)
        order = await quoting.decline_quotation(info.context.actor, order_id, input.expected_version, input.reason)
        return DeclineQuotationSuccess(order=shown(order))

    @strawberry.mutation(
        graphql_type=answers(
            AcceptQuotationSuccess, *CHANGING, *ACCEPTING, *MOVING, *OFFERING, *ASKING, *SPENDING, *KEEPING
        ),
        description="Accept the newest quotation within its validity, or some of its lines and quantities.",
    )
    async def accept_quotation(self, info: Info[Context, None], input: AcceptQuotationInput) -> AcceptQuotationSuccess:
        """The order, with a contract to sign or an approval to wait for."""
        check(input)
        quotation_id = known("Quotation", input.quotation_id)
        order = await quoting.accept_quotation(
            info.context.actor,
            quotation_id,
            input.expected_version,
            None if input.lines is None else chosen_of("input.lines", input.lines),
            instead_of(input.lines or ()),
            under_agreement=input.under_agreement,
        )
        return AcceptQuotationSuccess(order=shown(order))

    @strawberry.mutation(
        graphql_type=answers(RejectOrderSuccess, *CHANGING), description="Say that an order cannot be served, and why."
    )
    async def reject_order(self, info: Info[Context, None], input: RejectOrderInput) -> RejectOrderSuccess:
        """The order, rejected."""
        check(input)
        order_id = known("Order", input.order_id)
        order = await closing.reject_order(
            info.context.actor, order_id, input.expected_version, input.reason, input.explanation
        )
        return RejectOrderSuccess(order=shown(order))
