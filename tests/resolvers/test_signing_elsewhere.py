"""Signing with one's own key in the schema: registered, prepared, signed by the client, checked; and what is refused on the way."""

import base64
import hashlib
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from models import Order
from resolvers.ids import encode_id
from services import clock, passwords
from tests.authenticators import App, make_app
from tests.devices import Device, make_ec, make_rsa
from tests.makers import PASSWORD, make_key
from tests.order_makers import Parties, contract_of, fresh, make_awarded_order, make_parties
from tests.paper import signing_for_real
from tests.resolvers.asking import ask, do

PREPARED = """preparation { id toBeSigned toBeSignedDigest digestAlgorithm documentDigest expiresAt
    contract { sha256 } certificate { id trustLevel } }"""
CERTIFICATES = "{ certificates { nodes { id subject trustLevelLabel revokedAt member { displayName } pem } } }"
VERIFY = """query ($id: ID!) { verifyContract(id: $id) { isValid
    signatures { side trustLevel isTrusted isValid certificate { subject } timeStamp { authority } } } }"""
OPENSSL = which("openssl")


@pytest.fixture(autouse=True)
def for_real() -> Iterator[None]:
    """Everybody who registers gives a password, and files are real."""
    with passwords.cheaply(), signing_for_real():
        yield


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def register(parties: Parties, pem: str, app: App, **more: str) -> Any:
    """What the buyer is told who registers this."""
    return await do(
        parties.buyer,
        "registerCertificate",
        "certificate { id sha256 trustLevel subject }",
        certificate=pem,
        password=PASSWORD,
        totpCode=app.code(),
        **more,
    )


async def prepare(parties: Parties, order: Order, certificate: str) -> Any:
    """What the buyer has to sign."""
    now = await fresh(order)
    return await do(
        parties.buyer,
        "prepareSignature",
        PREPARED,
        orderId=encode_id("Order", order.id),
        certificateId=certificate,
        expectedVersion=now.version_for(parties.buyer),
        idempotencyKey=make_key(),
    )


async def complete(parties: Parties, preparation: str, **given: str) -> Any:
    """What the buyer is told who brings this."""
    return await do(parties.buyer, "completeSignature", "order { status turn }", preparationId=preparation, **given)


async def test_a_client_with_a_key_of_its_own_signs(parties: Parties) -> None:
    order, app = await make_awarded_order(parties), await make_app(parties.buyer)
    device = Device.made(make_rsa(), clock.now(), name=parties.buyer.name)
    certificate = (await register(parties, device.pem, app))["certificate"]
    assert (certificate["trustLevel"], certificate["sha256"]) == (
        "REGISTERED_CERTIFICATE",
        hashlib.sha256(device.der).hexdigest(),
    )
    told = (await prepare(parties, order, certificate["id"]))["preparation"]
    said = base64.b64decode(told["toBeSigned"])
    assert base64.b64decode(told["toBeSignedDigest"]) == hashlib.sha256(said).digest()
    assert base64.b64decode(told["documentDigest"]) in said
    assert told["contract"]["sha256"] == (await contract_of(order)).sha256
    signed = await complete(parties, told["id"], signature=device.answer(told["toBeSigned"]))
    assert signed["order"] == {"status": "PENDING_SIGNATURE", "turn": "SUPPLIER"}
    found = await ask(parties.supplier, VERIFY, id=encode_id("Contract", (await contract_of(order)).id))
    [signature] = found["signatures"]
    assert (signature["trustLevel"], signature["isTrusted"], signature["isValid"]) == (
        "REGISTERED_CERTIFICATE",
        True,
        True,
    )
    again = await complete(parties, told["id"], signature=device.answer(told["toBeSigned"]))
    assert again["code"] == "PREPARATION_USED"


@pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed; see docs/decisions/0100")
async def test_openssl_is_all_it_takes(parties: Parties, tmp_path: Path) -> None:
    """As the README says."""
    order, app = await make_awarded_order(parties), await make_app(parties.buyer)

    def run(*words: str, given: bytes = b"") -> bytes:
        return subprocess.run(
            [OPENSSL or "", *words], cwd=tmp_path, input=given, capture_output=True, check=True
        ).stdout

    made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256 -days 365 -nodes -keyout own.key -out own.crt"
    usage = ("basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature,nonRepudiation")
    run(*made.split(), "-subj", "/CN=Wang Fang", *(word for one in usage for word in ("-addext", one)))
    registered = await register(parties, (tmp_path / "own.crt").read_text(), app)
    told = (await prepare(parties, order, registered["certificate"]["id"]))["preparation"]
    signature = run("dgst", "-sha256", "-sign", "own.key", given=base64.b64decode(told["toBeSigned"]))
    signed = await complete(parties, told["id"], signature=base64.b64encode(signature).decode())
    assert signed["order"]["turn"] == "SUPPLIER"


async def test_what_does_not_fit_is_told_with_what_would(parties: Parties) -> None:
    order, app = await make_awarded_order(parties), await make_app(parties.buyer)
    device, other = Device.made(make_ec(), clock.now()), Device.made(make_ec(), clock.now())
    certificate = (await register(parties, device.pem, app))["certificate"]
    told = (await prepare(parties, order, certificate["id"]))["preparation"]
    wrong = await complete(parties, told["id"], signature=other.answer(told["toBeSigned"]))
    assert (wrong["code"], wrong["certificateSha256"]) == ("SIGNATURE_MISMATCH", certificate["sha256"])
    digest = base64.b64decode(told["toBeSignedDigest"]).hex()
    assert wrong["toBeSignedSha256"] == digest


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "input.signature"),
        ({"signature": "AAAA", "cms": "AAAA"}, "input.signature"),
        ({"signature": "not base64!"}, "input.signature"),
        ({"cms": "AAAA"}, "input.cms"),
        ({"cms": "A" * 1_000_000}, "input.cms"),
        ({"signature": "A" * 1_000_000}, "input.signature"),
    ],
    ids=["nothing", "both", "no base64", "no cms", "a huge cms", "a huge signature"],
)
async def test_what_is_no_signature_is_a_wrong_field(parties: Parties, given: dict[str, str], field: str) -> None:
    order, app = await make_awarded_order(parties), await make_app(parties.buyer)
    certificate = (await register(parties, Device.made(make_ec(), clock.now()).pem, app))["certificate"]
    told = (await prepare(parties, order, certificate["id"]))["preparation"]
    answer = await complete(parties, told["id"], **given)
    assert (answer["code"], [fault["field"] for fault in answer["faults"]]) == ("INVALID_INPUT", [field])


async def test_a_certificate_that_is_no_good_is_refused_with_its_dates(parties: Parties) -> None:
    app = await make_app(parties.buyer)
    device = Device.made(make_ec(), clock.now(), valid_to=clock.now(), name="李敏")
    answer = await register(parties, device.pem, app)
    assert (answer["code"], answer["sha256"]) == ("CERTIFICATE_NOT_VALID", hashlib.sha256(device.der).hexdigest())
    assert "李敏" in answer["subject"]
    assert datetime.fromisoformat(answer["validUntil"]) <= clock.now()


async def test_one_s_certificates_are_listed_and_revoked(parties: Parties) -> None:
    app = await make_app(parties.buyer)
    device = Device.made(make_ec(), clock.now())
    certificate = (await register(parties, base64.b64encode(device.der).decode(), app, chain=""))["certificate"]
    [listed] = (await ask(parties.buyer, CERTIFICATES, locale="zh-CN"))["nodes"]
    assert (listed["id"], listed["trustLevelLabel"], listed["revokedAt"]) == (certificate["id"], "签约人自有证书", None)
    assert listed["pem"].strip() == device.pem.strip()
    assert (await ask(parties.supplier, CERTIFICATES))["nodes"] == []
    gone = {"certificateId": certificate["id"]}
    shown = "certificate { revokedAt revokedByName }"
    revoked = await do(parties.buyer, "revokeCertificate", shown, **gone)
    assert revoked["certificate"]["revokedByName"] == parties.buyer.name
    assert (await do(parties.supplier, "revokeCertificate", shown, **gone))["code"] == "NOT_FOUND"
    order = await make_awarded_order(parties)
    assert (await prepare(parties, order, certificate["id"]))["code"] == "CERTIFICATE_REVOKED"
