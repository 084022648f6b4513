"""The certificates of the simulated Alipay: its root, its own, and those it issues to its merchants. SANDBOX."""

from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import CertificateBuilder, Name, NameAttribute
from cryptography.x509.oid import NameOID

from partners.payments import rsa

ROOT = "SANDBOX Root Authority"


@lru_cache(64)
def issued(authority_key: str, public_key: str, common_name: str) -> str:
    """A certificate in PEM: always the same, so that its name outlives the simulator."""
    serial = int.from_bytes(sha256(f"{public_key}{common_name}".encode()).digest()[:16])
    builder = (
        CertificateBuilder()
        .subject_name(_name(common_name))
        .issuer_name(_name(ROOT))
        .public_key(rsa.their_key(public_key))
        .serial_number(serial)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2049, 12, 31, tzinfo=UTC))
    )
    return builder.sign(rsa.own_key(authority_key), SHA256()).public_bytes(Encoding.PEM).decode()


def root(authority_key: str) -> str:
    """The authority's own."""
    return issued(authority_key, rsa.public_half(authority_key), ROOT)


def _name(common_name: str) -> Name:
    parts = (
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, "SANDBOX"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, "Certification Authority"),
        (NameOID.COMMON_NAME, common_name),
    )
    return Name([NameAttribute(oid, text) for oid, text in parts])
