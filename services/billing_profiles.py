"""How a company sets up its invoices."""

from dataclasses import dataclass
from decimal import Decimal

from models import BillingProfile, Company
from rules.money import check_amount
from rules.people import Actor
from services import clock
from services.register import note_change, open_own_company
from services.verb import verb


@dataclass(frozen=True)
class BillingDetails:
    """What invoices say of a company besides its name; None leaves a part away."""

    address: str | None = None
    phone: str | None = None
    bank_name: str | None = None
    bank_account: str | None = None


@dataclass(frozen=True)
class Matching:
    """How far the lines of the invoices that a company gets may be off, and whether matched ones are accepted by themselves."""

    share: Decimal
    amount: Decimal
    accepts_matched: bool


@verb
async def set_billing_details(
    actor: Actor, expected_version: int, details: BillingDetails
) -> tuple[Company, BillingProfile]:
    """The company, whose invoices and credit notes say this from now on; what was issued stays as it is."""
    company = await open_own_company(actor, expected_version)
    profile = await BillingProfile.of(company.id, clock.now())
    profile.update_from_dict(vars(details))
    await profile.save()
    await note_change(company, actor, "set_billing_details")
    return company, profile


@verb
async def set_invoice_matching(actor: Actor, expected_version: int, wish: Matching) -> tuple[Company, BillingProfile]:
    """The company, which looks at invoices like this from now on; those that were answered stay so."""
    company = await open_own_company(actor, expected_version)
    check_amount("input.toleranceAmount", wish.amount, company.currency)
    profile = await BillingProfile.of(company.id, clock.now())
    profile.tolerance_share, profile.tolerance_amount = wish.share, wish.amount
    profile.accepts_matched = wish.accepts_matched
    await profile.save()
    await note_change(company, actor, "set_invoice_matching")
    return company, profile
