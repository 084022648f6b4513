"""Signatures by a key the platform holds, on behalf of a member who has just proven who they are.

This shows that a text was not changed since it was signed, and that the platform vouches for who signed. It is not the reliable
electronic signature of article 13 of the Electronic Signature Law of the PRC, which needs a key under the signer's sole control.
"""

import base64
import hashlib
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from partners.seals import Seal
from rules.contract import TrustLevel

ALGORITHM = "Ed25519"


class PlatformKey:
    """Signs with one Ed25519 key (RFC 8032); keeps verifying what its earlier keys signed."""

    def __init__(self, key: Ed25519PrivateKey, earlier: tuple[bytes, ...] = ()) -> None:
        """`earlier` are raw public keys that this platform used before."""
        self._key = key
        self._public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._trusted = {self._public, *earlier}

    @classmethod
    def kept_in(cls, path: Path) -> "PlatformKey":
        """The key in this file, which is made, readable by its owner alone, where there is none."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_once(path, Ed25519PrivateKey.generate())
        return cls(Ed25519PrivateKey.from_private_bytes(path.read_bytes()))

    def sign(self, statement: str) -> Seal:
        """The signature over the statement's UTF-8 bytes."""
        return Seal(
            algorithm=ALGORITHM,
            key_id=hashlib.sha256(self._public).hexdigest()[:16],
            public_key=base64.b64encode(self._public).decode(),
            value=base64.b64encode(self._key.sign(statement.encode())).decode(),
            trust_level=TrustLevel.PLATFORM_KEY,
        )

    def verifies(self, statement: str, seal: Seal) -> bool:
        """Whether a key of this platform made this seal over this very statement."""
        try:
            public, value = (
                base64.b64decode(seal.public_key, validate=True),
                base64.b64decode(seal.value, validate=True),
            )
            Ed25519PublicKey.from_public_bytes(public).verify(value, statement.encode())
        except (InvalidSignature, ValueError):
            return False
        return public in self._trusted and seal.algorithm == ALGORITHM


def _write_once(path: Path, key: Ed25519PrivateKey) -> None:
    """Two processes that start together must end up with the same key: whoever links first wins."""
    draft = path.with_suffix(f".{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
