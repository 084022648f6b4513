"""A supplier's accounts with senders of tracking: the secret is sealed, and nobody reads it again."""

import secrets

from models import CarrierAccount
from models.base import new_id
from rules.carriers import CarrierProvider
from rules.people import Actor
from rules.problems import invalid
from services import clock, partners, vault
from services.register import note_change, open_own_company
from services.secret import Secret
from services.verb import verb

ENDPOINT_BYTES = 32


@verb
async def set_carrier_account(actor: Actor, provider: CarrierProvider, secret: Secret) -> CarrierAccount:
    """The company's account with the sender, which signs with this secret from now on; its endpoint stays what it was."""
    try:
        partners.carrier(provider).check_secret(secret.reveal())
    except ValueError as unfit:
        raise invalid("input.secret", str(unfit)) from unfit
    company = await open_own_company(actor)
    account = await CarrierAccount.locked(company.id, provider) or CarrierAccount(
        id=new_id(),
        company_id=company.id,
        provider=provider,
        endpoint=secrets.token_urlsafe(ENDPOINT_BYTES),
        created_at=clock.now(),
    )
    account.secret, account.changed_at = vault.locked(secret.reveal(), account.id), clock.now()
    await account.save()
    await note_change(company, actor, "set_carrier_account", provider=provider)
    return account
