"""Article numbers as a buyer has them, against what a supplier offers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from anyio import CapacityLimiter, to_thread

from models import Product
from rules.people import Actor
from rules.skus import same_or_near

# Thousands of numbers against a large catalogue may take a core for seconds: two at a time, and the others wait.
_COMPARING = CapacityLimiter(2)


@dataclass(frozen=True)
class SkuMatches:
    """The products by the numbers that name them exactly, and what was probably meant by some of the others."""

    products: Mapping[str, Product]
    meant: Mapping[str, str]


async def match_skus(actor: Actor, supplier: UUID, skus: Iterable[str]) -> SkuMatches:
    """What the supplier offers under these numbers, in two statements however many they are."""
    wanted = frozenset(skus)
    products = await Product.called(actor, supplier, wanted)
    unknown = wanted - products.keys()
    if not unknown:
        return SkuMatches(products, {})
    offered = await Product.skus_of(actor, supplier)
    return SkuMatches(products, await to_thread.run_sync(same_or_near, unknown, offered, limiter=_COMPARING))
