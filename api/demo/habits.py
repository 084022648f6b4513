"""What the demo's companies have agreed on and keep beside their orders: addresses, a template, framework agreements."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

from api.demo.known import once
from api.demo.people import COMPANIES
from models import Address, FrameworkAgreement, OrderTemplate, Product
from models.transaction import transact
from rules.addresses import Destination
from rules.lifecycle import Side
from rules.money import Currency
from rules.people import Actor, CompanyKind
from services import clock
from services.addresses import AddressWish, create_address
from services.framing import Terms, propose_agreement, sign_agreement_proven
from services.templates import TemplateLine, create_order_template

FRAMING = ("haichuan", "liancheng")
"""Who signs framework agreements; the others go on signing each contract."""


async def settle_in(actors: dict[str, Actor], goods: dict[str, list[Product]]) -> None:
    """All of it, made where missing."""
    for cast in COMPANIES:
        if cast.kind is CompanyKind.BUYER:
            await _keep(actors[f"req@{cast.name}.demo"], cast.name, goods)
    await transact(lambda: _frame(actors))


async def _frame(actors: dict[str, Actor]) -> None:
    """Two agreements, of which one waits for the first signature and one for the second."""
    buyer = actors[f"sign@{FRAMING[0]}.demo"]
    if await FrameworkAgreement.visible_to(buyer).exists():
        return
    await _propose(actors, "demo-agreement-0001")
    signed = await _propose(actors, "demo-agreement-0002")
    await sign_agreement_proven(buyer, signed.id, signed.version, signed.sha256)


async def _keep(buyer: Actor, name: str, goods: dict[str, list[Product]]) -> None:
    """A second gate, which nothing goes to unless somebody says so, and what is needed every month."""
    gate = Destination("陈大库", "13800000000", "张江路88号 3号门", region_code="310115", postal_code="201203")
    key, wish = f"demo-address-{name}", AddressWish("三号门", gate, is_default=False)
    await once(Address, buyer, key, partial(create_address, buyer, wish, idempotency_key=key))
    supplier, offered = next(iter(goods.items()))
    lines = [TemplateLine(product.id, Decimal(int(product.minimum_quantity) * 10)) for product in offered[-2:]]
    key, what = f"demo-template-{name}", (f"每月耗材 {supplier}", offered[0].supplier_id, lines)
    await once(OrderTemplate, buyer, key, partial(create_order_template, buyer, *what, idempotency_key=key))


async def _propose(actors: dict[str, Actor], key: str) -> FrameworkAgreement:
    buyer, supplier = (actors[f"{role}@{name}.demo"] for role, name in zip(("req", "sales"), FRAMING, strict=True))
    first = clock.today("Asia/Shanghai")
    terms = Terms(
        Currency.CNY, first, first + timedelta(days=365), Decimal("1000.00"), Decimal("20000.00"), payment_net_days=30
    )
    return await propose_agreement(supplier, buyer.home, Side.SUPPLIER, terms, idempotency_key=key)
