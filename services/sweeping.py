"""What time alone brings about: each overdue thing in a transaction of its own, so that one cannot hold up the rest."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
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

AT_ONCE = 100
KEPT_FOR = timedelta(days=1)
"""How long a preparation is remembered after it ran out, so that whoever comes late is told why."""
log = structlog.get_logger(__name__)


async def sweep() -> int:
    """Tidy up to a hundred overdue things of each sort; how many were tried. Several sweepers at once do no harm."""
    now = clock.now()
    done = await each(close_enquiry, await Enquiry.overdue(now, AT_ONCE))
    done += await each(expire_quotation, await Quotation.overdue(now, AT_ONCE))
    done += await each(lapse_contract, await Contract.overdue(now, AT_ONCE))
    done += await each(lapse_change, await Contract.overdue(now, AT_ONCE, changes=True))
    done += await each(expire_agreement, await FrameworkAgreement.overdue(now, AT_ONCE))
    done += await each(review_approval, await Approval.overdue(now, AT_ONCE))
    done += await each(warn_of_acceptance, await Shipment.unwarned(now, AT_ONCE))
    done += await each(accept_silently, await Shipment.silent(now, AT_ONCE))
    done += await each(look_at, await PaymentObligation.to_look_at(now, AT_ONCE))
    done += await each(confirm_silently, await OnlinePayment.unconfirmed(now, AT_ONCE))
    await SignaturePreparation.forget(now - KEPT_FOR)
    if done:
        await tell()
    return done


async def each(tidy: Callable[[UUID], Awaitable[None]], overdue: list[UUID]) -> int:
    """Tidy each in a transaction of its own; how many there were."""
    for subject in overdue:
        try:
            await transact(lambda subject=subject: tidy(subject))  # type: ignore[misc]
        except Exception:
            log.exception("sweeping failed", step=tidy.__name__, subject=str(subject))
    return len(overdue)
