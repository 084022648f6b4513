"""SHA-256 with RSA (PKCS #1 v1.5, RFC 8017), as both providers sign: RSA2 here, WECHATPAY2-SHA256-RSA2048 there."""

import base64
import binascii
import textwrap
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509 import load_pem_x509_certificate

from partners.payments import Forged, Merchant, Unfit
from rules.rails import Refusal

LEAST_BITS = 2048
_LONGEST = 8192

_proven: set[bytes] = set()
"""SHA-256 of each private key whose primes this process has found to be primes."""


def signed(text: bytes, private_key: str) -> str:
    """The signature, in base64."""
    key = own_key(private_key, is_checked=True)
    return base64.b64encode(key.sign(text, padding.PKCS1v15(), SHA256())).decode()


def prove(text: bytes, signature: str, public_key: str) -> None:
    """Raise Forged unless whoever has the other half of the key signed these bytes."""
    if not signature:
        raise Forged(Refusal.UNSIGNED)
    try:
        raw = base64.b64decode(signature, validate=True)
        # What decodes to the same bytes is not the same signature: only the one way to write it is taken.
        if base64.b64encode(raw).decode() != signature:
            raise Forged(Refusal.BAD_SIGNATURE)
        their_key(public_key).verify(raw, text, padding.PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError) as fault:
        raise Forged(Refusal.BAD_SIGNATURE) from fault


def sealed(text: bytes, public_key: str) -> str:
    """The text for nobody but the key's owner (RSAES-OAEP with SHA-1, as WeChat Pay reads names), in base64."""
    hidden = their_key(public_key).encrypt(text, padding.OAEP(padding.MGF1(SHA1()), SHA1(), None))  # noqa: S303  # the provider's choice
    return base64.b64encode(hidden).decode()


def unsealed(text: str, private_key: str) -> bytes:
    """What was sealed for the key's owner; ValueError where it was not."""
    hidden = base64.b64decode(text, validate=True)
    return own_key(private_key, is_checked=True).decrypt(hidden, padding.OAEP(padding.MGF1(SHA1()), SHA1(), None))  # noqa: S303


def check_keys(merchant: Merchant) -> None:
    """Raise Unfit unless all keys of the account are keys."""
    fact = "privateKey"
    try:
        own_key(merchant.private_key)
        fact = "providerKeys"
        for key in merchant.provider_keys.values():
            their_key(key)
    except ValueError as fault:
        raise Unfit(fact, str(fault)) from fault


def own_key(text: str, *, is_checked: bool = False) -> RSAPrivateKey:
    """A private key, from PEM or from the bare base64 that Alipay's tools give; ValueError where it is none, or too short.

    Whether its primes are primes takes a hundred times as long as to sign with it: one that was checked when it came is believed.
    """
    is_pem, digest = "-----" in text, sha256(text.encode(errors="surrogatepass")).digest()
    load = load_pem_private_key if is_pem else load_der_private_key
    try:
        key = load(
            text.encode() if is_pem else _raw(text),
            None,
            unsafe_skip_rsa_key_validation=is_checked or digest in _proven,
        )
    except (TypeError, UnicodeEncodeError) as fault:
        raise ValueError("must be an RSA private key without a password") from fault
    except ValueError as fault:
        raise ValueError("must be an RSA private key") from fault
    if not isinstance(key, RSAPrivateKey) or key.key_size < LEAST_BITS:
        raise ValueError("must be an RSA private key of at least 2048 bits")
    if not is_checked:
        _proven.add(digest)
    return key


@lru_cache(64)
def their_key(text: str) -> RSAPublicKey:
    """A public key, from PEM, a certificate, or bare base64; ValueError where it is none, or too short."""
    key: object
    try:
        if "BEGIN CERTIFICATE" in text:
            key = load_pem_x509_certificate(text.encode()).public_key()
        else:
            key = load_pem_public_key((text if "-----" in text else _armoured(text)).encode())
    except (ValueError, UnicodeEncodeError) as fault:
        raise ValueError("must be an RSA public key or a certificate") from fault
    if not isinstance(key, RSAPublicKey) or key.key_size < LEAST_BITS:
        raise ValueError("must be an RSA public key of at least 2048 bits")
    return key


def new_key() -> str:
    """A private key in PEM."""
    key = generate_private_key(65537, LEAST_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_half(private_key: str) -> str:
    """Its public key in PEM."""
    key = own_key(private_key).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _raw(text: str) -> bytes:
    return base64.b64decode("".join(text.split())[:_LONGEST], validate=True)


def _armoured(text: str) -> str:
    body = "\n".join(textwrap.wrap("".join(text.split())[:_LONGEST], 64))
    return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"
