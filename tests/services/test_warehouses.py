"""A supplier's own people keep its warehouses: one is always the default one, and what holds goods is not archived."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from models import Company, Event, Warehouse
from models.base import new_id
from rules.people import COMPANY_ROLES, Actor, CompanyKind, Role
from rules.problems import Conflict, InvalidInput, NotAllowed, NotFound, StaleVersion
from rules.stock import DEFAULT_POLICY, StockPolicy
from services.warehouses import (
    WarehouseWish,
    archive_warehouse,
    create_warehouse,
    set_stock_policy,
    update_warehouse,
)
from tests.makers import make_actor, make_company, make_key, make_platform, make_product
from tests.races import at_once
from tests.stock_makers import by_warehouse, make_stock, make_warehouse

pytestmark = pytest.mark.usefixtures("database")
Step = Callable[[Actor, Any, int], Awaitable[object]]
STEPS: list[Step] = [
    lambda actor, warehouse, version: update_warehouse(actor, warehouse, version, WarehouseWish("X", "X")),
    archive_warehouse,
]


@pytest.fixture
async def keeper(database: str) -> Actor:
    """Somebody who sells and keeps the stock of a supplier."""
    return await make_actor(await make_company(CompanyKind.SUPPLIER), Role.WAREHOUSE, Role.SALES)


async def codes(actor: Actor) -> dict[str, bool]:
    """The warehouses of the actor's company, and whether each is the default one."""
    return {one.code: one.is_default for one in await Warehouse.visible_to(actor).order_by("code")}


async def test_whoever_keeps_stock_has_a_first_warehouse_without_asking(keeper: Actor) -> None:
    await make_product(keeper, stock_on_hand=None)
    assert await codes(keeper) == {}
    await make_product(keeper)
    await make_product(keeper)
    assert await codes(keeper) == {"MAIN": True}


async def test_two_first_products_at_once_make_one_first_warehouse(keeper: Actor) -> None:
    done, refused = await at_once(*(make_product(keeper) for _ in range(3)))
    assert (len(done), refused, await codes(keeper)) == (3, [], {"MAIN": True})


async def test_the_first_is_the_default_until_another_takes_its_place(keeper: Actor) -> None:
    first, second = await make_warehouse(keeper, "A"), await make_warehouse(keeper, "B")
    assert await codes(keeper) == {"A": True, "B": False}
    await update_warehouse(keeper, second.id, second.version, WarehouseWish("B", "B", is_default=True))
    assert await codes(keeper) == {"A": False, "B": True}
    third = await make_warehouse(keeper, "C", is_default=True, address="Ningbo", stock_policy=DEFAULT_POLICY)
    assert (third.address, third.stock_policy) == ("Ningbo", "RESERVE_AT_SIGNATURE")
    assert await codes(keeper) == {"A": False, "B": False, "C": True}
    with pytest.raises(InvalidInput):
        await update_warehouse(keeper, third.id, third.version, WarehouseWish("C", "C", is_default=False))
    kept = await update_warehouse(keeper, third.id, third.version, WarehouseWish("D", "Dock"))
    assert (kept.is_default, kept.name, kept.address, kept.stock_policy) == (True, "Dock", None, None)
    events = await Event.filter(stream=first.id).order_by("seq")
    assert [(one.seq, one.kind, one.readers) for one in events] == [
        (1, "WAREHOUSE_CHANGED", [keeper.home]),
        (2, "WAREHOUSE_CHANGED", [keeper.home]),
    ]


async def test_a_code_is_taken_once_in_a_company(keeper: Actor) -> None:
    await make_warehouse(keeper, "A")
    gone = await make_warehouse(keeper, "B")
    await archive_warehouse(keeper, gone.id, gone.version)
    third = await make_warehouse(keeper, "C")
    for code in ("A", "B"):
        with pytest.raises(Conflict) as refused:
            await make_warehouse(keeper, code)
        assert refused.value.field == "code"
        with pytest.raises(Conflict):
            await update_warehouse(keeper, third.id, third.version, WarehouseWish(code, "x"))
    await make_warehouse(await make_actor(await make_company(CompanyKind.SUPPLIER), Role.WAREHOUSE), "A")


async def test_a_double_click_makes_one(keeper: Actor) -> None:
    key = make_key()
    done, refused = await at_once(
        *(create_warehouse(keeper, WarehouseWish("A", "A"), idempotency_key=key) for _ in range(3))
    )
    assert ({one.id for one in done}, refused) == ({done[0].id}, [])
    assert await codes(keeper) == {"A": True}


async def test_what_holds_goods_or_is_the_default_is_not_archived(keeper: Actor) -> None:
    bolts = await make_product(keeper)
    second, main = await make_warehouse(keeper, "B"), await Warehouse.get(company_id=keeper.home, code="MAIN")
    await make_stock(keeper, bolts, "1", second)
    for full in (second, main):
        with pytest.raises(InvalidInput):
            await archive_warehouse(keeper, full.id, full.version)
    await make_stock(keeper, bolts, "-1", second)
    gone = await archive_warehouse(keeper, second.id, second.version)
    assert gone.archived_at is not None
    for step in STEPS:
        with pytest.raises(InvalidInput):
            await step(keeper, second.id, gone.version)
    with pytest.raises(InvalidInput):
        await make_stock(keeper, bolts, "1", second)


async def test_nothing_is_put_into_a_warehouse_while_it_is_archived(keeper: Actor) -> None:
    bolts, second = await make_product(keeper), await make_warehouse(keeper, "B")
    done, refused = await at_once(
        make_stock(keeper, bolts, "1", second), archive_warehouse(keeper, second.id, second.version)
    )
    assert (len(done), [type(problem) for problem in refused]) == (1, [InvalidInput])
    there = (await by_warehouse(bolts)).get("B", (0, 0))[0]
    assert bool(there) is ((await Warehouse.get(id=second.id)).archived_at is None)


@pytest.mark.parametrize("step", STEPS)
async def test_what_is_not_one_s_own_is_not_there_and_what_was_read_before_is_stale(step: Step, keeper: Actor) -> None:
    warehouse = await make_warehouse(keeper)
    rival = await make_actor(await make_company(CompanyKind.SUPPLIER), Role.WAREHOUSE)
    for id_ in (warehouse.id, new_id()):
        with pytest.raises(NotFound) as missing:
            await step(rival, id_, warehouse.version)
        assert (missing.value.kind, missing.value.id) == ("Warehouse", id_)
    with pytest.raises(StaleVersion) as stale:
        await step(keeper, warehouse.id, 0)
    assert stale.value.current_version == 1


async def test_only_suppliers_have_warehouses_and_policies() -> None:
    company = await make_company(CompanyKind.BUYER)
    buyer = await make_actor(company, Role.WAREHOUSE, Role.SALES)
    with pytest.raises(NotAllowed):
        await make_warehouse(buyer)
    with pytest.raises(NotAllowed):
        await set_stock_policy(buyer, (await Company.named(company.id)).version, DEFAULT_POLICY)


async def test_a_policy_is_the_company_s_and_tells_its_own_people(keeper: Actor) -> None:
    before = await Company.named(keeper.home)
    company = await set_stock_policy(keeper, before.version, StockPolicy.RESERVE_AT_DESPATCH)
    assert (before.stock_policy, company.stock_policy) == ("RESERVE_AT_SIGNATURE", "RESERVE_AT_DESPATCH")
    with pytest.raises(StaleVersion):
        await set_stock_policy(keeper, before.version, StockPolicy.RESERVE_AT_DESPATCH)
    event = await Event.get(stream=company.id, seq=company.version)
    assert event.body == {"action": "set_stock_policy"}


@pytest.mark.parametrize("role", sorted(COMPANY_ROLES))
async def test_roles_do_what_they_are_for(role: Role) -> None:
    person = Actor(company=new_id(), member=new_id(), kind=CompanyKind.SUPPLIER, roles=frozenset({role}))
    assert person.may("create_warehouse") is (role in {Role.ADMIN, Role.WAREHOUSE})
    assert person.may("transfer_stock") is (role in {Role.SALES, Role.WAREHOUSE})
    assert person.may("set_stock_policy") is (role in {Role.ADMIN, Role.SALES})


async def test_nobody_else_meets_a_warehouse_the_operator_included(keeper: Actor) -> None:
    await make_warehouse(keeper, "A")
    buyer = await make_actor(await make_company(), Role.WAREHOUSE)
    for stranger in (buyer, await make_platform(), Actor.anonymous(), replace(keeper, roles=frozenset())):
        assert await codes(stranger) == {}
