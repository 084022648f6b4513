"""Two servers, and a buyer and a supplier who use both of them."""

from dataclasses import dataclass

from models import Order, Product
from resolvers.ids import encode_id
from tests.api.test_story import step
from tests.makers import make_key
from tests.order_makers import Parties, make_placed_order
from tests.processes import Fleet, Process

POST = step("postMessage", "said { id }")


@dataclass
class Scene:
    """The fleet, one buyer and one supplier."""

    fleet: Fleet
    parties: Parties
    goods: Product
    buyer: str
    colleague: str
    supplier: str

    async def placed(self) -> Order:
        """A new order on the supplier's desk."""
        return await make_placed_order(self.parties, goods=[self.goods])

    async def say(self, process: Process, order: Order, *texts: str) -> None:
        """The supplier's messages, one after the other, by way of this process."""
        for text in texts:
            said = {"orderId": shown(order), "text": text, "idempotencyKey": make_key()}
            posted = await process.caller(self.supplier).do(POST, **said)
            assert posted["__typename"] == "PostMessageSuccess", posted


def shown(order: Order) -> str:
    """The order's id as clients know it."""
    return encode_id("Order", order.id)
