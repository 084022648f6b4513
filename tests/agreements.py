"""Agreements without a database: the canonical text of a contract, and the same printed and signed for real."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal as D
from functools import cache
from typing import Any
from uuid import UUID

from partners.documents import FIELDS, Stamp
from partners.signing import Completed, Signatory
from partners.signing.certificates import Authority
from partners.signing.pades import Pades
from rules.contract import TrustLevel, canonical, fingerprint
from rules.lifecycle import Side
from services.verifying import OnFile, Record, Recorded
from tests.paper import printer

MOMENT = datetime(2026, 12, 1, 12, tzinfo=UTC)
COMPANIES = {Side.BUYER: UUID(int=1), Side.SUPPLIER: UUID(int=2)}
MEMBERS = {Side.BUYER: UUID(int=3), Side.SUPPLIER: UUID(int=4)}
NAMES = {Side.BUYER: "赵立信", Side.SUPPLIER: "吴守约"}


def make_agreement(lines: int = 1, **facts: Any) -> dict[str, Any]:
    """What a contract's canonical text says, with so many lines; `facts` replace parts of it."""
    line = {
        "sku": "BOLT-8",
        "nameZh": "不锈钢外六角螺栓",
        "nameEn": "Stainless hex bolt",
        "specification": [{"name": "材质", "value": "304"}],
        "unit": "H87",
        "quantity": "1000",
        "unitPrice": "0.333",
        "promisedOn": "2026-12-20",
        "quality": None,
        "qualityRemark": None,
        "net": "333.00",
        "taxRate": "0.130000",
        "tax": "43.29",
    }
    return {
        "template": "dinghuo-purchase-contract/1",
        "number": "CT-7F3K-9Q",
        "version": "1",
        "order": "PO-7F3K-9Q",
        "quotation": {"number": "QT-7F3K-9Q", "revision": "2"},
        "drawnUpAt": "2026-11-25T20:00:00.123456+00:00",
        "buyer": {"name": "上海明远机械制造有限公司", "englishName": None, "creditCode": "91310000MA0DEM0016"},
        "supplier": {
            "name": "苏州恒固紧固件有限公司",
            "englishName": "Suzhou Henggu",
            "creditCode": "91320500MA0DEM0035",
        },
        "lines": [{**line, "position": str(number)} for number in range(1, lines + 1)],
        "freight": {"net": "50.00", "taxRate": "0.090000", "tax": "4.50"},
        "amounts": {
            "currency": "CNY",
            "net": str(D("333.00") * lines + 50),
            "tax": str(D("43.29") * lines + D("4.50")),
            "total": str(D("376.29") * lines + D("54.50")),
            "rounding": "HALF_UP",
            "taxLevel": "LINE",
        },
        "delivery": {"place": "上海市浦东新区世纪大道1号", "zone": "Asia/Shanghai", "incoterm": "DAP"},
        "payment": {"netDays": "30"},
        "quality": None,
        "remark": None,
        **facts,
    }


def make_text(lines: int = 1, **facts: Any) -> str:
    """The canonical text of an agreement."""
    return canonical(make_agreement(lines, **facts))


@dataclass(frozen=True)
class Agreed:
    """A contract that both sides have signed: what is on record, the file after each signature, and who signed it."""

    signer: Pades
    record: Record
    revisions: tuple[bytes, ...]

    @property
    def pdf(self) -> bytes:
        """The file with both signatures."""
        return self.revisions[-1]


@cache
def agreed() -> Agreed:
    """One contract for all tests that only look."""
    text, signer = make_text(), Pades(Authority.made(MOMENT))
    revisions, signatures = [printer().document(text)], []
    for number, side in enumerate((Side.BUYER, Side.SUPPLIER), 1):
        made = put_signature(signer, revisions[-1], side)
        revisions.append(made.pdf)
        signatures.append(recorded(made, side, number))
    record = Record(text, fingerprint(text), COMPANIES, signatures, on_file(revisions[-1]))
    return Agreed(signer, record, tuple(revisions))


def on_file(pdf: bytes, revision: int = 2) -> OnFile:
    """The file as the database would know it."""
    return OnFile(revision, hashlib.sha256(pdf).hexdigest(), len(pdf))


def put_signature(signer: Pades, pdf: bytes, side: Side) -> Completed:
    """The file with the side's signature."""
    party = make_agreement()[side.lower()]
    signatory = Signatory(NAMES[side], str(MEMBERS[side]), party["name"], party["creditCode"])
    prepared = signer.prepare(pdf, FIELDS[side], stamp_of(side), MOMENT)
    return signer.complete(prepared, signer.sign(prepared.digest, signatory, MOMENT), MOMENT)


def stamp_of(side: Side) -> bytes:
    """What is seen of the side's signature."""
    party = make_agreement()[side.lower()]
    return printer().stamp(Stamp(party["name"], NAMES[side], MOMENT, TrustLevel.PLATFORM_CA, "nobody"))


def recorded(made: Completed, side: Side, revision: int) -> Recorded:
    """The signature as the database would know it."""
    return Recorded(
        side=side,
        company_id=COMPANIES[side],
        member_id=MEMBERS[side],
        signatory_name=NAMES[side],
        trust_level=TrustLevel.PLATFORM_CA,
        revision=revision,
        certificate=made.certificate.der,
        time_stamp_authority=made.authority,
        time_stamped_at=made.stamped_at,
        signed_at=MOMENT,
    )
