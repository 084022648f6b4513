"""Which products somebody looks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from tortoise.expressions import F
from tortoise.queryset import QuerySet

from models.catalogue import Product
from rules.money import Currency


@dataclass(frozen=True, kw_only=True)
class ProductSearch:
    """Conditions that must all hold; what is None does not narrow."""

    words: Sequence[str] | None = None
    supplier: UUID | None = None
    categories: Sequence[UUID] | None = None
    currency: Currency | None = None
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    in_stock: bool = False

    def among(self, products: "QuerySet[Product]") -> "QuerySet[Product]":
        """Those that fit. Words are looked up in the GIN index, which takes them as they are: no sign in them means anything."""
        conditions = {
            "words__contains": self.words,
            "supplier_id": self.supplier,
            "category_id__in": self.categories,
            "currency": self.currency,
            "list_price__gte": self.price_from,
            "list_price__lte": self.price_to,
            # As rules.availability tells it: enough for the smallest order.
            "stock_on_hand__gte": F("stock_reserved") + F("minimum_quantity") if self.in_stock else None,
        }
        return products.filter(**{name: value for name, value in conditions.items() if value is not None})
