"""What every verb on a framework agreement does first and last: open it, write down what happened."""

from uuid import UUID

from models import FrameworkAgreement
from rules.events import EventKind
from rules.people import Actor
from rules.problems import NotFound, StaleVersion
from services.desk import Body, note_apart


async def open_agreement(actor: Actor, agreement_id: UUID, expected_version: int | None = None) -> FrameworkAgreement:
    """The agreement, locked for this transaction, if the caller may see it and has read its newest version."""
    visible = FrameworkAgreement.visible_to(actor).select_for_update(no_key=True)
    agreement = await visible.get_or_none(id=agreement_id)
    if agreement is None:
        raise NotFound("FrameworkAgreement", agreement_id)
    check_version(agreement, expected_version)
    return agreement


def check_version(agreement: FrameworkAgreement, expected_version: int | None) -> None:
    """Refuse a caller who has not read the newest version."""
    if expected_version is not None and agreement.version != expected_version:
        raise StaleVersion(agreement.version)


async def note_agreement(agreement: FrameworkAgreement, kind: EventKind, actor: Actor, body: Body) -> None:
    """Save the agreement and its event under the next number of its own stream, which both parties read."""
    agreement.version += 1
    await agreement.save()
    said = {"status": agreement.status, **body}
    await note_apart(agreement, agreement.version, kind, actor, agreement.readers, said)
