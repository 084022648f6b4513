"""The platform's own certificate authority: made once, and what it issues."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from partners.signing import Signatory

# A contract has to be kept for as long as claims from it can be made (Civil Code of the PRC, article 188: 20 years at most).
AUTHORITY_LIFE = timedelta(days=365 * 40)
# The key is thrown away at once, so the certificate can stay valid for as long as others who look at it may ask.
SIGNATORY_LIFE = timedelta(days=365 * 20)
# Other people's clocks may be behind ours.
LEEWAY = timedelta(minutes=10)
_LONGEST = 64
"""Characters that a name in a certificate may have (RFC 5280, appendix A.1)."""


@dataclass(frozen=True)
class Holder:
    """A private key and its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def pem(self) -> bytes:
        """Both, for a file that only its owner may read."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + self.certificate.public_bytes(Encoding.PEM)


@dataclass(frozen=True)
class Authority:
    """The platform's certificate authority, and the time stamp authority under it."""

    issuer: Holder
    clock: Holder

    @classmethod
    def made(cls, moment: datetime) -> Self:
        """A new one, with keys of its own."""
        organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Dinghuo installation")
        number = x509.NameAttribute(NameOID.SERIAL_NUMBER, f"{x509.random_serial_number():x}"[:8])
        issuer_name = x509.Name([_called("Dinghuo contract authority"), organisation, number])
        clock_name = x509.Name([_called("Dinghuo local time stamp authority"), organisation, number])
        issuer = _issued(issuer_name, None, moment, AUTHORITY_LIFE)
        return cls(issuer, _issued(clock_name, issuer, moment, AUTHORITY_LIFE, ExtendedKeyUsageOID.TIME_STAMPING))

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """The one that `pem` holds, as its `pem()` gave it."""
        begin = b"-----BEGIN PRIVATE KEY-----"
        issuer, clock = (_holder(begin + part) for part in pem.split(begin)[1:])
        return cls(issuer, clock)

    def pem(self) -> bytes:
        """All keys and certificates, for a file that only its owner may read."""
        return self.issuer.pem() + self.clock.pem()

    def issue(self, signatory: Signatory, moment: datetime) -> Holder:
        """A fresh key and a certificate for whoever signs now."""
        subject = x509.Name(
            [
                _called(signatory.name),
                x509.NameAttribute(NameOID.USER_ID, signatory.member),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, shortened(signatory.company)),
                x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, identifier(signatory.credit_code)),
                x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            ]
        )
        return _issued(subject, self.issuer, moment, SIGNATORY_LIFE)


def identifier(credit_code: str) -> str:
    """A credit code as an organisation identifier (ETSI EN 319 412-1 §5.1.4: the national trade register of China)."""
    return f"NTRCN-{credit_code}"


def shortened(name: str) -> str:
    """An organisation's name as far as a certificate has room for it."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _called(name: str) -> x509.NameAttribute[str]:
    return x509.NameAttribute(NameOID.COMMON_NAME, _within_bytes(name))


def _within_bytes(name: str) -> str:
    if len(name.encode()) <= _LONGEST:
        return name
    return name.encode()[: _LONGEST - len("…".encode())].decode(errors="ignore") + "…"


def _issued(
    subject: x509.Name,
    issuer: Holder | None,
    moment: datetime,
    life: timedelta,
    purpose: x509.ObjectIdentifier | None = None,
) -> Holder:
    """A fresh key with a certificate by the issuer; without one it is an authority of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    signing = issuer.key if issuer else key
    is_authority = issuer is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - LEEWAY)
        .not_valid_after(moment + life)
        .add_extension(x509.BasicConstraints(is_authority, 0 if is_authority else None), critical=True)
        .add_extension(_usage(is_authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    )
    if purpose is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    return Holder(key, builder.sign(signing, SHA256()))


def _usage(is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _holder(pem: bytes) -> Holder:
    key = load_pem_private_key(pem, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the authority's keys are elliptic curve keys")
    return Holder(key, x509.load_pem_x509_certificate(pem[pem.index(b"-----BEGIN CERTIFICATE-----") :]))
