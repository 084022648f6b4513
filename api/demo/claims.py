"""What goes wrong with the demo's goods, and how they are packed: stories of one buyer and one supplier, told after all others."""

from decimal import Decimal

from api.demo.plot import Plot
from api.demo.stories import Story, arrived, completed, under_way
from models import OrderLine, ReturnRequest, Shipment
from rules.acceptance import GoodsFault
from rules.packing import Box, PackageType
from rules.people import Actor
from rules.quantity import Inspection
from rules.returns import Resolution
from services.companies import set_gs1_company_prefix
from services.objecting import dispute_shipment
from services.packages import PackageWish
from services.packing import pack_shipment
from services.receiving import receive_shipment
from services.register import open_own_company
from services.returning import ReturnWish, dispute_return, request_return, ship_back_return
from services.taking_back import approve_return, reject_return, resolve_return, take_back_return

PAIR = ("mingyuan", "henggu")
PREFIX = "6901234"
"""What the supplier's SSCCs begin with: in the range of GS1 China, and nobody's that the demo knows of."""


async def packed(plot: Plot) -> None:
    """Goods on their way: each article in a carton of its own, with numbers of the supplier's."""
    await under_way(plot)
    shipment = await _shipment(plot, plot.of_supplier("wh"))
    cartons = [
        PackageWish(
            PackageType.CT,
            ((line.order_line_id, line.despatched),),
            gross_weight=Decimal("18.400") + place,
            box=Box(Decimal(60), Decimal(40), Decimal("35.5")),
        )
        for place, line in enumerate(await shipment.lines.all().order_by("position"))
    ]
    await pack_shipment(plot.of_supplier("wh"), shipment.id, shipment.version, cartons)


async def disputed(plot: Plot) -> None:
    """The buyer says that something is wrong before it has looked at everything."""
    await arrived(plot)
    actor = plot.of_buyer("wh")
    shipment = await _shipment(plot, actor)
    await dispute_shipment(actor, shipment.id, shipment.version, "外箱受潮，待开箱确认。")


async def partly_received(plot: Plot) -> None:
    """The first article was inspected, and one piece of it rejected; the other waits."""
    await arrived(plot)
    actor = plot.of_buyer("wh")
    shipment = await _shipment(plot, actor)
    first, *_ = await shipment.lines.all().order_by("position")
    found = Inspection(first.despatched - 1, rejected=Decimal(1), fault=GoodsFault.DAMAGED)
    await receive_shipment(actor, shipment.id, shipment.version, {first.order_line_id: found}, is_partial=True)


async def claimed(plot: Plot) -> None:
    """Four pieces are claimed: two wait for the supplier's answer, one may be sent back, one is on its way back."""
    await completed(plot)
    await _claim(plot, 1)
    await _allowed(plot, 2)
    await _shipped_back(plot, await _allowed(plot, 3))
    await _claim(plot, 4)


async def quarrelled(plot: Plot) -> None:
    """Three pieces are claimed: one came back, one was refused, one waits for the operator's word."""
    await completed(plot)
    await _taken_back(plot, await _shipped_back(plot, await _allowed(plot, 1)))
    await _refused(plot, 2)
    one = await _refused(plot, 3)
    await dispute_return(plot.of_buyer("req"), one.id, one.version, "照片可以证明是制造缺陷。")


async def replacing(plot: Plot) -> None:
    """A piece came back, and another one is owed in its place."""
    await completed(plot)
    one = await _taken_back(plot, await _shipped_back(plot, await _allowed(plot, 1)))
    await resolve_return(plot.of_supplier("sales"), one.id, one.version, Resolution.REPLACE)


# What arrived and is not inspected comes last, so that examples which inspect goods find it first.
CLAIMS: tuple[Story, ...] = (packed, claimed, quarrelled, replacing, disputed, partly_received, arrived)


async def number_packages(admin: Actor) -> None:
    """From now on the supplier's packages have numbers, unless it set its prefix before."""
    company = await open_own_company(admin)
    if company.gs1_company_prefix is None:
        await set_gs1_company_prefix(admin, company.version, PREFIX)


async def _shipment(plot: Plot, actor: Actor) -> Shipment:
    return await Shipment.visible_to(actor).get(order_id=plot.order.id)


async def _claim(plot: Plot, number: int) -> ReturnRequest:
    """One piece of the first article."""
    line, *_ = await OrderLine.of(plot.order.id)
    piece = (ReturnWish(line.id, Decimal(1), GoodsFault.DEFECTIVE),)
    key = f"{plot.key}-return-{number}"
    return await request_return(
        plot.of_buyer("req"),
        plot.order.id,
        None,
        piece,
        "螺纹损坏，无法使用。",
        Resolution.REPLACE,
        idempotency_key=key,
    )


async def _allowed(plot: Plot, number: int) -> ReturnRequest:
    one = await _claim(plot, number)
    return await approve_return(plot.of_supplier("sales"), one.id, one.version)


async def _refused(plot: Plot, number: int) -> ReturnRequest:
    one = await _claim(plot, number)
    return await reject_return(plot.of_supplier("sales"), one.id, one.version, "属使用不当，不在质保范围内。")


async def _shipped_back(plot: Plot, one: ReturnRequest) -> ReturnRequest:
    waybill = f"RT{plot.key[-4:]}{one.number[-4:]}"
    return await ship_back_return(plot.of_buyer("wh"), one.id, one.version, "顺丰速运", waybill)


async def _taken_back(plot: Plot, one: ReturnRequest) -> ReturnRequest:
    return await take_back_return(plot.of_supplier("wh"), one.id, one.version, {})
