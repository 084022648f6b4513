"""Makes the demo, or what of it is still missing."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import cycle

from api.demo.budgets import budget
from api.demo.claims import CLAIMS, PAIR, number_packages
from api.demo.commission import ask_commission
from api.demo.enquiries import enquire
from api.demo.goods import SCARCE, stock_up
from api.demo.habits import settle_in
from api.demo.online import PAIR as ONLINE
from api.demo.online import Opens, tell_paid_online
from api.demo.people import COMPANIES, OPERATOR, enter
from api.demo.prices import put_prices
from api.demo.stores import SUPPLIER, open_stores, spread
from api.demo.stories import STORIES, Story, tell
from models import ApprovalRule, Company, Product
from models.transaction import transact
from rules.money import Currency
from rules.people import Actor, CompanyKind
from services import passwords
from services.companies import Limit, set_approval_threshold
from services.drafting import LineWish

THRESHOLD = Decimal("10000.00")
ONLINE_PLACE = 200
"""What it is about follows from its place, as with the others; it is none of theirs, so that theirs stay."""


async def make_demo(progress: Callable[[str, int, int], None] = lambda *_: None, opens: Opens | None = None) -> None:
    """Companies, people, goods, seventy-four orders, two enquiries, and what they keep beside; what exists already stays as it is.

    `progress` is told what, how many of how many. `opens` opens a till, at which one more order is paid online.
    """
    progress("people", 0, 1)
    with passwords.cheaply():
        actors = await enter()
    await _set_thresholds(actors)
    await ask_commission(actors[OPERATOR])
    progress("goods", 0, 1)
    stores = await open_stores(actors)
    goods = await stock_up(actors)
    await spread(actors, stores, goods[SUPPLIER])
    centres = {cast.name: await budget(actors, cast.name) for cast in COMPANIES if cast.kind is CompanyKind.BUYER}
    await transact(lambda: number_packages(actors[f"admin@{PAIR[1]}.demo"]))
    if opens is not None:  # first, so that examples find those that visitors can go on with before it
        await tell_paid_online(actors, _lines(goods[ONLINE[1]], ONLINE_PLACE, is_large=False), opens)
    plots = list(_plots(goods))
    for done, (key, story, pair, lines) in enumerate(plots, 1):
        await tell(key, story, actors, pair, lines, [*centres[pair[0]], None][done // 2 % 3])
        progress("orders", done, len(plots))
    await enquire(actors)
    await settle_in(actors, goods)
    await put_prices(actors, goods)


async def _set_thresholds(actors: dict[str, Actor]) -> None:
    for cast in COMPANIES:
        admin = actors[f"admin@{cast.name}.demo"]
        company = await Company.named(admin.home)
        if cast.kind is CompanyKind.BUYER and await ApprovalRule.threshold_of(company.id) is None:
            await set_approval_threshold(admin, company.version, Limit(THRESHOLD, Currency.CNY))


def _plots(goods: dict[str, list[Product]]) -> Iterator[tuple[str, Story, tuple[str, str], list[LineWish]]]:
    buyers = cycle(cast.name for cast in COMPANIES if cast.kind is CompanyKind.BUYER)
    suppliers = cycle(goods)
    place = 0
    for story, times, is_large in STORIES:
        for _ in range(times):
            place += 1
            supplier = next(suppliers)
            yield f"demo-order-{place:04d}", story, (next(buyers), supplier), _lines(goods[supplier], place, is_large)
    for story in CLAIMS:
        place += 1
        # Two articles each, so that one can be looked at before the other.
        yield f"demo-order-{place:04d}", story, PAIR, _lines(goods[PAIR[1]], 3 * place + 1, is_large=False)


def _lines(offered: list[Product], place: int, is_large: bool) -> list[LineWish]:
    """One to three articles; a large order passes the buyer's threshold."""
    plenty = [product for product in offered if product.stock_on_hand != product.minimum_quantity * SCARCE]
    chosen = [plenty[(place * 7 + step * 11) % len(plenty)] for step in range(1 + place % 3)]
    return [
        LineWish(product.id, Decimal(int(product.minimum_quantity) * _times(product, is_large))) for product in chosen
    ]


def _times(product: Product, is_large: bool) -> int:
    price = product.list_price * product.minimum_quantity
    return max(int(Decimal(12_000) / price) + 1, 1) if is_large else max(int(Decimal(1_500) / price), 1)
