"""Secrets at rest: what the database holds of them is of no use without the key file (AES-256-GCM, NIST SP 800-38D)."""

import os
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE = 12
_ciphers: list[AESGCM] = []


def new_key() -> bytes:
    """A fresh key for the file."""
    return os.urandom(KEY_BYTES)


def use(key: bytes) -> None:
    """Keep secrets with this key from now on."""
    _ciphers[:] = [AESGCM(key)]


def locked(secret: str, owner: UUID) -> bytes:
    """The secret as it is stored: it opens for this owner alone, so that nobody can be given another's."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher().encrypt(nonce, secret.encode(), owner.bytes)


def opened(stored: bytes, owner: UUID) -> str:
    """The secret again; raises cryptography's InvalidTag for another owner's, and with another key."""
    return _cipher().decrypt(stored[:_NONCE], stored[_NONCE:], owner.bytes).decode()


def _cipher() -> AESGCM:
    if not _ciphers:
        raise RuntimeError("no key was wired")
    return _ciphers[0]
