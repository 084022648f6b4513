"""The measuring of notices fails where a provider would have waited too long."""

from bench.notices import too_slow
from rules.billing import PaymentMethod


def test_an_answer_of_a_second_is_too_slow_in_whatever_round() -> None:
    quick, slow = [(0.3, 0.1), (0.999, 0.1)], [(0.3, 0.1), (1.0, 0.9), (0.2, 0.1)]
    assert too_slow({PaymentMethod.ALIPAY: quick, PaymentMethod.WECHAT_PAY: slow}) == [PaymentMethod.WECHAT_PAY]
    assert too_slow({PaymentMethod.ALIPAY: quick, PaymentMethod.WECHAT_PAY: quick}) == []
