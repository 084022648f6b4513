"""Alipay's certificate mode: what a request names, by which certificate answers and notices are believed, which accounts cannot work."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from partners.payments import Forged, Unfit, Unsure
from partners.payments.alipay import Alipay
from partners.payments.alipay_certificates import root_serial, serial
from partners.payments.calling import Reply
from partners.payments.simulator.alipay_side import fields_of
from partners.payments.simulator.certificates import issued
from partners.payments.simulator.office import Office
from partners.payments.wechat_pay import WeChatPay
from rules.billing import PaymentMethod
from rules.rails import ChannelState, Refusal
from tests.partners.payments.certificates import certified, elliptic
from tests.partners.payments.counters import NOW, NUMBER, keys, merchant_of, office, other_key, paid

ALIPAY, WECHAT = PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY


def adapter(desk: Office, asked: list[dict[str, str]] | None = None) -> Alipay:
    """Ours, which calls the simulator in this process."""

    async def call(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        if asked is not None:
            asked.append(fields_of(body))
        return Reply(200, desk.alipay.answer(fields_of(body), datetime.now(UTC)), {})

    return Alipay(sandbox="https://alipay.example", call=call)


def renewed() -> str:
    """Alipay's next certificate, of another key."""
    return issued(
        keys().alipay, merchant_of(WECHAT).provider_keys[next(iter(merchant_of(WECHAT).provider_keys))], "next"
    )


async def test_a_request_names_both_certificates_and_its_answer_is_believed_by_the_one_it_names() -> None:
    desk, asked = office(), list[dict[str, str]]()
    paid(ALIPAY, desk)
    merchant = replace(certified(), provider_keys={"old": certified().provider_keys[""], "new": renewed()})
    Alipay(sandbox="https://alipay.example").check(merchant)
    news = await adapter(desk, asked).query(NUMBER, merchant, NOW)
    assert news is not None
    assert news.state is ChannelState.PAID
    assert asked[0]["app_cert_sn"] == serial(merchant.certificate)
    assert asked[0]["alipay_root_cert_sn"] == root_serial(desk.alipay.root_certificates)


async def test_an_answer_by_a_certificate_that_we_do_not_have_proves_nothing() -> None:
    desk = office()
    paid(ALIPAY, desk)
    with pytest.raises(Unsure, match="unproven") as doubt:
        await adapter(desk).query(NUMBER, replace(certified(), provider_keys={"": renewed()}), NOW)
    assert isinstance(doubt.value.__cause__, Forged)
    assert doubt.value.__cause__.reason is Refusal.UNKNOWN_KEY


def test_a_notice_names_no_certificate_and_is_believed_by_any_that_we_have() -> None:
    desk = office()
    notice = desk.alipay.notice(paid(ALIPAY, desk), NOW)
    both = {"old": certified().provider_keys[""], "new": renewed()}
    assert Alipay().read(notice, replace(certified(), provider_keys=both), NOW).number == NUMBER
    with pytest.raises(Forged) as refusal:
        Alipay().read(notice, replace(certified(), provider_keys={"new": renewed()}), NOW)
    assert refusal.value.reason is Refusal.BAD_SIGNATURE


@pytest.mark.parametrize(
    ("changed", "fact"),
    [
        ({"certificate": ""}, "certificate"),
        ({"private_key": "other"}, "certificate"),
        ({"root_certificates": ""}, "rootCertificates"),
        ({"root_certificates": "elliptic"}, "rootCertificates"),
        ({"provider_keys": merchant_of(ALIPAY).provider_keys}, "providerKeys"),
    ],
)
def test_an_account_lacking_a_certificate_could_not_work(changed: dict[str, Any], fact: str) -> None:
    meant = {"other": other_key(), "elliptic": elliptic()}
    given: dict[str, Any] = {
        name: meant.get(value, value) if isinstance(value, str) else value for name, value in changed.items()
    }
    with pytest.raises(Unfit) as refusal:
        Alipay(sandbox="https://alipay.example").check(replace(certified(), **given))
    assert refusal.value.fact == fact


def test_wechat_pay_knows_no_such_mode() -> None:
    with pytest.raises(Unfit) as refusal:
        WeChatPay(sandbox="https://wechat.example").check(
            replace(merchant_of(WECHAT), certificate=certified().certificate)
        )
    assert refusal.value.fact == "certificate"
