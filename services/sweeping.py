"""What time alone brings about: each overdue thing in a transaction of its own, so that one cannot hold up the rest."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import structlog

from models import (
    Approval,
    Contract,
    Enquiry,
    FrameworkAgreement,
    OnlinePayment,
    PaymentObligation,
    Quotation,
    Shipment,
    SignaturePreparation,
)
from models.transaction import transact
from services import clock
from services.changing import lapse_change
from services.closing import expire_quotation, lapse_contract
from services.framing import expire_agreement
from services.inviting import close_enquiry
from services.objecting import warn_of_acceptance
from services.obligations import look_at
from services.receiving import accept_silently
from services.reviewing import review_approval
from services.silent_funds import confirm_silently
from services.verb import tell

SWEPT_EVERY = 2.0
"""Seconds between two looks; nothing depends on it but how soon a status tells what is already so."""

AT_ONCE = 100
RESTS_FOR = timedelta(minutes=1)
"""How long this process leaves alone what it could not tidy."""

KEPT_FOR = timedelta(days=1)
"""How long a preparation is remembered after it ran out, so that whoever comes late is told why."""
log = structlog.get_logger(__name__)
_resting: dict[tuple[str, UUID], datetime] = {}


async def sweep() -> int:
    """Tidy up to a hundred overdue things of each sort; how many were tried. Several sweepers at once do no harm."""
    now = clock.now()
    done = await each(close_enquiry, partial(Enquiry.overdue, now))
    done += await each(expire_quotation, partial(Quotation.overdue, now))
    done += await each(lapse_contract, partial(Contract.overdue, now))
    done += await each(lapse_change, partial(Contract.overdue, now, changes=True))
    done += await each(expire_agreement, partial(FrameworkAgreement.overdue, now))
    done += await each(review_approval, partial(Approval.overdue, now))
    done += await each(warn_of_acceptance, partial(Shipment.unwarned, now))
    done += await each(accept_silently, partial(Shipment.silent, now))
    done += await each(look_at, partial(PaymentObligation.to_look_at, now))
    done += await each(confirm_silently, partial(OnlinePayment.unconfirmed, now))
    await SignaturePreparation.forget(now - KEPT_FOR)
    if done:
        await tell()
    return done


async def each(tidy: Callable[[UUID], Awaitable[None]], overdue: Callable[[int], Awaitable[list[UUID]]]) -> int:
    """Tidy up to a hundred of what is overdue, each in a transaction of its own; how many were tried.

    What fails is left alone for a while, however often this is called: what comes behind it has its turn.
    """
    step, now = tidy.__name__, clock.now()
    for known in [known for known, until in _resting.items() if until <= now]:
        del _resting[known]
    resting = {subject for of, subject in _resting if of == step}
    found = [subject for subject in await overdue(AT_ONCE + len(resting)) if subject not in resting][:AT_ONCE]
    for subject in found:
        try:
            await transact(lambda subject=subject: tidy(subject))  # type: ignore[misc]
        except Exception:
            _resting[step, subject] = now + RESTS_FOR
            log.exception("sweeping failed", step=step, subject=str(subject))
    return len(found)
