"""Framework agreements on paper: printed, signed for real, checked byte for byte."""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import AgreementFile, AgreementSignature, Contract, Event, FrameworkAgreement
from models.database import pool
from partners.signing.certificates import Authority
from partners.signing.pades import Pades
from rules.agreement import AgreementStatus
from rules.contract import TrustLevel
from rules.people import CompanyKind, Role
from rules.problems import NotFound, Unavailable
from services import clock
from services.framing import sign_agreement_proven
from services.printing import pdf_of
from services.verifying import verify_agreement, verify_contract
from tests.agreement_makers import (
    fresh_agreement,
    make_accepted_order,
    make_agreement,
    make_proposal,
    make_signed_agreement,
)
from tests.makers import make_actor, make_company
from tests.order_makers import Parties, contract_of, make_parties
from tests.paper import signing_for_real
from tests.races import at_once


@pytest.fixture(autouse=True)
def for_real() -> Iterator[Pades]:
    """Typst and pyHanko."""
    with signing_for_real() as signer:
        yield signer


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def test_both_signatures_stand_in_one_file_and_every_check_says_so(parties: Parties) -> None:
    agreement = await make_agreement(parties)
    signatures = await AgreementSignature.of(agreement.id)
    assert [(one.trust_level, one.revision) for one in signatures] == [
        (TrustLevel.PLATFORM_CA, 1),
        (TrustLevel.PLATFORM_CA, 2),
    ]
    found = await verify_agreement(parties.buyer, agreement.id)
    assert found.is_valid, found
    contract = await contract_of(await make_accepted_order(parties))
    verdict = await verify_contract(parties.supplier, contract.id)
    assert verdict.is_valid
    assert verdict.agreement is not None
    assert verdict.agreement.file_sha256 == found.file_sha256


async def test_a_half_signed_one_is_good_and_not_enough(parties: Parties) -> None:
    agreement = await make_signed_agreement(await make_proposal(parties), parties.buyer)
    found = await verify_agreement(parties.supplier, agreement.id)
    assert ([one.is_valid for one in found.signatures], found.is_valid) == ([True], False)


async def test_both_at_the_same_moment_make_one_effective_agreement(parties: Parties) -> None:
    for _ in range(3):
        agreement = await make_proposal(parties)
        done, refused = await at_once(
            *(
                sign_agreement_proven(actor, agreement.id, agreement.version, agreement.sha256)
                for actor in (parties.buyer, parties.supplier)
            )
        )
        assert (len(done), refused) == (2, [])
        assert (await fresh_agreement(agreement)).status is AgreementStatus.ACTIVE
        assert (await verify_agreement(parties.buyer, agreement.id)).is_valid
        assert await Event.filter(stream=agreement.id, kind="AGREEMENT_SIGNED").count() == 2


async def test_the_same_side_twice_at_once_signs_once(parties: Parties) -> None:
    agreement = await make_proposal(parties)
    done, refused = await at_once(
        *(sign_agreement_proven(parties.buyer, agreement.id, agreement.version, agreement.sha256) for _ in range(2))
    )
    assert (len(done), len(refused)) == (1, 1)
    assert await AgreementSignature.all().count() == 1


async def test_a_time_stamp_that_cannot_be_had_changes_nothing(parties: Parties) -> None:
    agreement = await make_proposal(parties)
    deaf = Pades(Authority.made(clock.now()), time_stamp_url="http://127.0.0.1:9/")
    with signing_for_real(deaf), pytest.raises(Unavailable):
        await make_signed_agreement(agreement, parties.buyer)
    assert (await fresh_agreement(agreement)).version == agreement.version
    assert await AgreementSignature.all().count() == 0
    await make_signed_agreement(agreement, parties.buyer)


CHANGED = {
    "a byte of the file": "UPDATE agreement_file SET content = set_byte(content, 5000, get_byte(content, 5000) # 1) WHERE revision = 2",
    "a byte of the file, and its hash": (
        "UPDATE agreement_file SET content = set_byte(content, 5000, get_byte(content, 5000) # 1), "
        "sha256 = encode(sha256(set_byte(content, 5000, get_byte(content, 5000) # 1)), 'hex') WHERE revision = 2"
    ),
    "who signed": "UPDATE agreement_signature SET signatory_name = '张三' WHERE side = 'SUPPLIER'",
    "the certificate": "UPDATE agreement_signature SET certificate = certificate || '\\x00' WHERE side = 'BUYER'",
    "the text": "UPDATE framework_agreement SET text = replace(text, '1000', '9000')",
}


@pytest.mark.parametrize("what", CHANGED)
async def test_whatever_is_changed_with_the_database_in_hand_shows(parties: Parties, what: str) -> None:
    agreement = await make_agreement(parties)
    async with pool().acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        assert await connection.execute(CHANGED[what]) == "UPDATE 1"
    assert not (await verify_agreement(parties.buyer, agreement.id)).is_valid


async def test_its_parties_alone_get_it_on_paper_and_all_of_them_the_same(parties: Parties) -> None:
    agreement = await make_proposal(parties)
    files = await asyncio.gather(
        *(pdf_of(actor, FrameworkAgreement, agreement.id) for actor in [parties.buyer, parties.supplier] * 2)
    )
    assert len({file.sha256 for _, file in files}) == 1
    assert await AgreementFile.all().count() == 1
    rival = await make_actor(await make_company(CompanyKind.SUPPLIER), Role.SIGNATORY)
    for kind, key in ((FrameworkAgreement, agreement.id), (Contract, agreement.id)):
        with pytest.raises(NotFound):
            await pdf_of(rival, kind, key)  # type: ignore[type-var]  # either is asked for


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler's pdfsig is not installed; see docs/decisions/0062")
async def test_an_independent_tool_finds_both_signatures_valid(parties: Parties, tmp_path: Path) -> None:
    _, file = await pdf_of(parties.buyer, FrameworkAgreement, (await make_agreement(parties)).id)
    path = tmp_path / "agreement.pdf"
    path.write_bytes(file.content)
    command = ["pdfsig", "-nocert", str(path)]
    told = (await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)).stdout
    assert told.count("Signature is Valid.") == 2
    assert told.count("- Total document signed") == 1
