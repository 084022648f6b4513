"""What can stand against signing in, and against a signature: the proof, the certificate, what was prepared, or the signature itself."""

from dataclasses import dataclass
from datetime import datetime

from rules.problem import Problem
from rules.problem_codes import ProblemCode


@dataclass(eq=False)
class CertificateRefused(Problem):
    """The certificate of {subject} is good from {valid_from} to {valid_until} alone, and so not now."""

    code = ProblemCode.CERTIFICATE_NOT_VALID
    subject: str
    sha256: str
    valid_from: datetime
    valid_until: datetime


@dataclass(eq=False)
class CertificateWeak(CertificateRefused):
    """The key in the certificate of {subject} is too weak or of another kind; RSA from 2048 bits or a NIST curve from P-256 would do."""

    code = ProblemCode.CERTIFICATE_WEAK


@dataclass(eq=False)
class CertificateUsage(CertificateRefused):
    """The certificate of {subject} is not one to sign with; its key usage has to say digitalSignature or nonRepudiation."""

    code = ProblemCode.CERTIFICATE_USAGE


@dataclass(eq=False)
class CertificateUntrusted(CertificateRefused):
    """No authority that this platform trusts vouches for the certificate of {subject}; the chain may be incomplete."""

    code = ProblemCode.CERTIFICATE_UNTRUSTED


@dataclass(eq=False)
class CertificateOfOthers(CertificateRefused):
    """The certificate of {subject} names another company than yours."""

    code = ProblemCode.CERTIFICATE_OF_OTHERS


@dataclass(eq=False)
class CertificateRevoked(CertificateRefused):
    """The certificate of {subject} was revoked here; register another one."""

    code = ProblemCode.CERTIFICATE_REVOKED


@dataclass(eq=False)
class PreparationExpired(Problem):
    """What was prepared could be signed until {expires_at}; prepare it again."""

    code = ProblemCode.PREPARATION_EXPIRED
    expires_at: datetime


@dataclass(eq=False)
class PreparationUsed(PreparationExpired):
    """What was prepared was signed already, or replaced by a newer preparation; it is good once."""

    code = ProblemCode.PREPARATION_USED


@dataclass(eq=False)
class PreparationOutdated(PreparationExpired):
    """What was prepared is not the newest file any more, since the other side signed meanwhile; prepare it again."""

    code = ProblemCode.PREPARATION_OUTDATED


@dataclass(eq=False)
class SignatureMismatch(Problem):
    """The signature is not over what was prepared, or not made with the key of the registered certificate."""

    code = ProblemCode.SIGNATURE_MISMATCH
    certificate_sha256: str
    """Of the certificate it has to be made with, in hex."""
    to_be_signed_sha256: str
    """Of the signed attributes that were handed out, in hex."""


@dataclass(eq=False)
class SignInFailed(Problem):
    """Name or password is wrong, or too many attempts were made; try again in {retry_after} seconds at the earliest."""

    code = ProblemCode.SIGN_IN_FAILED
    retry_after: int


@dataclass(eq=False)
class ProofFailed(Problem):
    """Password or code is wrong, the code was used before, or there were too many attempts; wait at least {retry_after} seconds."""

    code = ProblemCode.PROOF_FAILED
    retry_after: int = 0


@dataclass(eq=False)
class TotpRequired(ProofFailed):
    """Enrol an authenticator app first: signing asks for a code of it."""

    code = ProblemCode.TOTP_REQUIRED
