"""What each process does by itself."""

import sys

import pytest

from api.wiring import BY_THE_CLOCK
from models import Errand
from models.base import new_id
from models.transaction import transact
from rules.errands import ErrandKind
from services import errands

TAKES_ERRANDS = {work for _, work in BY_THE_CLOCK if work.__name__ == "work"}


@pytest.mark.usefixtures("database")
async def test_each_kind_of_errand_is_taken_up_by_just_one_worker() -> None:
    """What they are of is not there, so that none is done; but each was tried."""
    for kind in ErrandKind:
        await transact(lambda kind=kind: errands.send(kind, new_id()))  # type: ignore[misc]
    for work in TAKES_ERRANDS:
        await work()
        await work()  # one of them does a single thing at a time
    assert {errand.kind: errand.attempts for errand in await Errand.all()} == dict.fromkeys(ErrandKind, 1)


def test_whatever_a_service_does_every_so_often_is_done_by_each_process() -> None:
    """A module that says after how many seconds has something to be done so often."""
    wanted = {
        (name, every)
        for name, module in sys.modules.items()
        if name.startswith("services.")
        for known, every in vars(module).items()
        if known.endswith("_EVERY") and isinstance(every, float)
    }
    assert wanted <= {(work.__module__, every) for every, work in BY_THE_CLOCK}
    assert len(wanted) >= 7
