"""Who puts signatures into contracts, and tells which of them hold."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class SigningFailed(Exception):
    """Somebody outside did not do their part, such as the time stamp authority; trying again later may help."""


class NotThisDocument(Exception):
    """A signature that came from outside is over something else."""


class NotTrusted(Exception):
    """A signature that came from outside was made with another certificate, or with one that nobody vouches for now."""


class BadChain(ValueError):
    """What should be between a certificate and a root is something else."""


class Unfit(StrEnum):
    """Why nobody can sign with a certificate."""

    NOT_VALID = "NOT_VALID"
    WEAK = "WEAK"
    USAGE = "USAGE"
    UNTRUSTED = "UNTRUSTED"


@dataclass(frozen=True)
class Signatory:
    """Who signs for whom: what a certificate says of them."""

    name: str
    member: str
    company: str
    credit_code: str


@dataclass(frozen=True)
class Prepared:
    """A PDF with an empty place for a signature from `start` to `end`, and the SHA-256 of everything else in it."""

    pdf: bytes
    digest: bytes
    start: int
    end: int


@dataclass(frozen=True)
class Certificate:
    """What an X.509 certificate says; `der` is the certificate itself."""

    der: bytes
    sha256: str
    subject: str
    issuer: str
    serial: str
    common_name: str
    organisation: str
    identifiers: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether the moment is within its time."""
        return self.valid_from <= moment < self.valid_until

    def names(self, company: str, credit_code: str) -> bool:
        """Whether it was issued for the company: its credit code or its whole name stands in it."""
        return self.organisation == company or any(one.endswith(credit_code) for one in self.identifiers)

    def is_of(self, name: str, member: str) -> bool:
        """Whether it was issued by the platform to this person, of whose name it has as much as there is room for."""
        return name.startswith(self.common_name.removesuffix("…")) and member in self.identifiers


@dataclass(frozen=True)
class Own:
    """A signatory's own certificate, whose key never was here, and the certificates between it and a trusted root."""

    certificate: Certificate
    chain: tuple[bytes, ...] = ()
    """X.509 in DER; empty where `is_vouched` is false."""
    is_vouched: bool = False
    """Whether an authority that this platform trusts issued it, or nobody but its owner speaks for it."""


@dataclass(frozen=True)
class Completed:
    """A file with one signature more, what it was made with, and who says when."""

    pdf: bytes
    certificate: Certificate
    authority: str
    stamped_at: datetime


class Coverage(StrEnum):
    """How much of a file a signature covers."""

    ENTIRE_FILE = "ENTIRE_FILE"
    ENTIRE_REVISION = "ENTIRE_REVISION"
    PARTIAL = "PARTIAL"


class Changes(StrEnum):
    """What was added to a file after a signature: nothing, only what the other signature needs, or something else."""

    NONE = "NONE"
    SIGNING = "SIGNING"
    OTHER = "OTHER"


@dataclass(frozen=True)
class Found:
    """What examining one signature of a PDF found; `holds` is the whole judgement."""

    field: str
    certificate: Certificate
    claimed_at: datetime | None
    authority: str | None
    stamped_at: datetime | None
    coverage: Coverage
    changes: Changes
    is_intact: bool
    is_trusted: bool
    holds: bool


@dataclass(frozen=True)
class Examined:
    """What was found in a PDF: its signatures in the order of signing, and the SHA-256 of the text it says it was made from."""

    signatures: tuple[Found, ...] = ()
    text_sha256: str | None = None


class Signer(Protocol):
    """Signs PDF files (PAdES, ETSI EN 319 142) and examines them. Each step may take a second: not for the event loop."""

    @property
    def authority(self) -> str:
        """Who says when a signature was made, in words for people."""

    def prepare(self, pdf: bytes, field: str, stamp: bytes, moment: datetime) -> Prepared:
        """The file with the page `stamp` shown in the field, and with room for the signature."""

    def sign(self, digest: bytes, signatory: Signatory, moment: datetime) -> bytes:
        """A detached CMS signature over the digest with a certificate issued for it, and with a key that is gone afterwards."""

    def vet(self, certificate: str, chain: str, moment: datetime) -> tuple[Own, Unfit | None]:
        """A certificate and what is between it and a root, in PEM or DER in base64, and what is wrong with them.

        Raises ValueError where it is no certificate, BadChain where they are none.
        """

    def own(self, der: bytes, chain: Collection[bytes], *, is_vouched: bool) -> Own:
        """A certificate that was looked at before."""

    def attributes(self, digest: bytes, own: Own) -> bytes:
        """The DER of the signed attributes (RFC 5652 §5.4) that a signature with the certificate's key has to be over."""

    def assembled(self, attributes: bytes, signature: bytes, own: Own) -> bytes:
        """A detached CMS signature from a bare one, believed by nobody until it was read."""

    def read(self, cms: bytes, digest: bytes, own: Own, moment: datetime) -> bytes:
        """The detached CMS signature from outside as it goes into a file: with the chain, without what nobody signed.

        Raises NotThisDocument or NotTrusted, and ValueError where it is no such signature.
        """

    def complete(self, prepared: Prepared, cms: bytes, moment: datetime) -> Completed:
        """The file with the signature in its place, and a time stamp on the signature. Raises SigningFailed."""

    def examine(self, pdf: bytes, registered: Collection[bytes] = ()) -> Examined:
        """Every signature in the file, judged by its bytes, our own authority, the trusted roots and the registered certificates alone."""
