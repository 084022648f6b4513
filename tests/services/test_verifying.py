"""Whatever is changed of a signed contract, by whomever, with the database in hand or not, shows (scenario 18)."""

import hashlib
import io
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from partners.signing import Changes, Coverage, Examined
from partners.signing.certificates import Authority
from partners.signing.pades import Pades
from rules.contract import TrustLevel, fingerprint
from rules.lifecycle import Side
from services import partners
from services.verifying import Record, Verdict, judge
from tests.agreements import MEMBERS, MOMENT, agreed, make_text, on_file, put_signature, recorded
from tests.paper import signing_for_real

ALL, SAMPLE = 500, 24


@pytest.fixture(autouse=True)
def signer() -> Iterator[Pades]:
    """Whoever signed judges."""
    with signing_for_real(agreed().signer) as real:
        yield real


def hashed_as(pdf: bytes, revision: int = 2) -> Record:
    """The record as somebody would leave it who can write into the database: with the hash of these bytes."""
    return replace(agreed().record, file=on_file(pdf, revision))


def forged(pdf: bytes) -> Verdict:
    """What is found of bytes that the database says are right: by the signatures alone."""
    return judge(hashed_as(pdf), pdf)


def places(count: int, *, within_signed: bool) -> Iterator[tuple[int, bytes]]:
    """Files of which one byte differs, and where; in what the second signature covers, or anywhere."""
    pdf, chance = agreed().pdf, random.Random(18)
    start = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    end = pdf.index(b">", start)
    while count:
        at = chance.randrange(len(pdf))
        if within_signed and start <= at < end:
            continue
        changed = bytearray(pdf)
        changed[at] ^= 1 << chance.randrange(8)
        yield at, bytes(changed)
        count -= 1


def test_what_both_signed_is_valid() -> None:
    found = judge(agreed().record, agreed().pdf)
    assert found.is_valid
    assert found.file_sha256 == hashlib.sha256(agreed().pdf).hexdigest()
    buyer, supplier = (one.found for one in found.signatures)
    assert buyer is not None
    assert supplier is not None
    assert (buyer.coverage, buyer.changes) == (Coverage.ENTIRE_REVISION, Changes.SIGNING)
    assert (supplier.coverage, supplier.changes) == (Coverage.ENTIRE_FILE, Changes.NONE)
    assert "赵立信" in buyer.certificate.subject
    assert "Dinghuo contract authority" in buyer.certificate.issuer


def test_each_of_500_changed_bytes_is_found_by_the_hash_alone() -> None:
    """As if the signatures told nothing: the one who examines is shown the genuine file, whatever is judged."""

    class Blind(Pades):
        def examine(self, pdf: bytes, registered: Any = ()) -> Examined:
            return genuine

    genuine = agreed().signer.examine(agreed().pdf)
    partners.use_signer(Blind(Authority.made(MOMENT)))
    assert judge(agreed().record, agreed().pdf).is_valid
    assert [at for at, changed in places(ALL, within_signed=False) if judge(agreed().record, changed).is_valid] == []


def test_changed_bytes_are_found_by_the_signatures_alone() -> None:
    assert forged(agreed().pdf).is_valid
    assert [at for at, changed in places(SAMPLE, within_signed=True) if forged(changed).is_valid] == []


def test_a_file_cut_back_to_the_first_signature_is_found() -> None:
    first = agreed().revisions[1]
    assert not judge(agreed().record, first).is_valid
    found = forged(first)
    assert [one.is_valid for one in found.signatures] == [False, False]
    half = replace(hashed_as(first, 1), signatures=agreed().record.signatures[:1])
    found = judge(half, first)
    assert ([one.is_valid for one in found.signatures], found.is_valid) == ([True], False), "good, and not enough"


@pytest.mark.parametrize("where", ["after the file", "on a page"])
def test_what_is_added_after_the_last_signature_is_found(where: str) -> None:
    pdf = agreed().pdf
    if where == "after the file":
        changed = pdf + b"\n"
    else:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        writer.add_stream_to_page(0, writer.add_object(StreamObject(stream_data=b"BT (PRICE CHANGED) Tj ET")))
        output = io.BytesIO()
        writer.write(output)
        changed = output.getvalue()
    assert not judge(agreed().record, changed).is_valid
    assert not forged(changed).is_valid


def test_signatures_of_another_authority_are_worth_nothing() -> None:
    """The same contract, printed and signed again by somebody with an authority that calls itself ours."""
    impostor = Pades(Authority.made(MOMENT))
    pdf, signatures = agreed().revisions[0], []
    for number, side in enumerate((Side.BUYER, Side.SUPPLIER), 1):
        made = put_signature(impostor, pdf, side)
        pdf = made.pdf
        signatures.append(recorded(made, side, number))
    found = judge(replace(hashed_as(pdf), signatures=signatures), pdf)
    assert found.file_matches
    assert [(one.found.is_intact, one.found.is_trusted) for one in found.signatures if one.found] == [(True, False)] * 2
    assert not found.is_valid


def test_a_file_is_bound_to_the_text_it_was_printed_from() -> None:
    other = make_text(remark="at twice the price")
    record = replace(agreed().record, text=other, sha256=fingerprint(other))
    found = judge(record, agreed().pdf)
    assert (found.text_matches, found.file_matches, found.is_bound, found.is_valid) == (True, True, False, False)
    assert not judge(replace(agreed().record, text=other), agreed().pdf).text_matches


@pytest.mark.parametrize("rubbish", [b"", b"%PDF-1.7", b"\x00" * 1000, make_text().encode()], ids=len)
def test_what_is_no_pdf_has_no_signatures(rubbish: bytes) -> None:
    found = forged(rubbish)
    assert not found.is_valid
    assert [one.found for one in found.signatures] == [None, None]


TOUCHED: dict[str, dict[str, Any]] = {
    "the name": {"signatory_name": "张三"},
    "the time": {"signed_at": MOMENT - timedelta(microseconds=1)},
    "the time stamp": {"time_stamped_at": MOMENT + timedelta(seconds=1)},
    "who stamped it": {"time_stamp_authority": "National time"},
    "the company": {"company_id": UUID(int=2)},
    "the signatory": {"member_id": MEMBERS[Side.SUPPLIER]},
    "the certificate": {"certificate": b"another"},
    "the side": {"side": Side.SUPPLIER},
    "the revision": {"revision": 2},
    "the trust level": {"trust_level": TrustLevel.REGISTERED_CERTIFICATE, "company_id": UUID(int=2)},
}


@pytest.mark.parametrize("what", TOUCHED)
def test_anything_that_the_record_says_of_a_signature_is_checked(what: str) -> None:
    buyer, supplier = agreed().record.signatures
    touched = replace(buyer, **TOUCHED[what])
    found = judge(replace(agreed().record, signatures=[touched, supplier]), agreed().pdf)
    assert not found.signatures[0].is_valid
    assert not found.is_valid
