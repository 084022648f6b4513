"""What the demo's suppliers offer: 200 articles in ten categories, each four kinds in five sizes."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from models import Product
from rules.money import Currency
from rules.people import Actor
from rules.units import Unit
from services.catalogue import Article, Property, create_category, create_product

VAT = Decimal("0.13")
PLENTY, SCARCE = 5_000, 3
"""How many times its minimum quantity of an article lies in stock."""


@dataclass(frozen=True)
class Shelf:
    """One category of one supplier: what it is called, what it holds, in which sizes, and what one costs about."""

    supplier: str
    code: str
    zh: str
    en: str
    unit: Unit
    price: str
    minimum: int
    kinds: tuple[tuple[str, str, str], ...]
    sizes: tuple[str, ...]
    material: tuple[str, str]


# fmt: off
SHELVES = (
    Shelf("henggu", "BOLT", "螺栓", "Bolts", Unit.H87, "0.28", 100,
          (("HEX", "外六角螺栓", "Hexagon bolt"), ("SOC", "内六角螺栓", "Socket head bolt"), ("CAR", "马车螺栓", "Carriage bolt"), ("FLA", "法兰螺栓", "Flange bolt")),
          ("M6x20", "M8x20", "M8x40", "M10x50", "M12x60"), ("不锈钢 A2-70", "Stainless steel A2-70")),
    Shelf("henggu", "NUT", "螺母", "Nuts", Unit.H87, "0.09", 200,
          (("HEX", "六角螺母", "Hexagon nut"), ("LOC", "尼龙锁紧螺母", "Nylon lock nut"), ("CAP", "盖形螺母", "Cap nut"), ("WIN", "蝶形螺母", "Wing nut")),
          ("M5", "M6", "M8", "M10", "M12"), ("碳钢镀锌", "Zinc plated steel")),
    Shelf("henggu", "WASH", "垫圈", "Washers", Unit.H87, "0.03", 500,
          (("FLT", "平垫圈", "Plain washer"), ("SPR", "弹簧垫圈", "Spring washer"), ("SER", "锯齿垫圈", "Serrated washer"), ("SQU", "方垫圈", "Square washer")),
          ("M5", "M6", "M8", "M10", "M12"), ("弹簧钢 65Mn", "Spring steel 65Mn")),
    Shelf("henggu", "BEAR", "轴承", "Bearings", Unit.H87, "18.60", 10,
          (("DGB", "深沟球轴承", "Deep groove ball bearing"), ("TRB", "圆锥滚子轴承", "Tapered roller bearing"), ("NEE", "滚针轴承", "Needle bearing"), ("THR", "推力球轴承", "Thrust ball bearing")),
          ("6203", "6204", "6205", "6206", "6208"), ("轴承钢 GCr15", "Bearing steel GCr15")),
    Shelf("huatai", "CABLE", "电缆", "Cables", Unit.MTR, "6.40", 100,
          (("RVV", "护套软电缆", "Sheathed flexible cable"), ("YJV", "交联电力电缆", "XLPE power cable"), ("KVV", "控制电缆", "Control cable"), ("BVR", "单芯软线", "Single core wire")),
          ("2x1.5", "3x2.5", "4x4", "5x6", "4x10"), ("无氧铜", "Oxygen-free copper")),
    Shelf("huatai", "SWITCH", "断路器", "Circuit breakers", Unit.H87, "32.00", 5,
          (("MCB", "微型断路器", "Miniature circuit breaker"), ("RCD", "漏电保护器", "Residual current breaker"), ("MCC", "塑壳断路器", "Moulded case breaker"), ("ISO", "隔离开关", "Isolating switch")),
          ("C10", "C16", "C25", "C40", "C63"), ("阻燃 PA66", "Flame retardant PA66")),
    Shelf("huatai", "MOTOR", "电机", "Motors", Unit.H87, "680.00", 1,
          (("Y2", "三相异步电机", "Three-phase motor"), ("SRV", "伺服电机", "Servo motor"), ("STP", "步进电机", "Stepper motor"), ("GEA", "减速电机", "Gear motor")),
          ("0.37kW", "0.75kW", "1.5kW", "2.2kW", "4kW"), ("铸铁机座", "Cast iron frame")),
    Shelf("huatai", "SENSOR", "传感器", "Sensors", Unit.H87, "46.00", 5,
          (("PRX", "接近开关", "Proximity switch"), ("PHO", "光电开关", "Photoelectric switch"), ("TMP", "温度传感器", "Temperature sensor"), ("PRS", "压力传感器", "Pressure sensor")),
          ("NPN-12", "PNP-12", "NPN-18", "PNP-18", "PNP-30"), ("镀镍黄铜", "Nickel plated brass")),
    Shelf("liancheng", "CARTON", "纸箱", "Cartons", Unit.H87, "3.20", 50,
          (("RSC", "瓦楞纸箱", "Corrugated carton"), ("FOL", "折叠纸箱", "Folding carton"), ("HVY", "重型纸箱", "Heavy duty carton"), ("MAI", "飞机盒", "Mailer box")),
          ("200x150x100", "300x200x150", "400x300x200", "500x400x300", "600x400x400"), ("五层 BC 瓦楞", "Double wall BC flute")),
    Shelf("liancheng", "FILM", "薄膜与胶带", "Films and tapes", Unit.XRO, "9.80", 12,
          (("STR", "缠绕膜", "Stretch film"), ("BUB", "气泡膜", "Bubble wrap"), ("TAP", "封箱胶带", "Packing tape"), ("KRA", "牛皮纸胶带", "Kraft paper tape")),
          ("48mm", "60mm", "300mm", "500mm", "1000mm"), ("聚乙烯", "Polyethylene")),
)
# fmt: on


async def stock_up(actors: dict[str, Actor]) -> dict[str, list[Product]]:
    """Every category and article, made where missing, by supplier."""
    offered: dict[str, list[Product]] = {}
    for shelf in SHELVES:
        category = await create_category(
            actors["op@platform.demo"], shelf.code, shelf.zh, shelf.en, idempotency_key=f"demo-category-{shelf.code}"
        )
        seller = actors[f"sales@{shelf.supplier}.demo"]
        for article in _articles(shelf, category.id):
            made = await create_product(seller, article, idempotency_key=f"demo-product-{article.sku}")
            offered.setdefault(shelf.supplier, []).append(made)
    return offered


def _articles(shelf: Shelf, category_id: UUID) -> Iterator[Article]:
    for k, (short, zh, en) in enumerate(shelf.kinds):
        for s, size in enumerate(shelf.sizes):
            price = Decimal(shelf.price) * (10 + 3 * k) / 10 * (2 + s) / 2
            yield Article(
                category_id=category_id,
                sku=f"{shelf.code}-{short}-{size}".upper(),
                name_zh=f"{zh} {size}",
                name_en=f"{en} {size}",
                specification=(Property("Size / 规格", size), Property("Material / 材质", " · ".join(shelf.material))),
                unit=shelf.unit,
                list_price=price.quantize(Decimal("0.0001")),
                currency=Currency.CNY,
                tax_rate=VAT,
                minimum_quantity=Decimal(shelf.minimum),
                quantity_step=Decimal(shelf.minimum),
                lead_time_days=5 + 2 * k,
                # The last kind of each shelf is made to order; the first size is scarce.
                stock_on_hand=None if k == len(shelf.kinds) - 1 else Decimal(shelf.minimum * (PLENTY if s else SCARCE)),
            )
