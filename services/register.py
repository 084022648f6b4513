"""What every verb on a company does first and last: open it, write down what happened to it."""

from collections.abc import Mapping
from uuid import UUID

from models import Company
from rules.events import EventKind
from rules.people import Actor
from rules.problems import NotFound, StaleVersion
from services.desk import note_apart


async def open_company(actor: Actor, company_id: UUID, expected_version: int) -> Company:
    """The company, locked for this transaction, if the caller may see it and has read its newest version."""
    if not await Company.visible_to(actor).filter(id=company_id).exists():
        raise NotFound("Company", company_id)
    return await _locked(company_id, expected_version)


async def open_own_company(actor: Actor, expected_version: int | None = None) -> Company:
    """The caller's company, locked for this transaction: its administrators act one after the other."""
    return await _locked(actor.home, expected_version)


async def _locked(company_id: UUID, expected_version: int | None) -> Company:
    company = await Company.locked(company_id)
    if expected_version is not None and company.version != expected_version:
        raise StaleVersion(company.version)
    return company


async def note_company(company: Company, kind: EventKind, actor: Actor, body: Mapping[str, object]) -> None:
    """Save the company and its event under the next number, for itself and for the platform."""
    company.version += 1
    await company.save()
    await note_apart(company, company.version, kind, actor, await _readers(company), body)


async def note_change(company: Company, actor: Actor, action: str, **facts: object) -> None:
    """Write down what an administrator did: the action's name, and whom or what it touched, but no secrets of the company."""
    await note_company(company, EventKind.COMPANY_CHANGED, actor, {"action": action, **facts})


async def _readers(company: Company) -> list[UUID]:
    platform = await Company.platform()
    return [company.id] if platform is None or platform.id == company.id else [company.id, platform.id]
