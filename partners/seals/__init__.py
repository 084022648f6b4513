"""Who seals statements: signatures on framework agreements, which have no file."""

from dataclasses import dataclass
from typing import Protocol

from rules.contract import TrustLevel


@dataclass(frozen=True)
class Seal:
    """A signature over a statement: key and value in base64, and whose word it is."""

    algorithm: str
    key_id: str
    public_key: str
    value: str
    trust_level: TrustLevel


class Sealer(Protocol):
    """Signs statements, and tells its own signatures from forged ones."""

    def sign(self, statement: str) -> Seal:
        """The signature over the statement's UTF-8 bytes."""

    def verifies(self, statement: str, seal: Seal) -> bool:
        """Whether this sealer made this seal over this very statement."""
