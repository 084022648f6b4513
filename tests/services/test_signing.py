"""Signing for real: proven in person, on the newest revision, once, and without holding up anybody else."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import ContractFile, Event, Order, Signature
from partners.signing.certificates import Authority
from partners.signing.pades import Pades
from rules.contract import TrustLevel
from rules.lifecycle import OrderStatus
from rules.problems import ContractChanged, ProofFailed, TotpRequired, Unavailable
from services import clock, passwords
from services.signing import sign_contract, sign_proven
from services.totp import Proof
from services.verifying import verify_contract
from tests.authenticators import make_app
from tests.makers import HOME
from tests.order_makers import Parties, contract_of, fresh, make_awarded_order, make_parties, make_signed
from tests.paper import signing_for_real
from tests.races import at_once


@pytest.fixture(autouse=True)
def for_real() -> Iterator[Pades]:
    """Typst and pyHanko, and cheap passwords."""
    with passwords.cheaply(), signing_for_real() as signer:
        yield signer


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


@pytest.fixture
async def order(parties: Parties) -> Order:
    """An order whose contract waits for both signatures."""
    return await make_awarded_order(parties)


async def test_whoever_proves_who_they_are_signs_with_a_certificate_of_their_own(
    parties: Parties, order: Order
) -> None:
    contract, app = await contract_of(order), await make_app(parties.buyer)
    order = await sign_contract(parties.buyer, order.id, order.version, contract.sha256, app.proof(), address=HOME)
    [signature] = await Signature.of(contract.id)
    assert (signature.trust_level, signature.revision) == (TrustLevel.PLATFORM_CA, 1)
    assert parties.buyer.name in signature.certificate_subject
    assert signature.time_stamp_authority == "Dinghuo local time stamp authority"
    revisions = await ContractFile.filter(contract_id=contract.id).order_by("revision")
    assert [file.revision for file in revisions] == [0, 1]
    assert revisions[1].content.startswith(revisions[0].content), "a signature adds, and changes nothing"


async def test_a_refused_text_or_proof_leaves_nothing_and_a_refused_text_costs_no_code(
    parties: Parties, order: Order
) -> None:
    sha256 = (await contract_of(order)).sha256

    async def sign(text: str, proof: Proof) -> None:
        await sign_contract(parties.buyer, order.id, order.version, text, proof, address=HOME)

    app = await make_app(parties.supplier)
    with pytest.raises(TotpRequired):
        await sign(sha256, app.proof())
    app = await make_app(parties.buyer)
    proof = app.proof()
    with pytest.raises(ContractChanged):
        await sign("0" * 64, proof)
    with pytest.raises(ProofFailed):
        await sign(sha256, app.proof("wrong horse battery"))
    assert await Signature.all().count() == 0
    await sign(sha256, proof)
    with pytest.raises(Exception, match="Somebody"):
        await sign(sha256, proof)
    assert await Signature.all().count() == 1


async def test_both_at_the_same_moment_make_one_effective_contract_with_two_valid_signatures(
    parties: Parties, order: Order
) -> None:
    """Scenario 18, with real files: the second signature is put on the first one's revision, whoever was first."""
    contract = await contract_of(order)
    signed, refused = await at_once(
        *(
            sign_proven(actor, order.id, order.version_for(actor), contract.sha256)
            for actor in (parties.buyer, parties.supplier)
        )
    )
    assert (len(signed), refused) == (2, [])
    assert (await fresh(order)).status is OrderStatus.CONTRACTED
    assert await Event.filter(stream=order.id, kind="CONTRACT_SIGNED").count() == 2
    found = await verify_contract(parties.buyer, contract.id)
    assert found.is_valid, found
    assert sorted(one.recorded.revision for one in found.signatures) == [1, 2]


async def test_a_time_stamp_that_cannot_be_had_is_told_and_changes_nothing(parties: Parties, order: Order) -> None:
    version = (await fresh(order)).version
    deaf = Pades(Authority.made(clock.now()), time_stamp_url="http://127.0.0.1:9/")
    with signing_for_real(deaf), pytest.raises(Unavailable):
        await make_signed(order, parties.buyer)
    assert (await fresh(order)).version == version
    assert await Signature.all().count() == 0


async def test_others_are_served_while_somebody_signs(parties: Parties, order: Order) -> None:
    """A loop that printed and signed itself, or waited for who does, would stand still while most of the work is done. Counted in the work
    of this process, since on a busy machine all of it may stand still."""
    longest, is_over = 0.0, False

    async def watch() -> None:
        nonlocal longest
        while not is_over:
            began = time.process_time()
            await asyncio.sleep(0.001)
            longest = max(longest, time.process_time() - began)

    watching = asyncio.create_task(watch())
    began = time.process_time()
    await make_signed(await make_signed(order, parties.buyer), parties.supplier)
    worked, is_over = time.process_time() - began, True
    await watching
    assert worked > 0.1, "there was something to do"
    assert longest < worked / 2


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler's pdfsig is not installed; see docs/decisions/0062")
async def test_an_independent_tool_finds_both_signatures_valid(parties: Parties, order: Order, tmp_path: Path) -> None:
    await make_signed(await make_signed(order, parties.buyer), parties.supplier)
    file = await ContractFile.newest((await contract_of(order)).id)
    assert file is not None
    path = tmp_path / "contract.pdf"
    path.write_bytes(file.content)
    command = ["pdfsig", "-nocert", str(path)]
    told = (await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)).stdout
    assert told.count("Signature is Valid.") == 2
    assert told.count("ETSI.CAdES.detached") == 2
    assert told.count("- Total document signed") == 1
    assert parties.buyer.name in told
