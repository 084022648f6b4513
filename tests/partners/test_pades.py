"""Signatures as PAdES: by the platform's authority, by outsiders' certificates, and with time stamps from here or elsewhere."""

import asyncio
import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from partners.documents import FIELDS
from partners.signing import BadChain, NotThisDocument, NotTrusted, Own, Signatory, SigningFailed, Unfit
from partners.signing.certificates import Authority, Holder
from partners.signing.pades import Pades
from partners.signing.pyhanko_forms import as_asn1, certificates_in, described, simple_signer
from partners.signing.time_stamps import granted
from rules.lifecycle import Side
from tests.agreements import MOMENT, agreed, put_signature, stamp_of
from tests.devices import Device, Issuer, Key, make_ec, make_rsa

DIGEST = b"\x07" * 32
SIGNATORY = Signatory("王芳", "a-member", "上海明远机械制造有限公司", "91310000MA0DEM0016")


@contextmanager
def authority_at(holder: Holder, issuer: Holder, *, answers: str = "granted") -> Iterator[str]:
    """The URL of a time stamp authority elsewhere (RFC 3161 §3.4)."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["content-length"])))
            signer = simple_signer(holder, issuer)
            reply = asyncio.run(granted(asked, signer, as_asn1(holder.certificate), MOMENT))
            if answers == "rejection":
                reply = tsp.TimeStampResp({"status": {"status": "rejection"}})
            self.send_response(200)
            self.send_header("content-type", "text/plain" if answers == "text" else "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(b"\x30\x03" if answers == "garbage" else reply.dump())

        def log_message(self, *said: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def outsider() -> tuple[Holder, Authority]:
    """Somebody with a certificate of another authority, and that authority."""
    authority = Authority.made(MOMENT)
    return authority.issue(SIGNATORY, MOMENT), authority


def cms_by(holder: Holder, digest: bytes = DIGEST) -> bytes:
    """What a signatory's own device would send."""
    return bytes(asyncio.run(simple_signer(holder).async_sign(digest, "sha256", use_pades=True)).dump())


def der(holder: Holder) -> bytes:
    """The holder's certificate."""
    return holder.certificate.public_bytes(Encoding.DER)


def test_an_authority_is_kept_with_its_keys_and_tells_its_own_from_others() -> None:
    kept = Authority.from_pem(agreed().signer._authority.pem())
    assert all(one.holds for one in Pades(kept).examine(agreed().pdf).signatures)
    assert not any(one.holds for one in Pades(Authority.made(MOMENT)).examine(agreed().pdf).signatures)


def test_no_two_signatures_share_a_key() -> None:
    buyer, supplier = (one.certificate for one in agreed().signer.examine(agreed().pdf).signatures)
    assert buyer.sha256 != supplier.sha256
    assert Authority.made(MOMENT).issue(SIGNATORY, MOMENT).key != Authority.made(MOMENT).issue(SIGNATORY, MOMENT).key


def test_names_are_cut_to_what_a_certificate_has_room_for() -> None:
    long = Signatory("长" * 120, "a-member", "限" * 200, SIGNATORY.credit_code)
    pem = Authority.made(MOMENT).issue(long, MOMENT).certificate.public_bytes(Encoding.PEM)
    found = described(*certificates_in(pem))
    assert (found.common_name, found.organisation) == ("长" * 20 + "…", "限" * 63 + "…")
    assert found.is_of(long.name, "a-member")
    assert found.names(long.company, long.credit_code)
    assert not found.is_of("另外的人", "a-member")
    assert not found.names("别的公司", "91320500MA0DEM0035")


@pytest.mark.parametrize(
    "text", [b"", b"no certificate", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_what_is_no_certificate_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"is no PEM|holds a"):
        certificates_in(text)


def test_an_authority_elsewhere_that_is_trusted_vouches_for_the_time() -> None:
    elsewhere = Authority.made(MOMENT)
    with authority_at(elsewhere.clock, elsewhere.issuer) as url:
        trusting = Pades(Authority.made(MOMENT), time_stamp_url=url, trusted=[as_asn1(elsewhere.issuer.certificate)])
        made = put_signature(trusting, agreed().revisions[0], Side.BUYER)
        assert made.stamped_at == MOMENT
        assert trusting.examine(made.pdf).signatures[0].holds
        assert trusting.authority == "127.0.0.1"
        with pytest.raises(SigningFailed, match="nobody here trusts it"):
            put_signature(Pades(Authority.made(MOMENT), time_stamp_url=url), agreed().revisions[0], Side.BUYER)


@pytest.mark.parametrize("answers", ["rejection", "text", "garbage"])
def test_an_authority_that_gives_no_stamp_fails_the_signing(answers: str) -> None:
    elsewhere = Authority.made(MOMENT)
    with authority_at(elsewhere.clock, elsewhere.issuer, answers=answers) as url, pytest.raises(SigningFailed):
        put_signature(Pades(Authority.made(MOMENT), time_stamp_url=url), agreed().revisions[0], Side.BUYER)


def own(holder: Holder) -> Own:
    """The holder's certificate, for which nobody else speaks."""
    return agreed().signer.own(der(holder), (), is_vouched=False)


def trusting(authority: Authority) -> Pades:
    """A signer that takes certificates of this authority alone."""
    return Pades(Authority.made(MOMENT), signing_roots=[as_asn1(authority.issuer.certificate)])


def test_a_signature_made_elsewhere_with_a_registered_certificate_is_taken_in() -> None:
    signer, (holder, _) = agreed().signer, outsider()
    prepared = signer.prepare(agreed().revisions[0], FIELDS[Side.BUYER], stamp_of(Side.BUYER), MOMENT)
    cms = signer.read(cms_by(holder, prepared.digest), prepared.digest, own(holder), MOMENT)
    made = signer.complete(prepared, cms, MOMENT)
    assert made.certificate.der == der(holder)
    assert signer.examine(made.pdf, [der(holder)]).signatures[0].holds
    assert not signer.examine(made.pdf).signatures[0].holds, "nobody vouches for it but the registration"


@pytest.mark.parametrize("make", [make_ec, lambda: make_ec("P-384"), make_rsa])
def test_a_bare_signature_over_the_signed_attributes_is_as_good_as_a_whole_one(make: Callable[[], Key]) -> None:
    signer, device = agreed().signer, Device.made(make(), MOMENT)
    holder = signer.own(device.der, (), is_vouched=False)
    prepared = signer.prepare(agreed().revisions[0], FIELDS[Side.BUYER], stamp_of(Side.BUYER), MOMENT)
    said = signer.attributes(prepared.digest, holder)
    cms = signer.read(signer.assembled(said, device.sign(said), holder), prepared.digest, holder, MOMENT)
    made = signer.complete(prepared, cms, MOMENT)
    assert signer.examine(made.pdf, [device.der]).signatures[0].holds
    with pytest.raises(NotThisDocument):
        signer.read(signer.assembled(said, device.sign(said + b"!"), holder), prepared.digest, holder, MOMENT)


def test_what_a_signature_brings_along_unsigned_does_not_get_into_the_file() -> None:
    signer, (holder, authority) = agreed().signer, outsider()
    with_issuer = simple_signer(holder, authority.issuer)
    brought = bytes(asyncio.run(with_issuer.async_sign(DIGEST, "sha256", use_pades=True)).dump())
    taken = signer.read(brought, DIGEST, own(holder), MOMENT)
    assert der(authority.issuer) in brought
    assert der(authority.issuer) not in taken
    assert der(holder) in taken


def test_a_signature_made_elsewhere_is_refused_unless_it_is_over_this_document_by_its_own_certificate() -> None:
    signer, (holder, authority) = agreed().signer, outsider()
    other, _ = outsider()
    with pytest.raises(NotThisDocument):
        signer.read(cms_by(holder, b"\x08" * 32), DIGEST, own(holder), MOMENT)
    with pytest.raises(NotTrusted):
        signer.read(cms_by(holder), DIGEST, own(other), MOMENT)
    with pytest.raises(NotThisDocument):
        signer.read(cms_by(Holder(other.key, holder.certificate)), DIGEST, own(holder), MOMENT)
    with pytest.raises(NotTrusted):
        signer.read(cms_by(holder), DIGEST, own(holder), MOMENT + timedelta(days=365 * 21))
    vouched = Own(own(holder).certificate, (), is_vouched=True)
    assert trusting(authority).read(cms_by(holder), DIGEST, vouched, MOMENT)
    with pytest.raises(NotTrusted):
        trusting(outsider()[1]).read(cms_by(holder), DIGEST, vouched, MOMENT)


@pytest.mark.parametrize("rubbish", [b"", b"\x30\x00", b"not a signature", b"\x30\x80" * 50])
def test_what_is_no_signature_at_all_is_told_from_a_wrong_one(rubbish: bytes) -> None:
    with pytest.raises(ValueError, match="is no detached CAdES signature"):
        agreed().signer.read(rubbish, DIGEST, own(outsider()[0]), MOMENT)


def test_whoever_trusts_authorities_takes_their_certificates_alone_with_the_way_to_them() -> None:
    root = Issuer.made(MOMENT)
    between = root.issuer(MOMENT)
    device = between.device(MOMENT)
    strict = Pades(Authority.made(MOMENT), signing_roots=[as_asn1(root.certificate)])
    found, fault = strict.vet(device.pem, between.pem + root.pem, MOMENT)
    assert (fault, found.is_vouched, found.chain) == (None, True, (between.der,))
    assert strict.vet(device.pem, "", MOMENT)[1] is Unfit.UNTRUSTED
    assert strict.vet(Device.made(make_ec(), MOMENT).pem, "", MOMENT)[1] is Unfit.UNTRUSTED
    freely, fault = agreed().signer.vet(device.pem, between.pem, MOMENT)
    assert (fault, freely.is_vouched, freely.chain) == (None, False, ())


def test_a_signature_by_way_of_an_authority_between_holds_with_the_root_alone() -> None:
    root = Issuer.made(MOMENT)
    between = root.issuer(MOMENT)
    device = between.device(MOMENT)
    strict = Pades(Authority.made(MOMENT), signing_roots=[as_asn1(root.certificate)])
    holder, _ = strict.vet(device.pem, between.pem, MOMENT)
    prepared = strict.prepare(agreed().revisions[0], FIELDS[Side.BUYER], stamp_of(Side.BUYER), MOMENT)
    said = strict.attributes(prepared.digest, holder)
    cms = strict.read(strict.assembled(said, device.sign(said), holder), prepared.digest, holder, MOMENT)
    made = strict.complete(prepared, cms, MOMENT)
    assert strict.examine(made.pdf).signatures[0].holds
    assert not agreed().signer.examine(made.pdf).signatures[0].is_trusted


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({}, None),
        ({"valid_to": MOMENT}, Unfit.NOT_VALID),
        ({"valid_from": MOMENT + timedelta(seconds=1)}, Unfit.NOT_VALID),
        ({"usage": ("key_encipherment",)}, Unfit.USAGE),
        ({"usage": ("content_commitment",)}, None),
        ({"usage": ()}, Unfit.USAGE),
        ({"is_authority": True}, Unfit.USAGE),
    ],
)
def test_a_certificate_has_to_be_valid_now_and_meant_for_signing(facts: dict[str, Any], fault: Unfit | None) -> None:
    device = Device.made(make_ec(), MOMENT, **facts)
    assert agreed().signer.vet(device.pem, "", MOMENT)[1] is fault
    assert agreed().signer.vet(base64.b64encode(device.der).decode(), "", MOMENT)[1] is fault


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda: make_rsa(1024), Unfit.WEAK),
        (make_rsa, None),
        (lambda: make_ec("P-192"), Unfit.WEAK),
        (lambda: make_ec("secp256k1"), Unfit.WEAK),
        (lambda: make_ec("P-521"), None),
        (Ed25519PrivateKey.generate, Unfit.WEAK),
    ],
)
def test_a_certificate_s_key_has_to_be_strong_and_of_a_kind_that_can_be_checked(
    make: Callable[[], Key], fault: Unfit | None
) -> None:
    assert agreed().signer.vet(Device.made(make(), MOMENT).pem, "", MOMENT)[1] is fault


def test_texts_without_one_certificate_of_usual_length_are_no_certificates() -> None:
    device = Device.made(make_ec(), MOMENT)
    long = Device.made(make_ec(), MOMENT, alternative_names=400).pem
    texts = ("", "AAAA", "not base64!", device.pem[:-80], "-----BEGIN CERTIFICATE-----", device.pem * 2, long, "证书")
    for text in texts:
        with pytest.raises(ValueError, match="is no"):
            agreed().signer.vet(text, "", MOMENT)
    for chain in ("nonsense", long + long):
        with pytest.raises(BadChain, match=r"is no certificate|is a chain of more"):
            agreed().signer.vet(device.pem, chain, MOMENT)
