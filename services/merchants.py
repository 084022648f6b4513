"""A supplier's accounts with payment providers: the keys are sealed together, and nobody reads them again."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from models import MerchantAccount
from models.base import new_id
from partners.payments import Merchant, Unfit, aside
from rules.billing import PaymentMethod
from rules.people import Actor
from rules.problems import invalid
from rules.rails import ONLINE
from services import clock, partners, vault
from services.register import note_change, open_own_company
from services.secret import Secret
from services.verb import verb

ENDPOINT_BYTES = 32


@dataclass(frozen=True)
class MerchantCredentials:
    """By what a supplier and its provider know each other; `provider_keys` are the provider's, by the names it gives them."""

    app_id: str
    payee: str
    private_key: Secret
    provider_keys: Mapping[str, str]
    certificate_serial: str = ""
    api_key: Secret = Secret("")  # noqa: RUF009  # a value that is never changed
    is_sandbox: bool = False
    certificate: str = ""
    """The merchant's, and Alipay's root certificates: with both of them the provider's keys are certificates too."""
    root_certificates: str = ""

    def merchant(self) -> Merchant:
        """The account as its provider's rules want it."""
        return Merchant(
            self.app_id,
            self.payee,
            self.private_key.reveal(),
            dict(self.provider_keys),
            self.certificate_serial,
            self.api_key.reveal(),
            self.is_sandbox,
            self.certificate,
            self.root_certificates,
        )


async def set_merchant_account(
    actor: Actor, method: PaymentMethod, credentials: MerchantCredentials
) -> MerchantAccount:
    """The company's account with the provider from now on: the one of this app and payee with these keys, at the endpoint it had, or a new
    one, which replaces the other for whatever is begun from now on."""
    actor.must("set_merchant_account")
    if method not in ONLINE:
        raise invalid("input.method", "must be ALIPAY or WECHAT_PAY")
    try:
        await aside(partial(partners.payment_provider(method).check, credentials.merchant()))
    except Unfit as unfit:
        raise invalid(f"input.{unfit.fact}", unfit.fault) from unfit
    return await _set_merchant_account(actor, method, credentials)


@verb
async def _set_merchant_account(
    actor: Actor, method: PaymentMethod, credentials: MerchantCredentials
) -> MerchantAccount:
    company = await open_own_company(actor)
    account = await _current(company.id, method, credentials)
    account.certificate_serial = credentials.certificate_serial
    account.keys, account.changed_at = vault.locked(_sealed(credentials.merchant()), account.id), clock.now()
    await account.save()
    await note_change(company, actor, "set_merchant_account", method=method, sandbox=credentials.is_sandbox)
    return account


async def _current(company_id: UUID, method: PaymentMethod, credentials: MerchantCredentials) -> MerchantAccount:
    """The account of this app and payee, in use from now on; any other is replaced, and what was begun there ends there."""
    known, now = await MerchantAccount.locked(company_id, method), clock.now()
    mine = next((one for one in known if _who(one) == _who(credentials)), None)
    for other in known:
        if other is not mine and other.replaced_at is None:
            other.replaced_at = now
            await other.save(update_fields=["replaced_at"])
    if mine is not None:
        mine.replaced_at = None
        return mine
    return MerchantAccount(
        id=new_id(),
        company_id=company_id,
        method=method,
        endpoint=secrets.token_urlsafe(ENDPOINT_BYTES),
        app_id=credentials.app_id,
        payee=credentials.payee,
        is_sandbox=credentials.is_sandbox,
        created_at=now,
    )


def _who(one: MerchantAccount | MerchantCredentials) -> tuple[str, str, bool]:
    return one.app_id, one.payee, one.is_sandbox


def merchant_of(account: MerchantAccount) -> Merchant:
    """The account with its keys opened."""
    keys = json.loads(vault.opened(account.keys, account.id))
    return Merchant(
        app_id=account.app_id,
        payee=account.payee,
        certificate_serial=account.certificate_serial,
        is_sandbox=account.is_sandbox,
        **keys,
    )


def _sealed(merchant: Merchant) -> str:
    names = ("private_key", "provider_keys", "secret", "certificate", "root_certificates")
    return json.dumps({name: getattr(merchant, name) for name in names})
