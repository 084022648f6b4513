"""The codes of invoices and payments as the schema shows them."""

from resolvers.enums import described
from rules.billing import InvoiceStatus, PaymentMethod, PaymentStatus

described(
    InvoiceStatus,
    "InvoiceStatus",
    "What the buyer said to an invoice, and whether anything of it is left; it is never edited or deleted. Expect new ones.",
    {
        "ISSUED": "Nothing yet.",
        "ACCEPTED": "It is right.",
        "DISPUTED": "Something is wrong with it; the reason is given. A credit note answers it.",
        "CREDITED": "Credit notes took all of it back.",
    },
)
described(
    PaymentMethod,
    "PaymentMethod",
    "How money travels; expect new ones.",
    {
        "ALIPAY": "Through Alipay, which tells whether it was paid; CNY only.",
        "WECHAT_PAY": "Through WeChat Pay, which tells whether it was paid; CNY only.",
        "BANK_TRANSFER": "From bank to bank, reported by the buyer and confirmed by the supplier (UNTDID 4461: 30).",
        "CHEQUE": "By cheque, reported and confirmed likewise; it may bounce after that (UNTDID 4461: 20).",
        "CREDIT_BALANCE": "With the buyer's credit: no money moves (UNTDID 4461: 97).",
    },
)
described(
    PaymentStatus,
    "PaymentStatus",
    "Where one transfer stands; expect new ones.",
    {
        "PROOF_SUBMITTED": "The buyer reported it by the bank's number, with the slip or without; the supplier has not seen the money yet.",
        "AWAITING_CHANNEL": "Started online; the provider has not said yet that it was paid. Until two hours after the time in which "
        "it can be paid, what it is for cannot be paid otherwise.",
        "CHANNEL_CONFIRMED": "The provider says that it was paid; the supplier has not confirmed the money yet.",
        "FUNDS_CONFIRMED": "The supplier has the money.",
        "FAILED": "The money did not come, or the provider refused to take it.",
        "CLOSED": "Nobody can pay it any more; should money come all the same, the provider's word counts.",
        "REFUNDED": "All of it went back.",
        "BOUNCED": "The cheque's money was confirmed, and the bank did not honour it after all.",
    },
)
