"""What the operator does about a split that the provider refused."""

from uuid import UUID

from models import Settlement
from rules.errands import ErrandKind
from rules.events import EventKind
from rules.people import Actor
from rules.problems import NotFound, StaleVersion, WrongStatus
from rules.settlement import SettlementStatus
from services import errands
from services.errand_works import work_at_once
from services.online_desk import opened
from services.settlements import tell
from services.verb import verb


async def retry_settlement(actor: Actor, settlement_id: UUID, expected_version: int) -> Settlement:
    """The split of what is there to be split now, asked for again under the same number, or a new one where the provider closed that."""
    settlement = await _retry_settlement(actor, settlement_id, expected_version)
    await work_at_once(ErrandKind.SPLIT_PAYMENT, settlement.id)
    return await Settlement.named(settlement.id)


@verb
async def _retry_settlement(actor: Actor, settlement_id: UUID, expected_version: int) -> Settlement:
    seen = await Settlement.visible_to(actor).get_or_none(id=settlement_id)
    if seen is None:
        raise NotFound("Settlement", settlement_id)
    await opened(seen.payment_id)
    settlement = await Settlement.named(settlement_id)
    if settlement.version != expected_version:
        raise StaleVersion(settlement.version)
    if settlement.status is not SettlementStatus.FAILED:
        raise WrongStatus("retry_settlement", settlement.status, (SettlementStatus.FAILED,))
    settlement.status = SettlementStatus.DUE
    await tell(settlement, EventKind.SETTLEMENT_DUE, actor)
    await errands.send(ErrandKind.SPLIT_PAYMENT, settlement.id, errands.unless_done_at_once())
    return settlement
