"""What signatories keep to themselves: keys, the certificates on them, and the authorities that issue those; made with cryptography."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | Ed25519PrivateKey
YEAR = timedelta(days=365)
CURVES: dict[str, Callable[[], ec.EllipticCurve]] = {
    "P-192": ec.SECP192R1,
    "P-256": ec.SECP256R1,
    "P-384": ec.SECP384R1,
    "P-521": ec.SECP521R1,
    "secp256k1": ec.SECP256K1,
}
USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def make_ec(curve: str = "P-256") -> ec.EllipticCurvePrivateKey:
    """A key on a curve."""
    return ec.generate_private_key(CURVES[curve]())


@cache
def make_rsa(bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key of so many bits; they take long to find, so each size is made once."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@dataclass(frozen=True)
class Holding:
    """A key and the certificate on it."""

    key: Key
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        """The certificate."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> str:
        """The certificate as text."""
        return self.certificate.public_bytes(Encoding.PEM).decode()


class Device(Holding):
    """A signatory's token: it signs bytes, and gives the certificate away, never the key."""

    @classmethod
    def made(cls, key: Key, moment: datetime, **facts: Any) -> Self:
        """One whose owner speaks for it."""
        return cls(key, _certificate(key, key, _name(facts.get("name", "李敏"), facts.get("company")), moment, **facts))

    def sign(self, said: bytes) -> bytes:
        """The bare signature over the bytes, with SHA-256."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(said, padding.PKCS1v15(), SHA256())
        assert isinstance(self.key, ec.EllipticCurvePrivateKey)
        return self.key.sign(said, ec.ECDSA(SHA256()))

    def answer(self, to_be_signed: str) -> str:
        """The same in base64, as the API speaks."""
        return base64.b64encode(self.sign(base64.b64decode(to_be_signed))).decode()


class Issuer(Holding):
    """A certificate authority."""

    @classmethod
    def made(cls, moment: datetime) -> Self:
        """A root."""
        key = make_ec()
        return cls(key, _certificate(key, key, _name("A root"), moment, usage=("key_cert_sign",), is_authority=True))

    def issuer(self, moment: datetime) -> "Issuer":
        """An authority beneath this one."""
        key, name, usage = make_ec(), _name("Between"), ("key_cert_sign",)
        by = self.certificate.subject
        return Issuer(key, _certificate(key, self.key, name, moment, by=by, usage=usage, is_authority=True))

    def device(self, moment: datetime, **facts: Any) -> Device:
        """A token with a certificate of this authority."""
        key, name = make_ec(), _name(facts.get("name", "李敏"), facts.get("company"))
        return Device(key, _certificate(key, self.key, name, moment, by=self.certificate.subject, **facts))


def _name(common: str, company: str | None = None) -> x509.Name:
    said = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    return x509.Name([*said, x509.NameAttribute(NameOID.ORGANIZATION_NAME, company)] if company else said)


def _certificate(
    key: Key,
    by_key: Key,
    subject: x509.Name,
    moment: datetime,
    *,
    by: x509.Name | None = None,
    usage: tuple[str, ...] = ("digital_signature", "content_commitment"),
    is_authority: bool = False,
    alternative_names: int = 0,
    **facts: Any,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(facts.get("valid_from", moment - YEAR))
        .not_valid_after(facts.get("valid_to", moment + YEAR))
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by_key.public_key()), critical=False)
    )
    if usage:
        said = {one: one in usage for one in USAGES}
        builder = builder.add_extension(x509.KeyUsage(**said), critical=True)
    if alternative_names:
        names = [x509.DNSName(f"a{number}.example.com") for number in range(alternative_names)]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(by_key, None if isinstance(by_key, Ed25519PrivateKey) else SHA256())
