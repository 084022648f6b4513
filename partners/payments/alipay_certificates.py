"""Alipay's certificate mode (公钥证书): requests name the merchant's certificate and Alipay's root, answers the certificate they are
signed with.

A certificate's SN is the MD5 of its issuer's name, as RFC 4514 writes it, followed by its serial number in decimal. The SN of the root file
is those of its certificates that are signed by RSA, joined with `_`; the others, signed by SM2, are left out. From public SDKs.
"""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import md5

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import Certificate, load_pem_x509_certificate

from partners.payments import Merchant, Unfit, rsa

_END = "-----END CERTIFICATE-----"
_RSA = "1.2.840.113549.1.1."
"""The arc of RFC 8017 under which all signatures by RSA are."""


def named(merchant: Merchant) -> dict[str, str]:
    """What a request says of certificates; nothing outside of certificate mode."""
    if not merchant.certificate:
        return {}
    return {"app_cert_sn": serial(merchant.certificate), "alipay_root_cert_sn": root_serial(merchant.root_certificates)}


def provider_keys(merchant: Merchant, name: str) -> Iterable[str]:
    """The provider's keys that it may have signed with: the certificate it names, or, where it names none, all of them."""
    known = merchant.provider_keys.values()
    return [key for key in known if not name or serial(key) == name] if merchant.certificate else known


@lru_cache(64)
def serial(text: str) -> str:
    """A certificate's SN; ValueError where it is none."""
    return _serial(load_pem_x509_certificate(text.encode()))


@lru_cache(64)
def root_serial(text: str) -> str:
    """The SN of a file of certificates; ValueError where none of them is signed by RSA."""
    texts = [part[part.index("-----BEGIN") :] + _END for part in text.split(_END) if "-----BEGIN" in part]
    found = [load_pem_x509_certificate(one.encode()) for one in texts]
    serials = [_serial(one) for one in found if one.signature_algorithm_oid.dotted_string.startswith(_RSA)]
    if not serials:
        raise ValueError("must be Alipay's root certificates")
    return "_".join(serials)


def check(merchant: Merchant) -> None:
    """Raise Unfit unless everything that certificate mode needs is there, and the merchant's certificate is its key's."""
    fact, fault = "certificate", "must be the certificate of the private key, in PEM"
    try:
        own = load_pem_x509_certificate(merchant.certificate.encode()).public_key()
        form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        if own.public_bytes(*form) != rsa.own_key(merchant.private_key).public_key().public_bytes(*form):
            raise ValueError(fault)
        fact, fault = "rootCertificates", "must be Alipay's root certificates, in PEM"
        root_serial(merchant.root_certificates)
        fact, fault = "providerKeys", "must be Alipay's certificates, in PEM"
        for key in merchant.provider_keys.values():
            serial(key)
    except ValueError as trouble:
        raise Unfit(fact, fault) from trouble


def _serial(certificate: Certificate) -> str:
    text = certificate.issuer.rfc4514_string() + str(certificate.serial_number)
    return md5(text.encode(), usedforsecurity=False).hexdigest()
