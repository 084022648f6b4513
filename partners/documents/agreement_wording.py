"""The clauses of a framework agreement in Chinese and English."""

from collections.abc import Iterator, Mapping
from typing import Any

from partners.documents.wording import SIGNING, Article, Words, disputes


def scope(agreed: Mapping[str, Any]) -> Article:
    """How long it lasts, and what the limits are about."""
    period = agreed["period"]
    return Article(
        Words("期限与限额", "Period and limits"),
        (
            Words(
                f"本协议适用于 {period['from']} 至 {period['to']}（含首尾两日，以订单交货地点的日历日为准）成立的采购订单，币种为"
                f" {agreed['limits']['currency']}。",
                f"This agreement covers orders placed under contract from {period['from']} to {period['to']}, both days included, by the "
                f"calendar at the order's place of delivery, in {agreed['limits']['currency']}.",
            ),
            Words(
                "下列限额均含税。订单终止或者减少的金额归还限额。",
                "The limits below include tax. What an order gives back when it is terminated or reduced is restored to them.",
            ),
        ),
    )


def pricing(agreed: Mapping[str, Any]) -> Article:
    """Whether prices are agreed, and what they cap."""
    if agreed["prices"]:
        said = Words(
            "对下列产品，订单行数量达到所列起订数量的，未税单价不得高于所列价格；未列出的产品按供应方的报价。",
            "For the products below no unit price without tax may exceed the one listed once a line reaches the listed quantity; others "
            "are bought at the supplier's quotation.",
        )
    else:
        said = Words(
            "双方未约定产品单价，各订单按供应方的报价。",
            "No prices are agreed; orders are priced by the supplier's quotation.",
        )
    return Article(Words("价格", "Prices"), (said,))


def articles(agreed: Mapping[str, Any]) -> list[Article]:
    """Every article after the prices, in order."""
    named = (
        (Words("订单的订立", "Call-offs"), _CALL_OFFS),
        (Words("付款", "Payment"), _payment(agreed["payment"])),
        (Words("终止", "Termination"), _TERMINATION),
        (Words("适用法律与争议解决", "Governing law and disputes"), disputes("协议", "agreement")),
        (Words("其他约定", "Further terms"), _further(agreed)),
        (Words("签署与生效", "Signature and effect"), _SIGNATURE),
    )
    return [Article(heading, items) for heading, found in named if (items := tuple(found))]


_CALL_OFFS = (
    Words(
        "采购方接受供应方的报价，且该报价的币种、付款条件、价格与金额均符合本协议的，该订单的采购合同即时成立并生效，载明本协议的编号与"
        " SHA-256，无需另行签署。双方在本协议上的签名即为对该合同的签名。",
        "Once the buyer accepts a quotation whose currency, payment terms, prices and amount are within this agreement, the purchase "
        "contract of that order is concluded and takes effect at once. It names this agreement by number and SHA-256 and needs no "
        "further signature: the signatures on this agreement stand for those on it.",
    ),
    Words(
        "不符合本协议的订单，由双方另行签署采购合同。采购方与供应方内部的审批不受本协议影响。",
        "Orders beyond this agreement are signed by both parties as ever. Either party's internal approvals remain unaffected.",
    ),
)


def _payment(payment: Mapping[str, Any]) -> Iterator[Words]:
    yield Words(
        f"依据本协议订立的订单，货款于供应方就已验收货物开具发票之日起{payment['netDays']}日内支付。",
        f"Payment for orders under this agreement is due within {payment['netDays']} days from the date of the supplier's invoice for "
        "accepted goods.",
    )


_TERMINATION = (
    Words(
        "任何一方的授权签约人可以随时终止本协议；终止不影响此前依据本协议成立的采购合同。",
        "An authorised signatory of either party may terminate this agreement at any time; purchase contracts concluded under it before "
        "remain in effect.",
    ),
)


def _further(agreed: Mapping[str, Any]) -> Iterator[Words]:
    if agreed.get("remark"):
        yield Words(agreed["remark"], "As stated in the text above.")


_SIGNATURE = (
    Words(
        "本协议由双方授权签约人以电子签名签署，自第二方签署时生效。电子签名采用 PAdES 格式并加盖可信时间，签署之后的任何改动均可被发现。",
        "This agreement is signed electronically by an authorised signatory of either party and takes effect with the second signature. "
        "Signatures are in PAdES format with a time stamp; any change made afterwards can be detected.",
    ),
    SIGNING,
)
