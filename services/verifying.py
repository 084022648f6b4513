"""Whether a document is still what was signed: its text, its file, and each signature in it; reads alone, and believes nothing."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from models import Contract, FrameworkAgreement, Order
from models.paper import SignatureOver
from partners.documents import FIELDS
from partners.signing import Changes, Coverage, Examined, Found
from rules.contract import TrustLevel, fingerprint, named_agreement
from rules.lifecycle import Side
from rules.people import Actor
from rules.problems import NotFound
from services.partners import signer
from services.printing import FILES, SIGNATURES, Document, aside

SIDES = (Side.BUYER, Side.SUPPLIER)


@dataclass(frozen=True)
class Recorded:
    """What the database knows of a signature."""

    side: Side
    company_id: UUID
    member_id: UUID
    signatory_name: str
    trust_level: TrustLevel
    revision: int
    certificate: bytes
    signed_at: datetime
    time_stamp_authority: str
    time_stamped_at: datetime

    @classmethod
    def of(cls, row: SignatureOver) -> Self:
        """The row's facts."""
        named = {field.name: getattr(row, field.name) for field in fields(cls) if field.name != "signed_at"}
        return cls(**named, signed_at=row.created_at)


@dataclass(frozen=True)
class OnFile:
    """What the database knows of the newest revision of the file."""

    revision: int
    sha256: str
    size: int


@dataclass(frozen=True)
class Record:
    """What the database knows of a document."""

    text: str
    sha256: str
    companies: Mapping[Side, UUID]
    signatures: Sequence[Recorded]
    file: OnFile | None


@dataclass(frozen=True)
class SignatureVerdict:
    """One signature on record, and what was found of it in the file: nothing where it is not there."""

    recorded: Recorded
    found: Found | None
    is_as_recorded: bool

    @property
    def is_valid(self) -> bool:
        """Whether it holds, covers what it should, and says what the record says."""
        return self.found is not None and self.found.holds and self.is_as_recorded


@dataclass(frozen=True)
class Verdict:
    """What checking a contract or a framework agreement found; `agreement`: of the one that a contract stands on."""

    sha256: str
    text_matches: bool
    file_sha256: str | None
    file_matches: bool
    is_bound: bool
    signatures: tuple[SignatureVerdict, ...]
    agreement: Self | None = None

    @property
    def is_valid(self) -> bool:
        """Whether text and file are the signed ones and both sides' signatures hold; or those on the agreement that the text stands on."""
        if self.agreement is not None:
            return self.text_matches and self.agreement.is_valid
        signed = {one.recorded.side for one in self.signatures if one.is_valid}
        return self.text_matches and self.file_matches and self.is_bound and signed == set(SIDES)


async def verify_contract(actor: Actor, contract_id: UUID) -> Verdict:
    """Check the stored text, file and signatures, byte for byte; changes nothing."""
    contract = await Contract.visible_to(actor).select_related("order").get_or_none(id=contract_id)
    if contract is None:
        raise NotFound("Contract", contract_id)
    return replace(await _checked(contract, contract.order), agreement=await _stands_on(contract))


async def verify_agreement(actor: Actor, agreement_id: UUID) -> Verdict:
    """The same for a framework agreement."""
    agreement = await FrameworkAgreement.visible_to(actor).get_or_none(id=agreement_id)
    if agreement is None:
        raise NotFound("FrameworkAgreement", agreement_id)
    return await _checked(agreement, agreement)


async def _checked(document: Document, parties: Order | FrameworkAgreement) -> Verdict:
    signatures = [Recorded.of(row) for row in await SIGNATURES[type(document)].of(document.id)]
    file = await FILES[type(document)].newest(document.id)
    on_file = OnFile(file.revision, file.sha256, file.size) if file else None
    companies = {Side.BUYER: parties.buyer_id, Side.SUPPLIER: parties.supplier_id}
    record = Record(document.text, document.sha256, companies, signatures, on_file)
    return await aside(lambda: judge(record, file.content if file else b""))


async def _stands_on(contract: Contract) -> Verdict | None:
    """What checking the framework agreement finds whose fingerprint the contract's text names."""
    agreement = await FrameworkAgreement.named(contract.agreement_id)
    if agreement is None or named_agreement(contract.text) != (agreement.number, agreement.sha256):
        return None
    return await _checked(agreement, agreement)


def judge(record: Record, pdf: bytes) -> Verdict:
    """What these bytes are worth as the document on record. Takes some tenths of a second."""
    own = [one.certificate for one in record.signatures if one.trust_level is TrustLevel.REGISTERED_CERTIFICATE]
    examined = signer().examine(pdf, own)
    return Verdict(
        sha256=record.sha256,
        text_matches=fingerprint(record.text) == record.sha256,
        file_sha256=hashlib.sha256(pdf).hexdigest() if pdf else None,
        file_matches=_is_on_record(record, pdf),
        is_bound=examined.text_sha256 == record.sha256,
        signatures=_signatures(record, examined),
    )


def _is_on_record(record: Record, pdf: bytes) -> bool:
    file = record.file
    if file is None:
        return False
    is_same = (hashlib.sha256(pdf).hexdigest(), len(pdf)) == (file.sha256, file.size)
    return is_same and file.revision == len(record.signatures)


def _signatures(record: Record, examined: Examined) -> tuple[SignatureVerdict, ...]:
    """Each signature on record beside the one in its field; none is as recorded where the file has others as well."""
    found = {one.field: one for one in examined.signatures}
    is_complete = [one.field for one in examined.signatures] == [FIELDS.get(one.side) for one in record.signatures]
    last = len(record.signatures)
    verdicts = []
    for place, recorded in enumerate(record.signatures, 1):
        one = found.get(FIELDS.get(recorded.side, ""))
        as_recorded = (
            one is not None
            and is_complete
            and recorded.revision == place
            and _covers(one, is_last=place == last)
            and _says(one, recorded, record)
        )
        verdicts.append(SignatureVerdict(recorded, one, as_recorded))
    return tuple(verdicts)


def _covers(found: Found, *, is_last: bool) -> bool:
    """The last signature covers every byte; after the first came the other one, and nothing else."""
    if is_last:
        return (found.coverage, found.changes) == (Coverage.ENTIRE_FILE, Changes.NONE)
    return (found.coverage, found.changes) == (Coverage.ENTIRE_REVISION, Changes.SIGNING)


def _says(found: Found, recorded: Recorded, record: Record) -> bool:
    """Whether certificate, company, person and times are those on record."""
    certificate, party = found.certificate, _party(record.text, recorded.side)
    is_same = (
        certificate.der == recorded.certificate
        and (found.claimed_at, found.authority, found.stamped_at)
        == (recorded.signed_at, recorded.time_stamp_authority, recorded.time_stamped_at)
        and record.companies.get(recorded.side) == recorded.company_id
    )
    if recorded.trust_level is not TrustLevel.PLATFORM_CA:
        return is_same
    return (
        is_same and certificate.names(**party) and certificate.is_of(recorded.signatory_name, str(recorded.member_id))
    )


def _party(text: str, side: Side) -> dict[str, str]:
    try:
        party = json.loads(text)[side.lower()]
        return {"company": party["name"], "credit_code": party["creditCode"]}
    except (ValueError, KeyError, TypeError):  # somebody has been at the text
        return {"company": "", "credit_code": "?"}
