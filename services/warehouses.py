"""A supplier's warehouses and its stock policy, as its own people keep them, one after the other."""

from dataclasses import dataclass
from uuid import UUID

from models import Company, StockLevel, Warehouse
from models.base import new_id
from rules.events import EventKind
from rules.people import Actor
from rules.problems import Conflict, NotAllowed, NotFound, StaleVersion, invalid
from rules.stock import StockPolicy
from services import clock
from services.register import note_change, open_own_company
from services.streams import note_apart
from services.verb import creating, verb


@dataclass(frozen=True)
class WarehouseWish:
    """A warehouse as it is to be; `stock_policy` None: as the company has it, `is_default` None: as it is, and for the first one, yes."""

    code: str
    name: str
    address: str | None = None
    stock_policy: StockPolicy | None = None
    is_default: bool | None = None


@creating(Warehouse)
async def create_warehouse(actor: Actor, wish: WarehouseWish, *, idempotency_key: str) -> Warehouse:
    """One more warehouse of the caller's company, empty; Conflict where another has this code, even one that is archived."""
    company = await open_own_company(actor)
    if not company.is_supplying:
        raise NotAllowed("create_warehouse")
    others = await Warehouse.all_locked(company.id)
    warehouse = Warehouse(id=new_id(), company_id=company.id, created_at=clock.now())
    await _write(warehouse, wish, others, actor)
    await _note(warehouse, actor, "create_warehouse")
    return warehouse


@verb
async def update_warehouse(actor: Actor, warehouse_id: UUID, expected_version: int, wish: WarehouseWish) -> Warehouse:
    """The warehouse with everything replaced; its policy holds for what is kept from now on."""
    await open_own_company(actor)
    warehouse, others = await _opened(actor, warehouse_id, expected_version)
    if warehouse.is_default and wish.is_default is False:
        raise invalid("input.isDefault", "make another warehouse the default one instead")
    await _write(warehouse, wish, others, actor)
    await _note(warehouse, actor, "update_warehouse")
    return warehouse


@verb
async def archive_warehouse(actor: Actor, warehouse_id: UUID, expected_version: int) -> Warehouse:
    """The warehouse, out of use for good; only once nothing lies in it and nothing is kept there, and never the default one."""
    await open_own_company(actor)
    warehouse, _ = await _opened(actor, warehouse_id, expected_version)
    if warehouse.is_default:
        raise invalid("input.warehouseId", "make another warehouse the default one first")
    if not await StockLevel.is_empty(warehouse.id):
        raise invalid("input.warehouseId", "still holds stock, or keeps some for orders; transfer it first")
    warehouse.archived_at = clock.now()
    await _note(warehouse, actor, "archive_warehouse")
    return warehouse


@verb
async def set_stock_policy(actor: Actor, expected_version: int, policy: StockPolicy) -> Company:
    """The company with another policy for what it supplies; what is kept for orders already stays kept."""
    company = await open_own_company(actor, expected_version)
    if not company.is_supplying:
        raise NotAllowed("set_stock_policy")
    company.stock_policy = str(policy)
    await note_change(company, actor, "set_stock_policy")
    return company


async def _opened(actor: Actor, warehouse_id: UUID, expected_version: int) -> tuple[Warehouse, list[Warehouse]]:
    """The warehouse in use, and all others of the company, locked: nobody draws on them meanwhile."""
    everything = {one.id: one for one in await Warehouse.all_locked(actor.home)}
    warehouse = everything.pop(warehouse_id, None)
    if warehouse is None:
        raise NotFound("Warehouse", warehouse_id)
    if warehouse.version != expected_version:
        raise StaleVersion(warehouse.version)
    if warehouse.archived_at is not None:
        raise invalid("input.warehouseId", "is no longer in use")
    return warehouse, list(everything.values())


async def _write(warehouse: Warehouse, wish: WarehouseWish, others: list[Warehouse], actor: Actor) -> None:
    """Take over the wish; there is always one default warehouse, and the one before gives way to it."""
    if wish.code in [other.code for other in others]:
        raise Conflict("code")
    before = next((other for other in others if other.is_default), None)
    is_default = warehouse.is_default or wish.is_default or before is None
    if before is not None and is_default:
        before.is_default = False
        await _note(before, actor, "update_warehouse")
    warehouse.code, warehouse.name, warehouse.address = wish.code, wish.name, wish.address
    warehouse.stock_policy, warehouse.is_default = wish.stock_policy and str(wish.stock_policy), bool(is_default)


async def _note(warehouse: Warehouse, actor: Actor, action: str) -> None:
    """Save the warehouse and its event under the next number, for the company alone."""
    warehouse.version += 1
    await warehouse.save()
    readers = [warehouse.company_id]
    await note_apart(warehouse, warehouse.version, EventKind.WAREHOUSE_CHANGED, actor, readers, {"action": action})
