"""What suppliers have on their shelves: kept for an order when it is signed, gone when it is despatched."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from models import ContractLine, Order, OrderLine, Product
from rules.problems import QuantityExceeded
from rules.quantity import LineQuantities


async def reserve(order: Order, quantities: Mapping[UUID, Decimal]) -> None:
    """Keep stock for the lines; what is reserved beyond the shelf waits for the next delivery to it."""
    for _line, product, quantity in await _stocked(order, quantities):
        product.stock_reserved += quantity
        await product.save(update_fields=["stock_reserved"])


async def release(order: Order, quantities: Mapping[UUID, Decimal]) -> None:
    """Keep so much less for the lines: others may have it."""
    for _line, product, quantity in await _stocked(order, quantities):
        product.stock_reserved = max(product.stock_reserved - quantity, Decimal(0))
        await product.save(update_fields=["stock_reserved"])


async def take(order: Order, quantities: Mapping[UUID, Decimal], booked: Mapping[UUID, LineQuantities]) -> None:
    """Take goods off the shelf before they are booked as despatched; QuantityExceeded where the shelf holds less."""
    for line, product, quantity in await _stocked(order, quantities):
        on_hand = product.stock_on_hand or Decimal(0)
        if quantity > on_hand:
            raise QuantityExceeded(line.position, quantity, on_hand)
        product.stock_on_hand = on_hand - quantity
        # What replaces goods that fell short was never kept for this order: what is kept for others stays theirs.
        kept = max(booked[line.id].agreed - booked[line.id].despatched, Decimal(0))
        product.stock_reserved = max(product.stock_reserved - min(quantity, kept), Decimal(0))
        await product.save(update_fields=["stock_on_hand", "stock_reserved"])


async def put_back(order: Order, quantities: Mapping[UUID, Decimal], booked: Mapping[UUID, LineQuantities]) -> None:
    """Goods that did not leave are on the shelf again, and kept for the order as far as they are agreed; `booked` no longer counts them."""
    for line, product, quantity in await _stocked(order, quantities):
        kept = max(booked[line.id].agreed - booked[line.id].despatched, Decimal(0))
        product.stock_on_hand = (product.stock_on_hand or Decimal(0)) + quantity
        product.stock_reserved += min(quantity, kept)
        await product.save(update_fields=["stock_on_hand", "stock_reserved"])


async def _stocked(order: Order, quantities: Mapping[UUID, Decimal]) -> list[tuple[OrderLine, Product, Decimal]]:
    """The lines whose agreed product is kept in stock, the products locked in the order of their ids, so that nobody deadlocks."""
    lines = {line.id: line for line in await OrderLine.of(order.id) if line.id in quantities}
    agreed = await ContractLine.products(order.id)
    products = await Product.locked({agreed[line] for line in lines})
    return [
        (line, product, quantities[line.id])
        for line in lines.values()
        if (product := products[agreed[line.id]]).stock_on_hand is not None
    ]
