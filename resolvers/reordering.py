"""The buyer keeps templates, and orders by them or as before."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.types import Info

import models
from resolvers.amounts import Quantity
from resolvers.context import Context
from resolvers.enums import described
from resolvers.inputs import Items, Number, Text, check
from resolvers.problems import ALWAYS, CREATING, StaleVersionProblem, answers, known
from resolvers.steps import KEY, Key, OrderNow, shown
from resolvers.templates import OrderTemplate
from rules.line_sheets import MOST_LINES
from rules.reordering import LeftOutReason
from rules.units import Unit
from services import reordering, templates

described(
    LeftOutReason,
    "LeftOutReason",
    "Why something is not ordered again; expect new ones.",
    {
        "NOT_OFFERED": "The supplier offers it no longer.",
        "OTHER_CURRENCY": "It is priced in another currency than what stands before it; an order has one.",
    },
)


@strawberry.input(description="One product of a template.")
class OrderTemplateLineInput:
    """A line of a template."""

    product_id: strawberry.ID = strawberry.field(description="The product, of the template's supplier.")
    quantity: Annotated[Decimal, Number(above=0, most=10**12, places=6)] = strawberry.field(
        description="How many of the product's unit are usual, with at most 6 decimals."
    )
    quality_requirement: Annotated[str, Text(0, 2000)] | None = strawberry.field(
        default=None, description="What this line must fulfil, at most 2000 characters."
    )
    delivery_address_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Where this line goes, if not where the order goes: an address of the company's book, as it will be then.",
    )


Name = Annotated[str, Text(1, 80)]
NAME = "What the company's own people call it: 1 to 80 characters."
Lines = Annotated[list[OrderTemplateLineInput], Items(1, MOST_LINES)]


@strawberry.input(description="A new template.")
class CreateOrderTemplateInput:
    """What is ordered again and again."""

    name: Name = strawberry.field(description=NAME)
    supplier_id: strawberry.ID = strawberry.field(description="Who is to deliver.")
    lines: Lines = strawberry.field(description="What is ordered: 1 to 5000 lines.")
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="An order that is to be a template.")
class SaveOrderAsTemplateInput:
    """Which order, under which name."""

    order_id: strawberry.ID = strawberry.field(description="An order of the caller's company, in whatever status.")
    name: Name = strawberry.field(description=NAME)
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A template, as it was read.")
class OrderTemplateStepInput:
    """Which template."""

    order_template_id: strawberry.ID = strawberry.field(description="The template.")
    expected_version: int = strawberry.field(description="The version that was read.")


@strawberry.input(description="Changes to a template; what is null stays, lines are replaced together.")
class UpdateOrderTemplateInput(OrderTemplateStepInput):
    """What of a template changes."""

    name: Name | None = strawberry.field(default=None, description=NAME)
    lines: Lines | None = strawberry.field(default=None, description="All lines anew: 1 to 5000.")


@strawberry.input(description="A template to order by.")
class CreateOrderFromTemplateInput:
    """Which template, and when."""

    order_template_id: strawberry.ID = strawberry.field(description="The template.")
    requested_on: date | None = strawberry.field(
        default=None, description="When the goods are needed, as a date at the place."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="An order to be made once more.")
class OrderAgainInput:
    """Which order, and when."""

    order_id: strawberry.ID = strawberry.field(description="An order of the caller's company, in whatever status.")
    requested_on: date | None = strawberry.field(
        default=None, description="When the goods are needed, as a date at the place."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.type
class OrderTemplateNow:
    """What every change of a template answers with."""

    order_template: OrderTemplate = strawberry.field(description="The template as it is now.")


@strawberry.type(description="The template was made.")
class CreateOrderTemplateSuccess(OrderTemplateNow):
    """The template was made."""


@strawberry.type(description="The order's goods are a template; the order stays as it is.")
class SaveOrderAsTemplateSuccess(OrderTemplateNow):
    """The template was made."""


@strawberry.type(description="The template was changed.")
class UpdateOrderTemplateSuccess(OrderTemplateNow):
    """The template was changed."""


@strawberry.type(description="The template is there no longer; orders made from it stay.")
class RemoveOrderTemplateSuccess(OrderTemplateNow):
    """The template was removed."""


@strawberry.type(description="Something that could not be ordered again, as it was called then.")
class LeftOutLine:
    """A line without a successor."""

    sku: str = strawberry.field(description="The supplier's article number.")
    name: str = strawberry.field(description="The article's name in the caller's language.")
    quantity: Quantity = strawberry.field(description="How much of it was wanted.")
    reason: LeftOutReason = strawberry.field(description="Why it is not on the draft.")


@strawberry.type
class OrderedAgain(OrderNow):
    """A draft, and what is not on it."""

    left_out: list[LeftOutLine] = strawberry.field(
        description="What is not on the draft, since it cannot be ordered any more."
    )


@strawberry.type(description="The draft was made at today's prices, of what is still offered.")
class CreateOrderFromTemplateSuccess(OrderedAgain):
    """The draft was made."""


@strawberry.type(description="The draft was made at today's prices, of what is still offered.")
class OrderAgainSuccess(OrderedAgain):
    """The draft was made."""


def _lines(given: list[OrderTemplateLineInput]) -> list[templates.TemplateLine]:
    return [
        templates.TemplateLine(
            known("Product", line.product_id),
            line.quantity,
            line.quality_requirement,
            None if line.delivery_address_id is None else known("Address", line.delivery_address_id),
        )
        for line in given
    ]


async def _left_out(order: models.Order, locale: str) -> list[LeftOutLine]:
    return [
        LeftOutLine(
            sku=line.sku,
            name=line.name_zh if locale == "zh-CN" else line.name_en,
            quantity=Quantity(value=Decimal(line.quantity), unit=Unit(line.unit)),
            reason=line.reason,
        )
        for line in await reordering.left_out_of(order)
    ]


@strawberry.type
class TemplateMutation:
    """Templates kept, and orders made again."""

    @strawberry.mutation(
        graphql_type=answers(CreateOrderTemplateSuccess, *CREATING),
        description="Make a template of a supplier's goods.",
    )
    async def create_order_template(
        self, info: Info[Context, None], input: CreateOrderTemplateInput
    ) -> CreateOrderTemplateSuccess:
        """A new template."""
        check(input)
        template = await templates.create_order_template(
            info.context.actor,
            input.name,
            known("Company", input.supplier_id),
            _lines(input.lines),
            idempotency_key=input.idempotency_key,
        )
        return CreateOrderTemplateSuccess(order_template=shown(template))

    @strawberry.mutation(
        graphql_type=answers(SaveOrderAsTemplateSuccess, *CREATING), description="Make a template of an order's goods."
    )
    async def save_order_as_template(
        self, info: Info[Context, None], input: SaveOrderAsTemplateInput
    ) -> SaveOrderAsTemplateSuccess:
        """A new template."""
        check(input)
        template = await templates.save_order_as_template(
            info.context.actor, known("Order", input.order_id), input.name, idempotency_key=input.idempotency_key
        )
        return SaveOrderAsTemplateSuccess(order_template=shown(template))

    @strawberry.mutation(
        graphql_type=answers(UpdateOrderTemplateSuccess, *ALWAYS, StaleVersionProblem),
        description="Give a template another name or other lines.",
    )
    async def update_order_template(
        self, info: Info[Context, None], input: UpdateOrderTemplateInput
    ) -> UpdateOrderTemplateSuccess:
        """The template, changed."""
        check(input)
        template = await templates.update_order_template(
            info.context.actor,
            known("OrderTemplate", input.order_template_id),
            input.expected_version,
            input.name,
            None if input.lines is None else _lines(input.lines),
        )
        return UpdateOrderTemplateSuccess(order_template=shown(template))

    @strawberry.mutation(
        graphql_type=answers(RemoveOrderTemplateSuccess, *ALWAYS, StaleVersionProblem), description="Remove a template."
    )
    async def remove_order_template(
        self, info: Info[Context, None], input: OrderTemplateStepInput
    ) -> RemoveOrderTemplateSuccess:
        """The template, removed."""
        template = await templates.remove_order_template(
            info.context.actor, known("OrderTemplate", input.order_template_id), input.expected_version
        )
        return RemoveOrderTemplateSuccess(order_template=shown(template))

    @strawberry.mutation(
        graphql_type=answers(CreateOrderFromTemplateSuccess, *CREATING),
        description="Make a draft of a template's goods, as far as they are still offered.",
    )
    async def create_order_from_template(
        self, info: Info[Context, None], input: CreateOrderFromTemplateInput
    ) -> CreateOrderFromTemplateSuccess:
        """A draft."""
        check(input)
        order = await reordering.create_order_from_template(
            info.context.actor,
            known("OrderTemplate", input.order_template_id),
            input.requested_on,
            idempotency_key=input.idempotency_key,
        )
        left_out = await _left_out(order, info.context.locale)
        return CreateOrderFromTemplateSuccess(order=shown(order), left_out=left_out)

    @strawberry.mutation(
        graphql_type=answers(OrderAgainSuccess, *CREATING),
        description="Make a draft of what an order asked for, as far as it is still offered.",
    )
    async def order_again(self, info: Info[Context, None], input: OrderAgainInput) -> OrderAgainSuccess:
        """A draft."""
        check(input)
        order = await reordering.order_again(
            info.context.actor,
            known("Order", input.order_id),
            input.requested_on,
            idempotency_key=input.idempotency_key,
        )
        return OrderAgainSuccess(order=shown(order), left_out=await _left_out(order, info.context.locale))
