"""Keys and certificates in the forms that pyHanko wants them in."""

import hashlib

from asn1crypto import keys, pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from partners.signing import Certificate
from partners.signing.certificates import Holder


def as_asn1(certificate: x509.Certificate) -> asn1.Certificate:
    """The same certificate."""
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))


def simple_signer(holder: Holder, *others: Holder) -> SimpleSigner:
    """Signs with the holder's key and sends the others' certificates along."""
    store = SimpleCertificateStore()
    store.register_multiple([as_asn1(other.certificate) for other in others])
    key = holder.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(as_asn1(holder.certificate), keys.PrivateKeyInfo.load(key), store)


def described(certificate: asn1.Certificate) -> Certificate:
    """What the certificate says."""
    der = certificate.dump()
    said = {name.native["type"]: name.native["value"] for part in certificate.subject.chosen for name in part}
    identifiers = [said[name] for name in ("organization_identifier", "serial_number", "user_id") if name in said]
    return Certificate(
        der=der,
        sha256=hashlib.sha256(der).hexdigest(),
        subject=certificate.subject.human_friendly,
        issuer=certificate.issuer.human_friendly,
        serial=f"{certificate.serial_number:x}",
        common_name=str(said.get("common_name", "")),
        organisation=str(said.get("organization_name", "")),
        identifiers=tuple(map(str, identifiers)),
        valid_from=certificate.not_valid_before,
        valid_until=certificate.not_valid_after,
    )


def certificates_in(text: bytes) -> list[asn1.Certificate]:
    """Every certificate in a PEM text; ValueError where there is something else in it."""
    if not pem.detect(text):
        raise ValueError("is no PEM")
    found = []
    for kind, _, der in pem.unarmor(text, multiple=True):
        if kind != "CERTIFICATE":
            raise ValueError(f"holds a {kind.lower()}, not only certificates")
        certificate = asn1.Certificate.load(der, strict=True)
        certificate.native  # noqa: B018  # parses all of it now, and not where it is used
        found.append(certificate)
    return found
