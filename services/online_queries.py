"""Payments and who collects them: what is asked of a provider needs all of it together."""

from functools import partial
from uuid import UUID

from models import MerchantAccount, OnlinePayment
from partners.payments import Merchant, PaymentProvider
from rules.rails import Refusal
from services import clock, partners
from services.merchants import merchant_of
from services.online_news import apply_news
from services.verb import committed


async def called(payment_id: UUID) -> tuple[OnlinePayment, MerchantAccount, PaymentProvider, Merchant]:
    """An online payment, its account, and the provider's rules and ours for it."""
    online = await OnlinePayment.of(payment_id)
    account = await MerchantAccount.named(online.account_id)
    return online, account, partners.payment_provider(online.method), merchant_of(account)


async def learn(payment_id: UUID) -> Refusal | None:
    """Ask the provider about a payment, in whatever status we have it, and put the answer on record; why not, where it does not fit.

    Raises Unsure or Declined.
    """
    online, _account, provider, merchant = await called(payment_id)
    news = await provider.query(online.number, merchant, clock.now())
    return None if news is None else await committed(partial(apply_news, payment_id, news))
