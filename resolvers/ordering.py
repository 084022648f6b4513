"""The buyer's steps up to the supplier's desk: fill in, submit, approve, take back."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry.types import Info

from resolvers.context import Context
from resolvers.inputs import Items, Number, Text, check
from resolvers.problems import ACCEPTING, ASKING, CHANGING, CREATING, KEEPING, SPENDING, answers, known
from resolvers.steps import KEY, Key, OrderNow, OrderReasonInput, OrderStepInput, shown
from rules.line_sheets import MOST_LINES
from services import approving, closing, drafting, submitting

COST_CENTRE = "Who bears the cost inside the buyer's company: one of its cost centres; the supplier never learns of it."


@strawberry.input(description="One product as the buyer wants it.")
class OrderLineInput:
    """A line of a draft."""

    product_id: strawberry.ID = strawberry.field(description="The product, of the order's supplier.")
    quantity: Annotated[Decimal, Number(above=0, most=10**12, places=6)] = strawberry.field(
        description="How many of the product's unit, with at most 6 decimals."
    )
    requested_on: date | None = strawberry.field(default=None, description="When this line is needed, if it differs.")
    quality_requirement: Annotated[str, Text(0, 2000)] | None = strawberry.field(
        default=None, description="What this line must fulfil, at most 2000 characters."
    )
    delivery_address_id: strawberry.ID | None = strawberry.field(
        default=None, description="Where this line goes, if not where the order goes: an address of the company's book."
    )


@strawberry.input(description="A new draft; what is left out is filled in from the company and its last order there.")
class CreateOrderInput:
    """What an order starts from."""

    supplier_id: strawberry.ID = strawberry.field(description="Who is to deliver.")
    lines: Annotated[list[OrderLineInput], Items(0, MOST_LINES)] = strawberry.field(
        default_factory=list, description="What is ordered: at most 5000 lines."
    )
    delivery_place: Annotated[str, Text(1, 300)] | None = strawberry.field(
        default=None, description="Where to, at most 300 characters."
    )
    delivery_zone: Annotated[str, Text(1, 64)] | None = strawberry.field(
        default=None, description="IANA time zone of the place, such as Asia/Shanghai."
    )
    delivery_address_id: strawberry.ID | None = strawberry.field(
        default=None, description="Where to: an address of the company's book, instead of place and zone."
    )
    requested_on: date | None = strawberry.field(default=None, description="When, as a date at the place.")
    quality_requirement: Annotated[str, Text(0, 2000)] | None = strawberry.field(
        default=None, description="What all goods must fulfil, at most 2000 characters."
    )
    cost_centre_id: strawberry.ID | None = strawberry.field(default=None, description=COST_CENTRE)
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="Changes to a draft; what is null stays, lines are replaced together.")
class UpdateDraftInput:
    """What of a draft changes."""

    order_id: strawberry.ID = strawberry.field(description="The draft.")
    expected_version: int = strawberry.field(description="The version that was read.")
    lines: Annotated[list[OrderLineInput], Items(0, MOST_LINES)] | None = strawberry.field(
        default=None, description="All lines anew: at most 5000."
    )
    delivery_place: Annotated[str, Text(1, 300)] | None = strawberry.field(
        default=None, description="Where to, at most 300 characters."
    )
    delivery_zone: Annotated[str, Text(1, 64)] | None = strawberry.field(
        default=None, description="IANA time zone of the place, such as Asia/Shanghai."
    )
    delivery_address_id: strawberry.ID | None = strawberry.field(
        default=None, description="Where to: an address of the company's book, instead of place and zone."
    )
    requested_on: date | None = strawberry.field(default=None, description="When, as a date at the place.")
    quality_requirement: Annotated[str, Text(0, 2000)] | None = strawberry.field(
        default=None, description="What all goods must fulfil, at most 2000 characters."
    )
    cost_centre_id: strawberry.ID | None = strawberry.field(default=None, description=COST_CENTRE)


@strawberry.input(description="An order, as it was read, and a word on the decision.")
class ApproveOrderInput(OrderStepInput):
    """Which order is approved."""

    note: Annotated[str, Text(0, 1000)] | None = strawberry.field(
        default=None, description="What the approver says to it, at most 1000 characters."
    )
    on_behalf_of_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The colleague who was asked, where the caller answers for one; null: whoever is asked.",
    )


@strawberry.input(description="An order, as it was read, and why it is given back.")
class ReturnOrderInput(OrderReasonInput):
    """Which order is given back."""

    on_behalf_of_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The colleague who was asked, where the caller answers for one; null: whoever is asked.",
    )


@strawberry.type(description="The draft was made.")
class CreateOrderSuccess(OrderNow):
    """The draft was made."""


@strawberry.type(description="The draft was changed.")
class UpdateDraftSuccess(OrderNow):
    """The draft was changed."""


@strawberry.type(description="The order is with the approvers or with the supplier, as its status says.")
class SubmitOrderSuccess(OrderNow):
    """The order is with the approvers or with the supplier, as its status says."""


@strawberry.type(description="The order is a draft again.")
class WithdrawOrderSuccess(OrderNow):
    """The order is a draft again."""


@strawberry.type(
    description="The order went on, or waits for the others who are asked, as its status and approvals say."
)
class ApproveOrderSuccess(OrderNow):
    """The order went on to the supplier, or the quotation was accepted."""


@strawberry.type(description="The requester has the order back.")
class ReturnOrderSuccess(OrderNow):
    """The requester has the order back."""


@strawberry.type(description="The order was cancelled.")
class CancelOrderSuccess(OrderNow):
    """The order was cancelled."""


def line_wishes(given: list[OrderLineInput] | None) -> tuple[drafting.LineWish, ...] | None:
    """The lines as the services take them."""
    if given is None:
        return None
    return tuple(
        drafting.LineWish(
            known("Product", line.product_id),
            line.quantity,
            line.requested_on,
            line.quality_requirement,
            _address(line.delivery_address_id),
        )
        for line in given
    )


def _address(given: strawberry.ID | None) -> UUID | None:
    return None if given is None else known("Address", given)


def _wish(given: CreateOrderInput | UpdateDraftInput) -> drafting.OrderWish:
    return drafting.OrderWish(
        lines=line_wishes(given.lines),
        delivery_place=given.delivery_place,
        delivery_zone=given.delivery_zone,
        delivery_address_id=_address(given.delivery_address_id),
        requested_on=given.requested_on,
        quality_requirement=given.quality_requirement,
        cost_centre_id=None if given.cost_centre_id is None else known("CostCentre", given.cost_centre_id),
    )


def _colleague(given: ApproveOrderInput | ReturnOrderInput) -> UUID | None:
    return known("Member", given.on_behalf_of_id) if given.on_behalf_of_id else None


@strawberry.type
class OrderingMutation:
    """The buyer's steps."""

    @strawberry.mutation(
        graphql_type=answers(CreateOrderSuccess, *CREATING), description="Make a draft with one supplier."
    )
    async def create_order(self, info: Info[Context, None], input: CreateOrderInput) -> CreateOrderSuccess:
        """A draft, filled with what is usual."""
        check(input)
        supplier = known("Company", input.supplier_id)
        order = await drafting.create_order(
            info.context.actor, supplier, _wish(input), idempotency_key=input.idempotency_key
        )
        return CreateOrderSuccess(order=shown(order))

    @strawberry.mutation(graphql_type=answers(UpdateDraftSuccess, *CHANGING), description="Change a draft.")
    async def update_draft(self, info: Info[Context, None], input: UpdateDraftInput) -> UpdateDraftSuccess:
        """The draft, changed."""
        check(input)
        order_id = known("Order", input.order_id)
        order = await drafting.update_draft(info.context.actor, order_id, input.expected_version, _wish(input))
        return UpdateDraftSuccess(order=shown(order))

    @strawberry.mutation(
        graphql_type=answers(SubmitOrderSuccess, *CHANGING, *ASKING, *SPENDING),
        description="Send a draft to the supplier, or first to the approvers.",
    )
    async def submit_order(self, info: Info[Context, None], input: OrderStepInput) -> SubmitOrderSuccess:
        """The order, submitted."""
        order_id = known("Order", input.order_id)
        order = await submitting.submit_order(info.context.actor, order_id, input.expected_version)
        return SubmitOrderSuccess(order=shown(order))

    @strawberry.mutation(
        graphql_type=answers(WithdrawOrderSuccess, *CHANGING), description="Take an order back from the approvers."
    )
    async def withdraw_order(self, info: Info[Context, None], input: OrderReasonInput) -> WithdrawOrderSuccess:
        """The order, a draft again."""
        check(input)
        order_id = known("Order", input.order_id)
        order = await submitting.withdraw_order(info.context.actor, order_id, input.expected_version, input.reason)
        return WithdrawOrderSuccess(order=shown(order))

    @strawberry.mutation(
        graphql_type=answers(ApproveOrderSuccess, *CHANGING, *ACCEPTING, *KEEPING),
        description="Approve an order, or the award of a quotation; never one's own.",
    )
    async def approve_order(self, info: Info[Context, None], input: ApproveOrderInput) -> ApproveOrderSuccess:
        """The order, approved."""
        check(input)
        order_id = known("Order", input.order_id)
        order = await approving.approve_order(
            info.context.actor, order_id, input.expected_version, input.note, _colleague(input)
        )
        return ApproveOrderSuccess(order=shown(order))

    @strawberry.mutation(
        graphql_type=answers(ReturnOrderSuccess, *CHANGING),
        description="Give an order that waits for approval back to its requester.",
    )
    async def return_order(self, info: Info[Context, None], input: ReturnOrderInput) -> ReturnOrderSuccess:
        """The order, with its requester again."""
        check(input)
        order_id = known("Order", input.order_id)
        order = await approving.return_order(
            info.context.actor, order_id, input.expected_version, input.reason, _colleague(input)
        )
        return ReturnOrderSuccess(order=shown(order))

    @strawberry.mutation(
        graphql_type=answers(CancelOrderSuccess, *CHANGING),
        description="Cancel an order that has not been signed by both sides.",
    )
    async def cancel_order(self, info: Info[Context, None], input: OrderReasonInput) -> CancelOrderSuccess:
        """The order, cancelled."""
        check(input)
        order_id = known("Order", input.order_id)
        order = await closing.cancel_order(info.context.actor, order_id, input.expected_version, input.reason)
        return CancelOrderSuccess(order=shown(order))
