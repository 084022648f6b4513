"""Refusals of signing in and of signing."""

from datetime import datetime

import strawberry

from resolvers.problem import Problem


@strawberry.type(description="Signing in did not succeed; which part was wrong is not told.")
class SignInProblem(Problem):
    """Wrong name or password, or too many attempts."""

    retry_after: int = strawberry.field(description="Seconds to wait before another attempt can succeed.")


@strawberry.type(description="That it is the caller in person was not proven; which part was wrong is not told.")
class ProofProblem(Problem):
    """Wrong password or code, too many attempts, or no authenticator yet."""

    retry_after: int = strawberry.field(description="Seconds to wait before another attempt can succeed.")


@strawberry.type(description="The certificate cannot be signed with.")
class CertificateProblem(Problem):
    """Not valid now, weak, for other uses, untrusted, another company's, or revoked."""

    subject: str = strawberry.field(description="Whom the certificate names.")
    sha256: str = strawberry.field(description="SHA-256 of the certificate, in hex.")
    valid_from: datetime = strawberry.field(description="When it becomes valid.")
    valid_until: datetime = strawberry.field(description="When it runs out.")


@strawberry.type(description="What was prepared for a signature is good no longer; prepare it again.")
class PreparationProblem(Problem):
    """Too late, used, or overtaken."""

    expires_at: datetime = strawberry.field(description="Until when it could be signed.")


@strawberry.type(description="The signature does not fit what was prepared; another one may still be given.")
class SignatureProblem(Problem):
    """Over something else, or of another key."""

    certificate_sha256: str = strawberry.field(description="SHA-256 of the certificate it has to be made with, in hex.")
    to_be_signed_sha256: str = strawberry.field(description="SHA-256 of the bytes it has to be over, in hex.")
