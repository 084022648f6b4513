"""How a supplier collects its money: what it grants, what it waits for, and what it need not say itself."""

from dataclasses import dataclass

from models import Company
from rules.people import Actor
from services.register import note_change, open_own_company
from services.verb import verb


@dataclass(frozen=True)
class CollectionPolicy:
    """Days to prepay in after a contract binds; whether goods wait for that; after how many days money that a provider says was paid
    counts as confirmed, None: when the supplier says so."""

    prepayment_days: int = 0
    despatch_after_prepayment: bool = False
    confirm_funds_after_days: int | None = None


@verb
async def set_collection_policy(actor: Actor, expected_version: int, policy: CollectionPolicy) -> Company:
    """The company as it collects from now on; days that run already stay as they are."""
    company = await open_own_company(actor, expected_version)
    company.prepayment_days = policy.prepayment_days
    company.despatch_after_prepayment = policy.despatch_after_prepayment
    company.confirm_funds_after_days = policy.confirm_funds_after_days
    await note_change(company, actor, "set_collection_policy")
    return company
