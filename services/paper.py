"""How a side's signature gets into a document's file: made outside any transaction, recorded where nothing moved meanwhile (0060)."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Generic, TypeVar

from models.paper import PaperFile
from partners.documents import FIELDS, Stamp
from partners.signing import Completed, Signatory, SigningFailed
from rules.contract import TrustLevel
from rules.lifecycle import Side
from rules.people import Actor
from rules.problems import Unavailable
from services import clock
from services.partners import printer, signer
from services.printing import FILES, SIGNATURES, D, aside, newest_file

T = TypeVar("T")
TRIES = 3
"""How often to begin again because the other side signed meanwhile; each side signs once, so once is enough."""


class Outrun(Exception):
    """Somebody else made the next revision of the file."""


@dataclass(frozen=True)
class Signing(Generic[D]):
    """What is about to be signed, by whom and when."""

    document: D
    side: Side
    signatory: Signatory
    moment: datetime
    trust_level: TrustLevel

    def stamp(self) -> bytes:
        """What will be seen of the signature."""
        return printer().stamp(
            Stamp(self.signatory.company, self.signatory.name, self.moment, self.trust_level, signer().authority)
        )


@dataclass(frozen=True)
class Signed:
    """The file with the new signature, and the revision it was put on."""

    completed: Completed
    base: int


def signing_of(
    document: D, side: Side, actor: Actor, trust_level: TrustLevel, moment: datetime | None = None
) -> Signing[D]:
    """The actor's signature, made now unless said, and named as the document names the company."""
    party = json.loads(document.text)[side.lower()]
    signatory = Signatory(actor.name, str(actor.member), party["name"], party["creditCode"])
    # PDF keeps whole seconds.
    return Signing(document, side, signatory, (moment or clock.now()).replace(microsecond=0), trust_level)


async def sign_newest(document: D, side: Side, actor: Actor, write: Callable[[Signing[D], Signed], Awaitable[T]]) -> T:
    """What `write`, a transaction, makes of the actor's signature by the platform on the newest revision; it raises Outrun where there is
    a newer one."""
    for _ in range(TRIES):
        base = await newest_file(document)
        signing = signing_of(document, side, actor, TrustLevel.PLATFORM_CA)
        signed = await in_peace(partial(_sign, base, signing))
        try:
            return await write(signing, signed)
        except Outrun:
            continue
    raise Unavailable


async def in_peace(work: Callable[[], Signed]) -> Signed:
    """The work's answer from a thread; Unavailable where somebody outside did not do their part."""
    try:
        return await aside(work)
    except SigningFailed as failed:
        raise Unavailable(30) from failed


async def check_newest(document: D, signed: Signed) -> None:
    """Raise Outrun where the file is no longer the one that was signed."""
    if await FILES[type(document)].newest_revision(document.id) != signed.base:
        raise Outrun


async def put_on_record(actor: Actor, signing: Signing[D], signed: Signed) -> None:
    """Write down the file with the signature, and the signature, in the transaction around."""
    revision, made, document = signed.base + 1, signed.completed, signing.document
    file = FILES[type(document)].holding(document.id, revision, made.pdf, clock.now())
    await file.save(force_create=True)
    await SIGNATURES[type(document)].on(
        document.id,
        side=signing.side,
        company_id=actor.company,
        member_id=actor.member,
        signatory_name=actor.name,
        trust_level=signing.trust_level,
        revision=revision,
        certificate=made.certificate.der,
        certificate_subject=made.certificate.subject[:1000],
        time_stamp_authority=made.authority,
        time_stamped_at=made.stamped_at,
        created_at=signing.moment,
    )


def _sign(base: PaperFile, signing: Signing[D]) -> Signed:
    """Takes some tenths of a second."""
    pades, moment = signer(), signing.moment
    prepared = pades.prepare(base.content, FIELDS[signing.side], signing.stamp(), moment)
    cms = pades.sign(prepared.digest, signing.signatory, moment)
    return Signed(pades.complete(prepared, cms, moment), base.revision)
