"""The simulated providers: their schedules, and their bad habits."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from partners.payments import Forged, Notice
from partners.payments.alipay import Alipay
from partners.payments.simulator.alipay_side import SCHEDULE as ALIPAY_SCHEDULE
from partners.payments.simulator.postman import Habits
from partners.payments.simulator.wechat_side import SCHEDULE as WECHAT_SCHEDULE
from partners.payments.wechat_pay import WeChatPay
from rules.billing import PaymentMethod
from tests.partners.payments.counters import NOW, customer_of, merchant_of, office, paid
from tests.source import ROOT

ALIPAY, WECHAT = PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY


class Ears:
    """Whoever is written to; answers what a test says."""

    def __init__(self, *answers: tuple[int, bytes]) -> None:
        self.heard: list[Notice] = []
        self._answers = list(answers)

    def __call__(self, url: str, notice: Notice) -> tuple[int, bytes]:
        self.heard.append(notice)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


@pytest.mark.parametrize(
    ("method", "schedule", "no", "yes"),
    [
        (ALIPAY, ALIPAY_SCHEDULE, (200, b"ok"), (200, b"success")),
        (WECHAT, WECHAT_SCHEDULE, (503, b""), (204, b"")),
    ],
)
def test_a_notice_is_sent_again_by_the_schedule_until_it_is_heard(
    method: PaymentMethod, schedule: tuple[timedelta, ...], no: tuple[int, bytes], yes: tuple[int, bytes]
) -> None:
    deaf = Ears(no)
    desk = office(deaf)
    desk.tell(paid(method, desk), NOW)
    now = NOW
    for pause in schedule:
        now += pause
        assert desk.postman.deliver(now) == 1
        assert desk.postman.deliver(now) == 0
    assert desk.postman.waiting == 0
    assert len(deaf.heard) == len(schedule)
    hearing = Ears(no, yes)
    desk = office(hearing)
    desk.tell(paid(method, desk), NOW)
    assert [desk.postman.deliver(NOW + timedelta(hours=hours)) for hours in range(3)] == [1, 1, 0]


def test_wechat_signs_anew_whenever_it_sends_again() -> None:
    ears = Ears((500, b""), (200, b""))
    desk = office(ears)
    desk.tell(paid(WECHAT, desk), NOW)
    later = NOW + timedelta(minutes=30)
    desk.postman.deliver(NOW)
    desk.postman.deliver(later)
    first, second = ears.heard
    assert WeChatPay().read(first, merchant_of(WECHAT), NOW).event_id == (
        WeChatPay().read(second, merchant_of(WECHAT), later).event_id
    )


def test_it_doubles_delays_shuffles_and_falsifies_when_told_to() -> None:
    ears = Ears((200, b"success"))
    desk = office(ears)
    desk.postman.habits = Habits(is_doubled=True, delay_seconds=60, is_shuffled=True)
    for number in ("1" * 32, "2" * 32):
        desk.tell(paid(ALIPAY, desk, number), NOW)
    assert desk.postman.deliver(NOW) == 0
    assert desk.postman.deliver(NOW + timedelta(seconds=60)) == 4
    read = [Alipay().read(notice, merchant_of(ALIPAY), NOW).number[0] for notice in ears.heard]
    assert read == ["2", "2", "1", "1"]
    desk.postman.habits = Habits(is_falsified=True)
    desk.tell(paid(ALIPAY, desk, "3" * 32), NOW)
    desk.postman.deliver(NOW)
    with pytest.raises(Forged):
        Alipay().read(ears.heard[-1], merchant_of(ALIPAY), NOW)


def test_it_is_a_process_of_its_own_that_keeps_its_keys(tmp_path: Path) -> None:
    def registered() -> str:
        command = [sys.executable, "-m", "partners.payments.simulator", "--folder", str(tmp_path / "keys")]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
            try:
                assert running.stdout is not None
                address = running.stdout.readline().strip()
                known = customer_of(ALIPAY)
                told = {
                    "method": "ALIPAY",
                    "app_id": known.app_id,
                    "payee": known.payee,
                    "public_key": known.public_key,
                }
                return str(httpx2.post(f"{address}/merchants", json=told).json()["public_key"])
            finally:
                running.kill()

    first = registered()
    assert "BEGIN PUBLIC KEY" in first
    assert registered() == first
