"""The operator's decisions follow the table, and nothing else."""

from itertools import product

import pytest

from rules.admission import SIGNING_IN, STEPS, admit
from rules.people import CompanyStatus
from rules.permissions import MAY
from rules.problems import WrongStatus

S = CompanyStatus
ALLOWED = {
    ("review_company", S.APPLIED, S.APPROVED),
    ("review_company", S.APPLIED, S.REJECTED),
    ("review_company", S.SUSPENDED, S.APPROVED),
    ("review_company", S.SUSPENDED, S.REJECTED),
    ("suspend_company", S.APPROVED, S.SUSPENDED),
}


@pytest.mark.parametrize("triple", list(product(STEPS, S, S)))
def test_every_step_is_either_in_the_table_or_refused(triple: tuple[str, S, S]) -> None:
    action, status, to = triple
    if triple in ALLOWED:
        assert admit(action, status, to) is to
    else:
        with pytest.raises(WrongStatus) as refused:
            admit(action, status, to)
        assert refused.value.status == status


def test_every_action_is_one_that_somebody_may_take() -> None:
    assert STEPS.keys() <= MAY.keys()


def test_whom_the_operator_shut_out_cannot_sign_in() -> None:
    assert SIGNING_IN.isdisjoint({S.REJECTED, S.SUSPENDED})
