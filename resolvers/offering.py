"""The supplier's steps in the catalogue, and the operator's categories."""

import strawberry
from strawberry.types import Info

from resolvers.catalogue import Category, Product
from resolvers.catalogue_inputs import (
    AdjustStockInput,
    CreateCategoryInput,
    CreateProductInput,
    UpdateProductInput,
    article,
    revision,
)
from resolvers.context import Context
from resolvers.inputs import check
from resolvers.problems import ALWAYS, CREATING, TAXING, StaleVersionProblem, answers, known
from resolvers.steps import shown
from services import catalogue, stocktaking


@strawberry.type(description="The category was made.")
class CreateCategorySuccess:
    """The category was made."""

    category: Category = strawberry.field(description="The category.")


@strawberry.type
class ProductNow:
    """What every step on a product answers with."""

    product: Product = strawberry.field(description="The product as it is now.")


@strawberry.type(description="The product was made and is offered.")
class CreateProductSuccess(ProductNow):
    """The product was made and is offered."""


@strawberry.type(description="The product was changed.")
class UpdateProductSuccess(ProductNow):
    """The product was changed."""


@strawberry.type(description="The stock was changed.")
class AdjustStockSuccess(ProductNow):
    """The stock was changed."""


REVISING = (*ALWAYS, StaleVersionProblem)


@strawberry.type
class OfferingMutation:
    """Steps in the catalogue."""

    @strawberry.mutation(graphql_type=answers(CreateCategorySuccess, *CREATING), description="Make a category.")
    async def create_category(self, info: Info[Context, None], input: CreateCategoryInput) -> CreateCategorySuccess:
        """A category."""
        check(input)
        parent = None if input.parent_id is None else known("Category", input.parent_id)
        category = await catalogue.create_category(
            info.context.actor,
            input.code,
            input.name_zh,
            input.name_en,
            parent,
            idempotency_key=input.idempotency_key,
        )
        return CreateCategorySuccess(category=shown(category))

    @strawberry.mutation(
        graphql_type=answers(CreateProductSuccess, *CREATING, *TAXING),
        description="Offer a product of the caller's company.",
    )
    async def create_product(self, info: Info[Context, None], input: CreateProductInput) -> CreateProductSuccess:
        """A product."""
        check(input)
        product = await catalogue.create_product(
            info.context.actor, article(input), idempotency_key=input.idempotency_key
        )
        return CreateProductSuccess(product=shown(product))

    @strawberry.mutation(
        graphql_type=answers(UpdateProductSuccess, *REVISING, *TAXING),
        description="Describe a product of the caller's company anew.",
    )
    async def update_product(self, info: Info[Context, None], input: UpdateProductInput) -> UpdateProductSuccess:
        """A product."""
        check(input)
        product = await catalogue.update_product(
            info.context.actor,
            known("Product", input.product_id),
            input.expected_version,
            revision(input),
            input.made_to_order,
        )
        return UpdateProductSuccess(product=shown(product))

    @strawberry.mutation(
        graphql_type=answers(AdjustStockSuccess, *REVISING), description="Say what came into stock, or went out of it."
    )
    async def adjust_stock(self, info: Info[Context, None], input: AdjustStockInput) -> AdjustStockSuccess:
        """A product."""
        check(input)
        product = await stocktaking.adjust_stock(
            info.context.actor,
            known("Product", input.product_id),
            input.expected_version,
            input.change,
            None if input.warehouse_id is None else known("Warehouse", input.warehouse_id),
            input.count,
            input.remark,
        )
        return AdjustStockSuccess(product=shown(product))
