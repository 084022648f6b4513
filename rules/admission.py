"""How a company gets onto the platform and off it: who may decide from which status."""

from collections.abc import Mapping

from rules.people import CompanyStatus
from rules.problems import WrongStatus

S = CompanyStatus
STEPS: Mapping[str, Mapping[CompanyStatus, tuple[CompanyStatus, ...]]] = {
    # action           from          to
    "review_company":  {S.APPLIED:   (S.APPROVED, S.REJECTED),
                        S.SUSPENDED: (S.APPROVED, S.REJECTED)},
    "suspend_company": {S.APPROVED:  (S.SUSPENDED,)},
}  # fmt: skip

SIGNING_IN = frozenset({S.APPLIED, S.APPROVED})
"""The members of such a company may sign in; while it has only applied they see themselves and their company's status."""


def admit(action: str, status: CompanyStatus, to: CompanyStatus) -> CompanyStatus:
    """The status the decision leads to; WrongStatus where the present one has no such step."""
    steps = STEPS[action]
    if to not in steps.get(status, ()):
        raise WrongStatus(action, status, tuple(steps))
    return to
