"""What payment providers write to us: proven over the bytes as they came, compared with what was asked for, put on record once, and
acknowledged after the commit and never before."""

import hashlib
import re
from functools import partial

import structlog

from models import MerchantAccount, OnlinePayment, PaymentNotice
from models.base import new_id
from partners.payments import Answer, Forged, Notice, aside
from rules.billing import PaymentMethod
from rules.problems import Unavailable
from rules.rails import News, NoticeStatus, Refusal
from services import clock, partners
from services.merchants import merchant_of
from services.online_news import apply_news
from services.verb import committed

_ENDPOINT = re.compile(r"[\w-]{43}", re.ASCII)
log = structlog.get_logger(__name__)


async def receive_notice(method: PaymentMethod, endpoint: str, notice: Notice) -> Answer:
    """What the provider is to hear. Whatever goes wrong with us, it is asked to tell it again."""
    provider = partners.payment_provider(method)
    try:
        account = await MerchantAccount.at(endpoint, method) if _ENDPOINT.fullmatch(endpoint) else None
        if account is None:
            return provider.refused
        news = await aside(partial(provider.read, notice, merchant_of(account), clock.now()))
        refusal = await committed(lambda: _take(account, notice, news))
    except Forged as fault:
        log.warning("a payment notice was refused", method=method, reason=fault.reason, detail=fault.detail)
        return provider.refused
    except Unavailable as trouble:
        log.warning("a payment notice is to be told later", method=method, why=str(trouble))
        return provider.later
    except Exception:  # the database is away, above all: the provider keeps the notice for us
        log.exception("a payment notice could not be put on record", method=method)
        return provider.later
    return provider.refused if refusal else provider.accepted


async def _take(account: MerchantAccount, notice: Notice, news: News) -> Refusal | None:
    row = _row(account, news, notice.body)
    if not await row.written():  # it came before, or at this moment
        known = await PaymentNotice.known(account.id, news.event_id)
        return known.reason if known else None
    online = await OnlinePayment.numbered(news.number, account.id)
    refusal = Refusal.UNKNOWN_PAYMENT if online is None else await apply_news(online.payment_id, news)
    if refusal is not None:
        log.warning("a proven payment notice was refused", method=account.method, reason=refusal, number=news.number)
        row.status, row.reason = NoticeStatus.REFUSED, refusal
        await row.save(update_fields=["status", "reason"])
    return refusal


async def keep_refused(account: MerchantAccount, news: News, reason: Refusal) -> None:
    """Let the operator look at an answer, as at a notice: proven to be the provider's, and not about what was asked."""
    row = _row(account, news, repr(news).encode())
    row.status, row.reason = NoticeStatus.REFUSED, reason
    await row.written()


def _row(account: MerchantAccount, news: News, said: bytes) -> PaymentNotice:
    return PaymentNotice(
        id=new_id(),
        account_id=account.id,
        company_id=account.company_id,
        method=account.method,
        event_id=news.event_id,
        number=news.number,
        sha256=hashlib.sha256(said).hexdigest(),
        status=NoticeStatus.APPLIED,
        created_at=clock.now(),
    )
