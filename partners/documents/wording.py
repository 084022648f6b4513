"""The clauses of a purchase contract in Chinese and English, as far as the agreed terms call for them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rules.terms import PaymentMoment


@dataclass(frozen=True)
class Words:
    """The same in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True)
class Article:
    """One article: its heading and its paragraphs."""

    heading: Words
    items: tuple[Words, ...]


def articles(agreed: Mapping[str, Any]) -> list[Article]:
    """Every article after the list of goods, in order."""
    named = (
        (Words("质量", "Quality"), _quality(agreed)),
        (Words("交货", "Delivery"), _delivery(agreed)),
        (Words("验收", "Acceptance"), _acceptance(agreed)),
        (Words("付款", "Payment"), _payment(agreed["payment"])),
        (Words("违约责任", "Liability"), _LIABILITY),
        (Words("不可抗力", "Force majeure"), _FORCE_MAJEURE),
        (Words("适用法律与争议解决", "Governing law and disputes"), disputes("合同", "contract")),
        (Words("其他约定", "Further terms"), _further(agreed)),
        (Words("签署与生效", "Signature and effect"), _signature(agreed.get("agreement"))),
    )
    return [Article(heading, items) for heading, found in named if (items := tuple(found))]


TERMS = {
    "QUANTITY": Words("数量", "Quantity"),
    "UNIT_PRICE": Words("未税单价", "Unit price"),
    "TAX_RATE": Words("增值税税率", "VAT rate"),
    "PROMISED_ON": Words("交货日期", "Date of delivery"),
    "QUALITY_REMARK": Words("质量说明", "Quality remark"),
    "FREIGHT": Words("未税运费", "Freight, net"),
    "FREIGHT_TAX_RATE": Words("运费增值税税率", "VAT rate on freight"),
    "DELIVERY_PLACE": Words("交货地点", "Place of delivery"),
    "DELIVERY_ZONE": Words("交货地点时区", "Time zone of delivery"),
    "TOTAL": Words("合同总价（含税）", "Contract total"),
}
"""What of a contract a later version may say differently (`rules.change`)."""
INCLUSIVE_TERMS = {**TERMS, "UNIT_PRICE": Words("含税单价", "Unit price, tax included")}
"""The same where prices are stated with tax; freight is written without it either way."""


def amendment(agreed: Mapping[str, Any]) -> Article:
    """Which version a later one takes the place of, and why."""
    before, change = agreed["supersedes"], agreed["change"]
    side = Words("采购方", "the buyer") if change["proposedBy"] == "BUYER" else Words("供应方", "the supplier")
    items = (
        Words(
            f"本合同为第 {agreed['version']} 版，自双方签署之日起取代合同 {before['number']} 第 {before['version']} 版；"
            "此前已交付、已开票、已付款的部分继续有效。",
            f"This is version {agreed['version']}. Once both parties have signed it, it supersedes contract {before['number']}, version "
            f"{before['version']}; what was delivered, invoiced and paid before remains in effect.",
        ),
        Words(
            f"被取代版本规范文本的 SHA-256：{before['sha256']}",
            "SHA-256 of the canonical text it supersedes: as above.",
        ),
        Words(
            f"变更由{side.zh}提出，理由：{change['reason']}。与前一版不同之处如下：",
            f"Proposed by {side.en}, for the reason stated in the text above. It differs from the version before as follows:",
        ),
    )
    return Article(Words("合同变更", "Change of contract"), items)


def _quality(agreed: Mapping[str, Any]) -> Iterator[Words]:
    if agreed.get("quality"):
        yield Words(f"质量要求：{agreed['quality']}", "Quality requirement: as stated in the Chinese text above.")
    yield Words(
        "货物应当符合本合同载明的规格与质量要求；没有载明的，应当符合强制性国家标准，没有强制性国家标准的，按推荐性国家标准、行业标准或者符合合同"
        "目的的特定标准。",
        "The goods shall conform to the specifications and quality stated herein; where nothing is stated, to the mandatory national "
        "standards, failing which to the recommended national or industry standards, or such as serve the purpose of this contract.",
    )


def _delivery(agreed: Mapping[str, Any]) -> Iterator[Words]:
    delivery = agreed["delivery"]
    if delivery.get("place"):
        yield Words(
            f"交货地点：{delivery['place']}（时区：{delivery['zone']}）。",
            f"Place of delivery: as stated above (time zone {delivery['zone']}).",
        )
    if any(line.get("delivery") for line in agreed["lines"]):
        yield Words(
            "货物清单中载明其他交货地点的，该行货物交至该地点，其交货日期以该地点的日历日为准。",
            "A line for which the list of goods names another place is delivered there, its date being one of the calendar at that place.",
        )
    if delivery.get("incoterm"):
        place = delivery.get("incotermPlace")
        yield Words(
            f"交货条件：{delivery['incoterm']}（《国际贸易术语解释通则® 2020》），地点为{place or '上述交货地点'}。",
            f"Delivery terms: {delivery['incoterm']} (Incoterms® 2020), at the {'named place' if place else 'place of delivery'}.",
        )
    yield Words(
        "各行货物的交货日期见货物清单，以交货地点的日历日为准。货物交付之前的毁损、灭失风险由供应方承担，交付之后由采购方承担；约定了交货条件的，"
        "按该交货条件。",
        "Each line's date of delivery is the one in the list of goods, by the calendar at the place of delivery. The risk of loss passes "
        "to the buyer upon delivery, or as the agreed delivery terms provide.",
    )


def _acceptance(agreed: Mapping[str, Any]) -> Iterator[Words]:
    """Texts from before these periods were terms of the contract name none."""
    yield _INSPECTION
    if (inspection := agreed.get("inspection")) is not None:
        yield Words(
            f"检验期为货物到达交货地点并为平台所知之日起{inspection['days']}日。期满前平台至少提前两日提醒双方；采购方经提醒后在检验期内既未记录验收结果，也未"
            "提出异议的，视为数量与质量符合约定。",
            f"The period for inspection is {inspection['days']} days from when the goods' arrival at the place of delivery is known on the "
            "platform, which reminds both parties at least two days before it ends; where the buyer, so reminded, has neither recorded its "
            "findings nor objected by then, the goods are deemed to conform.",
        )
    yield _REMEDIES
    if (warranty := agreed.get("warranty")) is not None and Decimal(warranty["days"]):
        yield Words(
            f"质量保证期为订单完成之日起{warranty['days']}日，期内发现的质量问题，采购方可以通过平台提出索赔。",
            f"The warranty period is {warranty['days']} days from completion of the order; defects found within it may be claimed on the "
            "platform.",
        )


_INSPECTION = Words(
    "采购方应当在收到货物后及时检验数量与外观质量，并在平台上记录接收、拒收与短缺的数量。数量或者质量不符合约定的，采购方应当在合理期限内通知"
    "供应方。",
    "On receipt the buyer shall inspect quantity and apparent quality without undue delay and record on the platform what is accepted, "
    "rejected and short. It shall notify the supplier of any non-conformity within a reasonable time.",
)
_REMEDIES = Words(
    "对不符合约定的货物，采购方可以根据货物的性质与损失的大小，合理选择请求修理、更换、退货或者减少价款。",
    "For non-conforming goods the buyer may, as is reasonable under the circumstances, claim repair, replacement, return or a reduction of "
    "the price.",
)


def _payment(payment: Mapping[str, Any]) -> Iterator[Words]:
    if share := _percent(payment.get("prepaidShare")):
        yield Words(
            f"预付款：合同总价的{share}，于本合同生效后支付，供应方收到预付款后发货。",
            f"Prepayment: {share} of the contract total, payable once this contract takes effect and before despatch.",
        )
    rest = Words("其余货款", "the balance") if share else Words("货款", "payment")
    if payment.get("moment") == PaymentMoment.ON_RECEIPT:
        yield Words(
            f"{rest.zh}于货物验收合格之日起{payment['netDays']}日内支付，但不早于供应方开具发票之日。",
            f"{rest.en.capitalize()} is due within {payment['netDays']} days from acceptance of the goods, "
            "not before the supplier's invoice.",
        )
    elif payment.get("netDays") is not None:
        yield Words(
            f"{rest.zh}于供应方就已验收货物开具发票之日起{payment['netDays']}日内支付。",
            f"{rest.en.capitalize()} is due within {payment['netDays']} days from the date of the supplier's invoice for accepted goods.",
        )
    yield Words(
        "供应方按已验收的货物开具增值税发票。付款以本合同的币种支付。",
        "The supplier invoices accepted goods with value-added tax. Payments are made in the currency of this contract.",
    )


_LIABILITY = (
    Words(
        "一方不履行合同义务或者履行不符合约定的，应当承担继续履行、采取补救措施或者赔偿损失等违约责任；赔偿额不超过订立合同时预见到或者应当预见到的"
        "损失。",
        "A party in breach shall perform, remedy, or compensate the loss it caused; compensation shall not exceed the loss that was or "
        "ought to have been foreseen when this contract was concluded.",
    ),
    Words(
        "迟延交货或者迟延付款超过十五日，经书面催告后在合理期限内仍未履行的，对方可以解除未履行部分。",
        "Where delivery or payment is more than fifteen days late and is not made within a reasonable time after written notice, the other "
        "party may terminate the part that has not been performed.",
    ),
)
_FORCE_MAJEURE = (
    Words(
        "因不可抗力不能履行合同的，根据不可抗力的影响，部分或者全部免除责任；受影响的一方应当及时通知对方，并在合理期限内提供证明。",
        "A party prevented from performing by force majeure is excused to the extent of its effect; it shall notify the other party "
        "promptly and furnish proof within a reasonable time.",
    ),
)


def disputes(zh: str, en: str) -> tuple[Words, ...]:
    """Whose law, and which courts, for a document that is called so."""
    return (
        Words(
            f"本{zh}适用中华人民共和国法律，不适用《联合国国际货物销售合同公约》。",
            f"This {en} is governed by the laws of the People's Republic of China; the CISG does not apply.",
        ),
        Words(
            f"因本{zh}发生的争议，双方应当协商解决；协商不成的，任何一方可以向被告住所地有管辖权的人民法院提起诉讼。中文与英文不一致的，以中文"
            "为准。",
            "Disputes shall be settled by consultation, failing which either party may bring an action before the competent people's court "
            "at the defendant's domicile. Should the two languages differ, the Chinese text prevails.",
        ),
    )


def _further(agreed: Mapping[str, Any]) -> Iterator[Words]:
    if agreed.get("remark"):
        yield Words(agreed["remark"], "As stated in the text above.")


SIGNING = Words(
    "每个签名都标明信任等级。PLATFORM_CA：证书由平台自建的认证机构签发，平台在核验签约人的密码与动态验证码之后，以一次性私钥代为签署，私钥随即"
    "销毁；REGISTERED_CERTIFICATE：签约人自有证书，私钥由其本人控制，证书事先在平台登记；EXTERNAL_CA：证书由平台信任的外部认证机构签发，私钥由"
    "签约人本人控制。时间由签名中载明的时间戳机构证明。",
    "Each signature states its trust level. PLATFORM_CA: the certificate is issued by the platform's own authority, which signs with a "
    "key used once and destroyed, after checking the signatory's password and one-time code. REGISTERED_CERTIFICATE: the signatory's "
    "own certificate, registered beforehand, whose key the signatory alone controls. EXTERNAL_CA: a certificate of an outside "
    "authority the platform trusts, whose key the signatory alone controls. The authority named in the signature vouches for the time.",
)
"""What the trust levels of signatures mean."""
_SIGNATURE = (
    Words(
        "本合同由双方授权签约人以电子签名签署，自第二方签署时生效。电子签名采用 PAdES 格式并加盖可信时间，签署之后的任何改动均可被发现。",
        "This contract is signed electronically by an authorised signatory of either party and takes effect with the second signature. "
        "Signatures are in PAdES format with a time stamp; any change made afterwards can be detected.",
    ),
    SIGNING,
)


def _signature(agreement: Mapping[str, Any] | None) -> Iterator[Words]:
    if agreement is None:
        yield from _SIGNATURE
    else:
        yield Words(
            f"本合同依据双方已签署的框架协议 {agreement['number']} 订立，无需另行签署即生效。",
            f"This contract is concluded under framework agreement {agreement['number']}, which both parties have signed; it takes "
            "effect without further signatures.",
        )
        yield Words(
            f"该框架协议规范文本的 SHA-256：{agreement['sha256']}",
            "SHA-256 of the framework agreement's canonical text: as above.",
        )


def _percent(share: object) -> str:
    """A share such as "0.3" as "30%"; empty for none."""
    value = Decimal(str(share or 0))
    return f"{(value * 100).normalize():f}%" if value else ""
