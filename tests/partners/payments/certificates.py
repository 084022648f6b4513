"""The supplier's account with Alipay in certificate mode."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import CertificateBuilder, Name, NameAttribute
from cryptography.x509.oid import NameOID

from partners.payments import Merchant
from partners.payments.rsa import public_half
from rules.billing import PaymentMethod
from tests.partners.payments.counters import merchant_of, office, own_key


@cache
def certified() -> Merchant:
    """The account; what it trusts has a root besides that is not signed by RSA, as Alipay's file has."""
    side, plain = office().alipay, merchant_of(PaymentMethod.ALIPAY)
    return replace(
        plain,
        provider_keys={"": side.certificate},
        certificate=side.certificate_for(public_half(own_key())),
        root_certificates=f"{elliptic()}\n{side.root_certificates}",
    )


@cache
def elliptic() -> str:
    """A certificate that an elliptic curve's key signed."""
    key, name = generate_private_key(SECP256R1()), Name([NameAttribute(NameOID.COMMON_NAME, "SM2 stands here")])
    builder = CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    dated = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2049, 1, 1, tzinfo=UTC))
    return dated.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()
