"""Lists and files that an example gives for a draft: of its supplier's goods, made for the moment."""

import io
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from tortoise.models import Model

from models import Address, Attachment, Order, OrderLine, Product
from models.base import new_id
from resolvers.ids import encode_id
from rules.files import CSV, TEXT, FileType
from rules.people import Actor
from rules.quantity import plain
from services.attaching import Upload, upload_attachment

MOST_GOODS = 3


async def wish(lines: Sequence[OrderLine]) -> list[dict[str, Any]]:
    """The same goods, each ten times its minimum quantity."""
    products = await Product.named(line.product_id for line in lines)
    goods = [products[line.product_id] for line in lines]
    return [{"productId": shown(one), "quantity": shown(one.minimum_quantity * 10)} for one in goods]


async def _elsewhere(actor: Actor, draft: Order) -> list[dict[str, Any]] | None:
    """The same, the first of them to where the company's book says; nothing while the book or the draft is empty."""
    address = await Address.visible_to(actor).order_by("-id").first()
    goods = await wish(await OrderLine.of(draft.id))
    if address is None or not goods:
        return None
    return [{**goods[0], "deliveryAddressId": shown(address)}, *goods[1:]]


async def _pasted(actor: Actor, draft: Order) -> str | None:
    """Three rows as somebody might type them; the last one's article number is not written as the supplier writes it."""
    goods = await _goods(actor, draft)
    if len(goods) < MOST_GOODS:
        return None
    tabs, commas, wrong = goods
    return (
        f"{tabs.sku}\t{plain(tabs.minimum_quantity)}\n"
        f"{commas.sku}，{plain(commas.minimum_quantity)}\n"
        f"{wrong.sku.lower()} {plain(wrong.minimum_quantity)}"
    )


async def _sheet(actor: Actor, draft: Order) -> Attachment:
    """An uploaded list of the same goods."""
    rows = [f"{one.sku},{plain(one.minimum_quantity)}" for one in await _goods(actor, draft)]
    return await _uploaded(actor, f"{draft.number}.csv", "\n".join(["货号,数量", *rows]), CSV)


async def _note(actor: Actor, draft: Order) -> Attachment:
    """An uploaded text that may be hung on the draft."""
    return await _uploaded(actor, f"{draft.number}.txt", "卸货请走三号门。 Please unload at gate 3.", TEXT)


async def _goods(actor: Actor, draft: Order) -> list[Product]:
    """Three articles of the draft's supplier that are made to order, so that there is enough of them."""
    offered = Product.visible_to(actor).filter(supplier_id=draft.supplier_id, is_active=True)
    return await offered.filter(stock_on_hand__isnull=True, currency=draft.currency).order_by("sku").limit(MOST_GOODS)


async def _uploaded(actor: Actor, name: str, text: str, kind: FileType) -> Attachment:
    """The file of this name that hangs on nothing yet; uploaded now where there is none, to be tidied away if nobody uses it."""
    loose = await Attachment.visible_to(actor).filter(name=name, order_id__isnull=True).first()
    if loose is not None:
        return loose
    content = text.encode()
    upload = Upload(name, kind.media_type, len(content), sha256(content).hexdigest())
    return await upload_attachment(actor, upload, io.BytesIO(content), idempotency_key=f"example-{new_id().hex}")


FOR_DRAFTS: Mapping[str, Callable[[Actor, Order], Awaitable[Any]]] = {
    "elsewhere": _elsewhere,
    "pasted": _pasted,
    "sheet": _sheet,
    "note": _note,
}


def shown(found: Any) -> Any:
    """As the API would show it: a row by its id, an exact number as text."""
    if isinstance(found, Model):
        return encode_id(type(found).__name__, found.pk)
    if isinstance(found, date):
        return found.isoformat()
    return plain(found) if isinstance(found, Decimal) else found
