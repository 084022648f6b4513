"""Signing with a key that never was here: what is prepared, what fits it, and everything that does not."""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from models import Company, ContractFile, Event, Order, Signature, SignaturePreparation
from partners.signing.certificates import Authority, Holder
from partners.signing.pades import Pades
from partners.signing.pyhanko_forms import as_asn1, simple_signer
from rules.contract import PreparationStatus, TrustLevel
from rules.lifecycle import OrderStatus
from rules.people import Actor, Role
from rules.problems import (
    CertificateRefused,
    CertificateRevoked,
    ContractLapsed,
    InvalidInput,
    NotFound,
    NotYourTurn,
    PreparationExpired,
    PreparationOutdated,
    PreparationUsed,
    SignatureMismatch,
    StaleVersion,
    Unavailable,
    WrongStatus,
)
from services import clock
from services.certificates import revoke_certificate
from services.contracting import refuse_contract
from services.conversing import post_message
from services.obligations import obligations_of
from services.signing_elsewhere import Bare, Whole, complete_signature, prepare_signature
from services.sweeping import sweep
from services.verifying import verify_contract
from tests.certificate_makers import Registered, make_certificate, make_preparation, make_signed_elsewhere
from tests.devices import Device, Issuer, make_ec, make_rsa
from tests.makers import make_actor, make_key
from tests.order_makers import Parties, contract_of, fresh, make_awarded_order, make_parties, make_signed
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


@pytest.fixture
async def order(parties: Parties) -> Order:
    """An order whose contract waits for both signatures."""
    return await make_awarded_order(parties, prepaid_share=Decimal("0.3"))


@pytest.fixture
async def own(parties: Parties) -> Registered:
    """The buyer's certificate."""
    return await make_certificate(parties.buyer)


async def complete(actor: Actor, prepared: SignaturePreparation, device: Device) -> Order:
    """The order, once the device has signed what was prepared."""
    return await complete_signature(actor, prepared.id, Bare(device.sign(prepared.to_be_signed)))


def whole(device: Device, digest: bytes, *others: Holder) -> Whole:
    """What a signing program of the signatory's would send."""
    signer = simple_signer(Holder(device.key, device.certificate), *others)  # type: ignore[arg-type]
    return Whole(bytes(asyncio.run(signer.async_sign(digest, "sha256", use_pades=True)).dump()))


async def test_a_key_that_never_was_here_signs_and_the_check_says_so(parties: Parties, order: Order) -> None:
    """Scenario: one side signs with its own key, the other by the platform; both in the same file."""
    contract = await contract_of(order)
    mine = await make_certificate(parties.buyer, Device.made(make_rsa(), clock.now(), name=parties.buyer.name))
    order = await make_signed_elsewhere(order, parties.buyer, mine)
    [signature] = await Signature.of(contract.id)
    assert (signature.trust_level, bytes(signature.certificate)) == (TrustLevel.REGISTERED_CERTIFICATE, mine.device.der)
    order = await make_signed(order, parties.supplier)
    assert order.status is OrderStatus.CONTRACTED
    assert [one.open for one in await obligations_of(order)] == [Decimal("129.24")]
    found = await verify_contract(parties.supplier, contract.id)
    assert found.is_valid, found
    assert [one.recorded.trust_level for one in found.signatures] == [
        TrustLevel.REGISTERED_CERTIFICATE,
        TrustLevel.PLATFORM_CA,
    ]
    assert await Event.filter(stream=order.id, kind="CONTRACT_SIGNED").count() == 2


async def test_a_certificate_of_a_trusted_authority_is_told_from_one_s_own_word(parties: Parties, order: Order) -> None:
    root = Issuer.made(clock.now())
    between = root.issuer(clock.now())
    strict = Pades(Authority.made(clock.now()), signing_roots=[as_asn1(root.certificate)])
    with signing_for_real(strict):
        for actor in (parties.buyer, parties.supplier):
            own = await make_certificate(actor, between.device(clock.now()), chain=between.pem)
            order = await make_signed_elsewhere(order, actor, own)
        found = await verify_contract(parties.buyer, (await contract_of(order)).id)
    assert found.is_valid, found
    assert {one.recorded.trust_level for one in found.signatures} == {TrustLevel.EXTERNAL_CA}


async def test_preparing_changes_nothing_about_the_order(parties: Parties, order: Order, own: Registered) -> None:
    before, events = await fresh(order), await Event.filter(stream=order.id).count()
    await make_preparation(order, parties.buyer, own.row)
    after = await fresh(order)
    assert (after.version, after.status, after.updated_at) == (before.version, before.status, before.updated_at)
    assert await Event.filter(stream=order.id).count() == events
    assert await Signature.all().count() == 0


async def test_a_whole_cms_signature_is_as_good_as_a_bare_one(parties: Parties, order: Order, own: Registered) -> None:
    prepared = await make_preparation(order, parties.buyer, own.row)
    given = await asyncio.to_thread(whole, own.device, bytes(prepared.digest))
    await complete_signature(parties.buyer, prepared.id, given)
    assert await Signature.all().count() == 1


async def test_messages_meanwhile_do_no_harm(parties: Parties, order: Order, own: Registered) -> None:
    """They move the order's version, yet not what is signed."""
    prepared = await make_preparation(order, parties.buyer, own.row)
    await post_message(parties.supplier, order.id, "hello", idempotency_key=make_key())
    await complete(parties.buyer, prepared, own.device)
    assert await Signature.all().count() == 1


async def test_the_same_request_is_given_the_same_and_another_one_replaces_it(
    parties: Parties, order: Order, own: Registered
) -> None:
    key = make_key()
    first, again = [await make_preparation(order, parties.buyer, own.row, key=key) for _ in range(2)]
    assert (first.id, first.to_be_signed) == (again.id, bytes(again.to_be_signed))
    second = await make_preparation(order, parties.buyer, own.row)
    assert await SignaturePreparation.filter(status=PreparationStatus.OPEN).count() == 1
    with pytest.raises(PreparationUsed):
        await complete(parties.buyer, first, own.device)
    await complete(parties.buyer, second, own.device)


async def test_preparing_many_times_at_once_leaves_one_open(parties: Parties, order: Order, own: Registered) -> None:
    done, refused = await at_once(*(make_preparation(order, parties.buyer, own.row) for _ in range(3)))
    assert (len(done), refused) == (3, [])
    assert await SignaturePreparation.filter(status=PreparationStatus.OPEN).count() == 1


async def refused(actor: Actor, prepared: SignaturePreparation, given: Bare | Whole, kind: type[Exception]) -> None:
    """It is refused like this, and nothing was written."""
    files = await ContractFile.all().count()
    with pytest.raises(kind):
        await complete_signature(actor, prepared.id, given)
    assert await Signature.all().count() == 0
    assert await ContractFile.all().count() == files


async def test_a_wrong_key_a_wrong_digest_and_another_s_certificate_do_not_fit_and_the_right_one_still_does(
    parties: Parties, order: Order, own: Registered
) -> None:
    prepared = await make_preparation(order, parties.buyer, own.row)
    other, digest = Device.made(make_ec(), clock.now()), bytes(prepared.digest)
    forged = Device(other.key, own.device.certificate)
    wrong = (
        Bare(other.sign(prepared.to_be_signed)),
        Bare(own.device.sign(prepared.to_be_signed + b"!")),
        Bare(own.device.sign(digest)),
        await asyncio.to_thread(whole, other, digest),
        await asyncio.to_thread(whole, forged, digest),
        await asyncio.to_thread(whole, own.device, b"\x07" * 32),
    )
    for given in wrong:
        await refused(parties.buyer, prepared, given, SignatureMismatch)
    await complete(parties.buyer, prepared, own.device)


@pytest.mark.parametrize(
    "rubbish", [b"", b"\x00", b"\x30\x00", b"not a signature", b"\x30\x80" * 500, b"\xff" * 10_000], ids=len
)
async def test_rubbish_is_refused_in_its_own_words(
    parties: Parties, order: Order, own: Registered, rubbish: bytes
) -> None:
    prepared = await make_preparation(order, parties.buyer, own.row)
    await refused(parties.buyer, prepared, Whole(rubbish), InvalidInput)
    with pytest.raises((SignatureMismatch, InvalidInput)):
        await complete_signature(parties.buyer, prepared.id, Bare(rubbish))


async def test_what_a_cms_signature_brings_along_unsigned_does_not_get_into_the_contract(
    parties: Parties, order: Order, own: Registered
) -> None:
    prepared = await make_preparation(order, parties.buyer, own.row)
    others = [Authority.made(clock.now()).issuer for _ in range(20)]
    await complete_signature(
        parties.buyer, prepared.id, await asyncio.to_thread(whole, own.device, bytes(prepared.digest), *others)
    )
    file = await ContractFile.newest((await contract_of(order)).id)
    assert file is not None
    assert others[0].certificate.public_bytes(Encoding.DER).hex().encode() not in file.content


async def test_a_preparation_is_one_s_own_and_of_one_order(parties: Parties, order: Order, own: Registered) -> None:
    other = await make_awarded_order(parties)
    here, there = [await make_preparation(one, parties.buyer, own.row) for one in (order, other)]
    await refused(parties.buyer, here, Bare(own.device.sign(there.to_be_signed)), SignatureMismatch)
    for stranger in (parties.supplier, (await make_parties()).buyer):
        await refused(stranger, here, Bare(own.device.sign(here.to_be_signed)), NotFound)
        with pytest.raises(NotFound):
            await make_preparation(order, stranger, own.row)


async def test_it_is_good_once(parties: Parties, order: Order, own: Registered) -> None:
    prepared = await make_preparation(order, parties.buyer, own.row)
    await complete(parties.buyer, prepared, own.device)
    with pytest.raises(PreparationUsed):
        await complete(parties.buyer, prepared, own.device)
    with pytest.raises(NotYourTurn):
        await make_preparation(order, parties.buyer, own.row)
    assert await Signature.all().count() == 1


async def test_it_is_good_for_a_quarter_of_an_hour(parties: Parties, order: Order, own: Registered) -> None:
    prepared = await make_preparation(order, parties.buyer, own.row)
    given = Bare(own.device.sign(prepared.to_be_signed))
    with clock.held_at(prepared.created_at + timedelta(minutes=15)):
        await refused(parties.buyer, prepared, given, PreparationExpired)
    with clock.held_at(prepared.created_at + timedelta(minutes=15) - timedelta(seconds=1)):
        await complete_signature(parties.buyer, prepared.id, given)


async def test_when_the_other_side_signs_meanwhile_it_has_to_be_prepared_again(
    parties: Parties, order: Order, own: Registered
) -> None:
    prepared = await make_preparation(order, parties.buyer, own.row)
    await make_signed(order, parties.supplier)
    with pytest.raises(PreparationOutdated):
        await complete(parties.buyer, prepared, own.device)
    order = await make_signed_elsewhere(order, parties.buyer, own)
    assert order.status is OrderStatus.CONTRACTED


async def test_when_the_contract_is_refused_or_runs_out_meanwhile_there_is_nothing_to_sign(
    parties: Parties, order: Order, own: Registered
) -> None:
    other = await make_awarded_order(parties)
    prepared, lapsing = [await make_preparation(one, parties.buyer, own.row) for one in (order, other)]
    await refuse_contract(parties.supplier, order.id, (await fresh(order)).version_for(parties.supplier), "no")
    given = Bare(own.device.sign(prepared.to_be_signed))
    await refused(parties.buyer, prepared, given, WrongStatus)
    contract = await contract_of(other)
    await SignaturePreparation.filter(id=lapsing.id).update(expires_at=contract.sign_by + timedelta(days=1))
    with clock.held_at(contract.sign_by):
        await refused(parties.buyer, lapsing, Bare(own.device.sign(lapsing.to_be_signed)), ContractLapsed)


async def test_a_certificate_that_was_revoked_or_ran_out_meanwhile_signs_no_more(
    parties: Parties, order: Order, own: Registered
) -> None:
    soon = clock.now() + timedelta(minutes=5)
    short = await make_certificate(parties.buyer, Device.made(make_ec(), clock.now(), valid_to=soon))
    prepared = await make_preparation(order, parties.buyer, short.row)
    with clock.held_at(soon):
        await refused(parties.buyer, prepared, Bare(short.device.sign(prepared.to_be_signed)), CertificateRefused)
        with pytest.raises(CertificateRefused):
            await make_preparation(order, parties.buyer, short.row)
    prepared = await make_preparation(order, parties.buyer, own.row)
    await revoke_certificate(parties.buyer, own.row.id)
    await refused(parties.buyer, prepared, Bare(own.device.sign(prepared.to_be_signed)), CertificateRevoked)
    with pytest.raises(CertificateRevoked):
        await make_preparation(order, parties.buyer, own.row)


async def test_one_that_is_revoked_later_keeps_what_it_signed(parties: Parties, order: Order, own: Registered) -> None:
    order = await make_signed(await make_signed_elsewhere(order, parties.buyer, own), parties.supplier)
    await revoke_certificate(parties.buyer, own.row.id)
    assert (await verify_contract(parties.buyer, (await contract_of(order)).id)).is_valid


async def test_a_colleague_s_certificate_is_none(parties: Parties, order: Order, own: Registered) -> None:
    colleague = await make_actor(await Company.named(parties.buyer.home), Role.SIGNATORY, Role.ADMIN)
    with pytest.raises(NotFound):
        await make_preparation(order, colleague, own.row)


async def test_whoever_has_not_read_the_newest_version_prepares_nothing(
    parties: Parties, order: Order, own: Registered
) -> None:
    with pytest.raises(StaleVersion):
        await prepare_signature(parties.buyer, order.id, own.row.id, order.version - 1, idempotency_key=make_key())
    assert await SignaturePreparation.all().count() == 0


async def test_while_the_time_stamp_authority_is_away_nothing_changes_and_the_same_signature_is_good_later(
    parties: Parties, order: Order, own: Registered, for_real: Pades
) -> None:
    prepared, before = await make_preparation(order, parties.buyer, own.row), await fresh(order)
    given = Bare(own.device.sign(prepared.to_be_signed))
    deaf = Pades(Authority.made(clock.now()), time_stamp_url="http://127.0.0.1:9/")
    with signing_for_real(deaf):
        await refused(parties.buyer, prepared, given, Unavailable)
    assert (await fresh(order)).version == before.version
    await complete_signature(parties.buyer, prepared.id, given)
    assert await Signature.all().count() == 1


async def test_of_the_same_signature_twice_at_once_one_counts_twenty_times_over(parties: Parties) -> None:
    own = await make_certificate(parties.buyer)
    for _ in range(20):
        order = await make_awarded_order(parties)
        prepared = await make_preparation(order, parties.buyer, own.row)
        done, refusals = await at_once(*(complete(parties.buyer, prepared, own.device) for _ in range(2)))
        assert (len(done), len(refusals)) == (1, 1)
        assert isinstance(refusals[0], PreparationUsed | NotYourTurn)
        assert await Signature.filter(contract__order_id=order.id).count() == 1
        assert (await fresh(order)).version == order.version + 1


async def test_of_both_sides_at_once_one_signs_and_the_other_prepares_again(parties: Parties) -> None:
    owns = [(actor, await make_certificate(actor)) for actor in (parties.buyer, parties.supplier)]
    for _ in range(5):
        order = await make_awarded_order(parties)
        prepared = [(actor, own, await make_preparation(order, actor, own.row)) for actor, own in owns]
        done, refusals = await at_once(*(complete(actor, one, own.device) for actor, own, one in prepared))
        assert (len(done), [type(one) for one in refusals]) == (1, [PreparationOutdated])
        for actor, own in owns:
            if (await fresh(order)).status is OrderStatus.PENDING_SIGNATURE and not await has_signed(order, actor):
                order = await make_signed_elsewhere(order, actor, own)
        assert (await fresh(order)).status is OrderStatus.CONTRACTED
        assert (await verify_contract(parties.buyer, (await contract_of(order)).id)).is_valid


async def has_signed(order: Order, actor: Actor) -> bool:
    """Whether the actor's signature is on the order's contract."""
    return await Signature.filter(contract__order_id=order.id, member_id=actor.member).exists()


async def test_what_ran_out_is_remembered_for_a_day(parties: Parties, order: Order, own: Registered) -> None:
    """So that whoever comes late is told why."""
    prepared = await make_preparation(order, parties.buyer, own.row)
    for later, left in ((timedelta(hours=24), 1), (timedelta(hours=24, seconds=1), 0)):
        with clock.held_at(prepared.expires_at + later):
            await sweep()
        assert await SignaturePreparation.all().count() == left


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler's pdfsig is not installed; see docs/decisions/0062")
async def test_an_independent_tool_finds_both_signatures_valid(
    parties: Parties, order: Order, own: Registered, tmp_path: Path
) -> None:
    theirs = await make_certificate(parties.supplier, Device.made(make_rsa(), clock.now(), name="A supplier"))
    order = await make_signed_elsewhere(order, parties.buyer, own)
    await make_signed_elsewhere(order, parties.supplier, theirs)
    file = await ContractFile.newest((await contract_of(order)).id)
    assert file is not None
    path = tmp_path / "contract.pdf"
    path.write_bytes(file.content)
    command = ["pdfsig", "-nocert", str(path)]
    told = (await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)).stdout
    assert told.count("Signature is Valid.") == 2
    assert told.count("ETSI.CAdES.detached") == 2
    assert told.count("- Total document signed") == 1
    assert "A supplier" in told
