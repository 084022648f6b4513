"""A schema in which everything goes wrong somewhere: the ground on which the two executors are compared."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cached_property
from typing import Annotated, Any, Generic, TypeVar

import strawberry
from tortoise import fields
from tortoise.models import Model

from resolvers.relations import derived, related, shows

T = TypeVar("T")


class Thing:
    """A row of some kind; what it lacks is missing, as a column that was not selected."""

    number: int

    def __init__(self, **columns: Any) -> None:
        self.__dict__.update(columns)

    @cached_property
    def twin(self) -> "Thing":
        """The next one."""
        return make_good(self.number + 1)  # type: ignore[no-any-return]

    @cached_property
    def parts(self) -> list[Any]:
        """Some of every kind, one of them of no kind at all now and then."""
        odd = [Thing(kind="odd")] if self.number % 6 == 5 else []
        return [self.twin, make_service(self.number), None, make_seller(self.number), *odd]


class Trader(Model):
    """Stands for a stored row: `shows` tells it by its class. Never saved."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=20, null=True)


@strawberry.enum(description="StrEnum, as our columns hold them.")
class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@strawberry.enum
class Grade(Enum):
    FINE = 1
    POOR = (2, "poor")


@strawberry.interface
class Named:
    name: str


@strawberry.interface
class Node:
    id: strawberry.ID


@strawberry.type
class Money:
    amount: Decimal
    currency: str | None


def _seller_or_its_like(number: int) -> Any:
    """Now and then something that has all that a seller has, and is none."""
    return make_seller(number) if number % 4 else Thing(id=number, name="nobody")


def _half_fails(row: Any) -> str:
    if row.number % 3 == 0:
        raise ValueError(f"no label for {row.number}")
    return f"label {row.number}"


async def goods_of(
    context: Any, parents: Sequence[Any], first: int = 2, colours: list[Colour] | None = None
) -> list[Any]:
    """Some parents' goods fail, some are null where they may not be."""
    answers: list[Any] = []
    for parent in parents:
        number = getattr(parent, "number", 0) or getattr(parent, "id", 0)
        match number % 5:
            case 3:
                answers.append(LookupError(f"goods of {number} are lost"))
            case 4:
                answers.append([make_good(number), None, make_good(number + 1)])
            case _:
                answers.append([make_good(number + step, colours) for step in range(min(first, 3))])
    return answers


async def seller_of(context: Any, parents: Sequence[Any]) -> list[Any]:
    """Every second has a seller."""
    return [make_seller(parent.number // 2) if parent.number % 2 else None for parent in parents]


async def broken(context: Any, parents: Sequence[Any]) -> list[Any]:
    """Fails for everybody."""
    raise RuntimeError("the shelf fell down")


async def crowd(context: Any, parents: Sequence[Any]) -> list[Any]:
    """Wrapper objects around rows, as a page is."""
    return [Page(items=[make_good(1), make_good(2)], next=make_seller(1)) for _ in parents]


@strawberry.type
class Good(Node, Named):
    """Interfaces, and a class that says itself what it takes."""

    number: int
    id: strawberry.ID
    name: str
    colour: Colour
    grade: Grade | None
    weight: float | None
    price: Decimal | None
    made_at: dt.datetime | None
    made_on: dt.date | None
    tags: list[str]
    grid: list[list[int | None]] | None
    maybe: int | None
    wrong: int | None
    label: str | None = derived(_half_fails)
    strict_label: str = derived(_half_fails)
    doubtful: "Seller | None" = derived(lambda row: _seller_or_its_like(row.number))
    cost: Money = derived(lambda row: Money(amount=row.price, currency="CNY" if row.number % 2 else None))
    costs: list[Money] | None = derived(lambda row, context: [Money(amount=Decimal(context), currency="X")] * 2)
    seller: "Seller | None" = related(seller_of)
    strict_seller: "Seller" = related(seller_of)
    goods: list["Good | None"] | None = related(goods_of)
    strict_goods: list["Good"] = related(goods_of)
    lost: list["Good"] | None = related(broken)
    page: "Page[Good]" = related(crowd)
    parts: list["Offer | None"] | None
    twin: "Good | None"

    @classmethod
    def is_type_of(cls, value: Any, info: Any) -> bool:
        return getattr(value, "kind", None) == "good"

    @strawberry.field
    def slow(self) -> str | None:
        return _half_fails(self)

    @strawberry.field
    async def neighbour(self, step: int = 1) -> "Good | None":
        if self.number > 6:
            raise ValueError(f"nobody beside {self.number}")
        return make_good(self.number + step)  # type: ignore[no-any-return]


@strawberry.type
@shows(Trader)
class Seller(Node, Named):
    """Told by the class of the row."""

    id: strawberry.ID
    name: str
    goods: list[Good] | None = related(goods_of)
    shout: str = derived(lambda row: row.name.upper())


@strawberry.type
class Service(Named):
    """A plain Strawberry object."""

    name: str
    hours: int | None
    by: "Seller | None"


@strawberry.type
class Page(Generic[T]):
    """A wrapper, as connections are."""

    items: list[T]
    next: Seller | None


Offer = Annotated[Good | Service | Seller, strawberry.union("Offer")]


def make_seller(number: int) -> Any:
    """A seller; number 2 has no name, which no seller may lack."""
    return Trader(id=number, name=None if number == 2 else f"seller {number}")


def make_good(number: int, colours: Any = None) -> Any:
    """A good whose faults follow from its number."""
    good = Thing(
        kind="good",
        asked=colours,
        number=number,
        id=str(number),
        name=f"good {number}",
        colour=["red", Colour.BLUE][number % 2],
    )
    good.__dict__.update(grade=[1, Grade.POOR, None][number % 3], weight=[0.5, 2, None, float("nan")][number % 4])
    good.__dict__.update(
        price=Decimal(number) / 4 if number % 4 else None, maybe=number or None, wrong=[2**40, 1, "x"][number % 3]
    )
    good.__dict__.update(made_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), made_on=dt.date(2026, 1, number % 20 + 1))
    good.__dict__.update(
        tags=["a", "b"] if number % 4 else ["a", None], grid=[[1, None], [], [number]] if number % 3 else [None]
    )
    if number % 7 == 6:
        del good.__dict__["name"]
    return good


def make_service(number: int) -> Service:
    """A service, offered by somebody."""
    return Service(name=f"service {number}", hours=number or None, by=make_seller(number))


ONE = strawberry.ID("1")


@strawberry.type
class Query:
    @strawberry.field
    async def goods(self, first: int = 3) -> list[Good] | None:
        return [make_good(number) for number in range(1, min(max(first, 0), 8) + 1)]

    @strawberry.field
    def good(self, number: int = 1) -> Good | None:
        return make_good(number % 50)  # type: ignore[no-any-return]

    @strawberry.field
    async def page(self) -> Page[Good]:
        shared = make_good(2)
        return Page(items=[shared, make_good(5), shared], next=make_seller(3))

    @strawberry.field
    async def node(self, id: strawberry.ID = ONE) -> Node | None:
        number = sum(map(ord, id)) % 9
        return make_good(number) if number % 2 else make_seller(number)  # type: ignore[no-any-return]

    @strawberry.field
    def named(self) -> list[Named | None]:
        return [make_good(1), make_seller(2), make_service(3), None, make_good(8)]

    @strawberry.field
    async def offers(self, colour: Colour = Colour.RED) -> list[Offer] | None:
        return [make_service(1), make_good(4), make_seller(7), make_service(0)]

    @strawberry.field
    def shelves(self) -> list[list[Good | None] | None] | None:
        return [[make_good(1), None], None, [], [make_good(2), make_good(9)]]

    @strawberry.field
    def once(self) -> list[Seller]:
        return (make_seller(number) for number in (1, 3))  # type: ignore[return-value]  # can be read once

    @strawberry.field
    def fails(self) -> Good | None:
        raise PermissionError("closed today")


schema = strawberry.Schema(Query)
