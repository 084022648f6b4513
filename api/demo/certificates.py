"""Certificates that a visitor of the demo may register."""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

YEAR = timedelta(days=365)
_USED = ("digital_signature", "content_commitment")
_UNUSED = ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only")


def self_signed(name: str, moment: datetime) -> str:
    """A certificate in PEM that nobody vouches for, with a key that is gone: to be looked at, not to be signed with."""
    key, subject = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(**dict.fromkeys(_USED, True), **dict.fromkeys((*_UNUSED, "decipher_only"), False))
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(minutes=10))
        .not_valid_after(moment + YEAR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()
