"""Certificates of signatories' own: registered in person, each once, and revoked by their owner or an administrator."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from models import Event, SigningCertificate
from partners.signing.certificates import Authority
from partners.signing.pades import Pades
from partners.signing.pyhanko_forms import as_asn1
from rules.contract import TrustLevel
from rules.people import Actor, CompanyKind, Role
from rules.problems import (
    CertificateOfOthers,
    CertificateRefused,
    CertificateRevoked,
    CertificateUntrusted,
    CertificateUsage,
    CertificateWeak,
    InvalidInput,
    NotAllowed,
    NotFound,
    ProofFailed,
    SignatoryRequired,
    Unauthenticated,
)
from services import clock, passwords
from services.certificates import register_certificate, revoke_certificate
from tests.authenticators import make_app
from tests.certificate_makers import make_certificate
from tests.devices import Device, Issuer, make_ec, make_rsa
from tests.estates import Firm
from tests.makers import HOME
from tests.paper import signing_for_real
from tests.races import at_once


@pytest.fixture(autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Passwords that are checked at once."""
    with passwords.cheaply():
        yield


@pytest.fixture
async def firm(database: str) -> Firm:
    """A company with an administrator and a signatory."""
    return await Firm.made(CompanyKind.BUYER)


def fresh_device(**facts: object) -> Device:
    """Somebody's token."""
    return Device.made(make_ec(), clock.now(), **facts)


async def test_a_certificate_is_registered_in_person_and_the_company_is_told(firm: Firm) -> None:
    device, app = fresh_device(), await make_app(firm.everybody)
    row = await register_certificate(firm.everybody, device.pem, "", app.proof(), address=HOME)
    assert (bytes(row.certificate), row.trust_level, row.member_id) == (
        device.der,
        TrustLevel.REGISTERED_CERTIFICATE,
        firm.everybody.member,
    )
    told = await Event.filter(stream=firm.company.id, kind="COMPANY_CHANGED").order_by("-seq").first()
    assert told is not None
    assert told.body == {"action": "register_certificate", "certificate": str(row.id), "sha256": row.sha256}


async def test_a_wrong_proof_registers_nothing_and_a_wrong_certificate_costs_no_code(firm: Firm) -> None:
    device, app = fresh_device(), await make_app(firm.everybody)
    with pytest.raises(ProofFailed):
        await register_certificate(firm.everybody, device.pem, "", app.proof("wrong horse battery"), address=HOME)
    proof = app.proof()
    with pytest.raises(CertificateUsage):
        await register_certificate(firm.everybody, fresh_device(usage=()).pem, "", proof, address=HOME)
    assert await SigningCertificate.all().count() == 0
    await register_certificate(firm.everybody, device.pem, "", proof, address=HOME)
    assert await SigningCertificate.all().count() == 1


async def test_only_a_signatory_registers(firm: Firm) -> None:
    for actor in (firm.admin, firm.approver):
        proof = (await make_app(actor)).proof()
        with pytest.raises(SignatoryRequired):
            await register_certificate(actor, fresh_device().pem, "", proof, address=HOME)
        with pytest.raises(SignatoryRequired):
            await make_certificate(actor)
    with pytest.raises(Unauthenticated):
        await register_certificate(Actor.anonymous(), fresh_device().pem, "", proof, address=HOME)


@pytest.mark.parametrize(
    ("device", "refusal"),
    [
        (lambda: fresh_device(valid_to=clock.now() - timedelta(seconds=1)), CertificateRefused),
        (lambda: fresh_device(valid_from=clock.now() + timedelta(days=1)), CertificateRefused),
        (lambda: Device.made(make_rsa(1024), clock.now()), CertificateWeak),
        (lambda: fresh_device(usage=("key_encipherment",)), CertificateUsage),
        (lambda: fresh_device(company="另外的公司"), CertificateOfOthers),
    ],
)
async def test_a_certificate_that_is_no_good_is_refused_with_the_reason_and_its_facts(
    firm: Firm, device: object, refusal: type[CertificateRefused]
) -> None:
    made: Device = device()  # type: ignore[operator]
    with pytest.raises(CertificateRefused) as refused:
        await make_certificate(firm.everybody, made)
    assert type(refused.value) is refusal
    assert refused.value.subject
    assert await SigningCertificate.all().count() == 0


@pytest.mark.parametrize(
    "text", ["", "AAAA", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "{0} %s"]
)
async def test_what_is_no_certificate_is_a_wrong_field(firm: Firm, text: str) -> None:
    app = await make_app(firm.everybody)
    with pytest.raises(InvalidInput) as refused:
        await register_certificate(firm.everybody, text, "", app.proof(), address=HOME)
    assert refused.value.faults[0].path == "input.certificate"
    with pytest.raises(InvalidInput) as refused:
        await register_certificate(firm.everybody, fresh_device().pem, "nonsense", app.proof(), address=HOME)
    assert refused.value.faults[0].path == "input.chain"


async def test_one_that_names_the_own_company_or_none_is_taken(firm: Firm) -> None:
    for company in (firm.company.legal_name, None):
        assert (await make_certificate(firm.everybody, fresh_device(company=company))).row.revoked_at is None


async def test_where_authorities_are_trusted_theirs_alone_are_taken(firm: Firm) -> None:
    root = Issuer.made(clock.now())
    between = root.issuer(clock.now())
    strict = Pades(Authority.made(clock.now()), signing_roots=[as_asn1(root.certificate)])
    with signing_for_real(strict):
        own = await make_certificate(firm.everybody, between.device(clock.now()), chain=between.pem)
        assert (own.row.trust_level, len(own.row.chain)) == (TrustLevel.EXTERNAL_CA, 1)
        with pytest.raises(CertificateUntrusted):
            await make_certificate(firm.everybody)


async def test_the_same_one_twice_or_at_once_is_registered_once(firm: Firm) -> None:
    device = fresh_device()
    done, refused = await at_once(*(make_certificate(firm.everybody, device) for _ in range(4)))
    assert refused == []
    assert len({one.row.id for one in done}) == 1
    assert await SigningCertificate.all().count() == 1
    await make_certificate(firm.everybody)
    assert await SigningCertificate.all().count() == 2


async def test_its_owner_or_an_administrator_revokes_it_once_and_nobody_else_knows_of_it(firm: Firm) -> None:
    own = await make_certificate(firm.everybody)
    stranger = await Firm.made(CompanyKind.SUPPLIER)
    with pytest.raises(NotAllowed):
        await revoke_certificate(firm.approver, own.row.id)
    for actor in (stranger.everybody, stranger.admin):
        with pytest.raises(NotFound):
            await revoke_certificate(actor, own.row.id)
    revoked = await revoke_certificate(firm.admin, own.row.id)
    assert (revoked.revoked_by_name, revoked.revoked_at is None) == (firm.admin.name, False)
    again = await revoke_certificate(firm.everybody, own.row.id)
    assert (again.revoked_at, again.revoked_by_name) == (revoked.revoked_at, firm.admin.name)
    with pytest.raises(CertificateRevoked):
        await make_certificate(firm.everybody, own.device)


async def test_one_sees_one_s_own_and_an_administrator_those_of_the_company(firm: Firm) -> None:
    own = (await make_certificate(firm.everybody)).row
    other = await Firm.made(CompanyKind.SUPPLIER)
    theirs = (await make_certificate(other.everybody)).row

    async def seen(actor: Actor) -> set[object]:
        return {row.id for row in await SigningCertificate.visible_to(actor)}

    assert await seen(firm.everybody) == await seen(firm.admin) == {own.id}
    assert await seen(other.admin) == {theirs.id}
    assert await seen(firm.approver) == await seen(Actor.anonymous()) == set()
    assert Role.ADMIN not in firm.approver.roles
