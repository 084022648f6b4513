"""What a supplier's people do about their warehouses and what lies in them."""

from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.admissions import CompanyNow
from resolvers.catalogue_inputs import MOST, ProductStepInput
from resolvers.context import Context
from resolvers.inputs import Number, Text, check
from resolvers.offering import ProductNow
from resolvers.problems import (
    ALWAYS,
    CREATING,
    ConflictProblem,
    InvalidInputProblem,
    NotAllowedProblem,
    StaleVersionProblem,
    answers,
    known,
)
from resolvers.steps import KEY, Key, shown
from resolvers.stock import Warehouse
from rules.stock import StockPolicy
from services import stocktaking, warehouses

Remark = Annotated[str, Text(1, 200)]


@strawberry.input(description="A warehouse, with everything that is said of it.")
class WarehouseFieldsInput:
    """What a warehouse is."""

    code: Annotated[str, Text(1, 40)] = strawberry.field(
        description="What the company's books call it: 1 to 40 characters, once in the company, archived ones included."
    )
    name: Annotated[str, Text(1, 120)] = strawberry.field(description="What people call it: 1 to 120 characters.")
    address: Annotated[str, Text(1, 300)] | None = strawberry.field(
        default=None, description="Where it is, at most 300 characters."
    )
    stock_policy: StockPolicy | None = strawberry.field(
        default=None, description="How what lies there is kept for orders; as the company says unless said."
    )
    is_default: bool | None = strawberry.field(
        default=None,
        description="Whether it takes the place of the company's default warehouse; where nothing is said the first one does, "
        "and a changed one stays what it was.",
    )


@strawberry.input(description="A new warehouse of the caller's company.")
class CreateWarehouseInput(WarehouseFieldsInput):
    """A new warehouse."""

    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A warehouse, as it was read.")
class WarehouseStepInput:
    """Which warehouse."""

    warehouse_id: strawberry.ID = strawberry.field(description="The warehouse.")
    expected_version: int = strawberry.field(description="The version that was read.")


@strawberry.input(description="A warehouse, as it was read, and as it is to be: everything is replaced.")
class UpdateWarehouseInput(WarehouseFieldsInput, WarehouseStepInput):
    """A changed warehouse."""


@strawberry.input(description="How what the caller's company supplies is kept for orders.")
class SetStockPolicyInput:
    """A policy."""

    expected_version: int = strawberry.field(description="The version of the company that was read.")
    stock_policy: StockPolicy = strawberry.field(
        description="The policy, for what is kept from now on in warehouses that have none of their own."
    )


@strawberry.input(description="What goes from one warehouse of the caller's company to another.")
class TransferStockInput(ProductStepInput):
    """A transfer."""

    quantity: Annotated[Decimal, Number(above=0, most=MOST, places=6)] = strawberry.field(
        description="How many of the product's unit: more than 0, at most what may leave the first, with at most 6 decimals."
    )
    from_warehouse_id: strawberry.ID = strawberry.field(description="Where it lies.")
    to_warehouse_id: strawberry.ID = strawberry.field(description="Where it goes.")
    remark: Remark | None = strawberry.field(default=None, description="What to add, at most 200 characters.")


@strawberry.type
class WarehouseNow:
    """What a step on a warehouse answers with."""

    warehouse: Warehouse = strawberry.field(description="The warehouse as it is now.")


@strawberry.type(description="Goods may be kept in the warehouse.")
class CreateWarehouseSuccess(WarehouseNow):
    """A warehouse was made."""


@strawberry.type(description="The warehouse is changed; what is kept there stays kept.")
class UpdateWarehouseSuccess(WarehouseNow):
    """A warehouse was changed."""


@strawberry.type(description="The warehouse is out of use.")
class ArchiveWarehouseSuccess(WarehouseNow):
    """A warehouse was archived."""


@strawberry.type(description="The policy holds for what is kept from now on.")
class SetStockPolicySuccess(CompanyNow):
    """The policy is set."""


@strawberry.type(description="The goods are in the other warehouse.")
class TransferStockSuccess(ProductNow):
    """Goods were moved."""


def _wish(given: WarehouseFieldsInput) -> warehouses.WarehouseWish:
    return warehouses.WarehouseWish(given.code, given.name, given.address, given.stock_policy, given.is_default)


@strawberry.type
class StockingMutation:
    """Steps on warehouses and on what lies in them."""

    @strawberry.mutation(
        graphql_type=answers(CreateWarehouseSuccess, *CREATING),
        description="Make a warehouse; for ADMIN and WAREHOUSE of a company that supplies.",
    )
    async def create_warehouse(self, info: Info[Context, None], input: CreateWarehouseInput) -> CreateWarehouseSuccess:
        """A warehouse, made."""
        check(input)
        made = await warehouses.create_warehouse(
            info.context.actor, _wish(input), idempotency_key=input.idempotency_key
        )
        return CreateWarehouseSuccess(warehouse=shown(made))

    @strawberry.mutation(
        graphql_type=answers(UpdateWarehouseSuccess, *ALWAYS, StaleVersionProblem, ConflictProblem),
        description="Change a warehouse; for ADMIN and WAREHOUSE.",
    )
    async def update_warehouse(self, info: Info[Context, None], input: UpdateWarehouseInput) -> UpdateWarehouseSuccess:
        """A warehouse, changed."""
        check(input)
        warehouse = known("Warehouse", input.warehouse_id)
        changed = await warehouses.update_warehouse(info.context.actor, warehouse, input.expected_version, _wish(input))
        return UpdateWarehouseSuccess(warehouse=shown(changed))

    @strawberry.mutation(
        graphql_type=answers(ArchiveWarehouseSuccess, *ALWAYS, StaleVersionProblem),
        description="Take an empty warehouse out of use, for good; for ADMIN and WAREHOUSE.",
    )
    async def archive_warehouse(self, info: Info[Context, None], input: WarehouseStepInput) -> ArchiveWarehouseSuccess:
        """A warehouse, archived."""
        warehouse = known("Warehouse", input.warehouse_id)
        archived = await warehouses.archive_warehouse(info.context.actor, warehouse, input.expected_version)
        return ArchiveWarehouseSuccess(warehouse=shown(archived))

    @strawberry.mutation(
        graphql_type=answers(SetStockPolicySuccess, NotAllowedProblem, InvalidInputProblem, StaleVersionProblem),
        description="Say how stock is kept for orders; for ADMIN and SALES of a company that supplies.",
    )
    async def set_stock_policy(self, info: Info[Context, None], input: SetStockPolicyInput) -> SetStockPolicySuccess:
        """The company, with its policy."""
        company = await warehouses.set_stock_policy(info.context.actor, input.expected_version, input.stock_policy)
        return SetStockPolicySuccess(company=shown(company))

    @strawberry.mutation(
        graphql_type=answers(TransferStockSuccess, *ALWAYS, StaleVersionProblem),
        description="Move stock from one warehouse to another; for SALES and WAREHOUSE.",
    )
    async def transfer_stock(self, info: Info[Context, None], input: TransferStockInput) -> TransferStockSuccess:
        """The product, moved."""
        check(input)
        product = await stocktaking.transfer_stock(
            info.context.actor,
            known("Product", input.product_id),
            input.expected_version,
            input.quantity,
            known("Warehouse", input.from_warehouse_id),
            known("Warehouse", input.to_warehouse_id),
            input.remark,
        )
        return TransferStockSuccess(product=shown(product))
