"""The words that statements of account are written in."""

from decimal import Decimal

from rules.account_statements import StatementLine
from rules.accounts import Account, PostingKind
from rules.money import Currency, minor_unit

CHINESE = "zh-CN"
A, K = Account, PostingKind
# fmt: off
_WORDS = {
    "title":        ("Statement of account",           "对账单"),
    "summary":      ("Totals by document type",        "分类汇总"),
    "open":         ("Open invoices on the last day",  "期末未结清发票"),
    "from":         ("Of",                             "本方"),
    "with":         ("With",                           "往来单位"),
    "code":         ("Credit code",                    "统一社会信用代码"),
    "period":       ("Period",                         "对账期间"),
    "currency":     ("Currency",                       "币种"),
    "as_of":        ("As booked at",                   "数据截至"),
    "lines":        ("Entries",                        "明细笔数"),
    "date":         ("Date",                           "日期"),
    "type":         ("Type",                           "类型"),
    "document":     ("Document",                       "单据"),
    "number":       ("Document no.",                   "单据号"),
    "order":        ("Order",                          "订单号"),
    "invoice":      ("Invoice",                        "发票号"),
    "account":      ("Account",                        "科目"),
    "description":  ("Description",                    "摘要"),
    "debit":        ("Debit",                          "借方"),
    "credit":       ("Credit",                         "贷方"),
    "balance":      ("Balance",                        "余额"),
    "opening":      ("Opening balance",                "期初余额"),
    "closing":      ("Closing balance",                "期末余额"),
    "brought":      ("Brought forward",                "承前页"),
    "carried":      ("Carried forward",                "过次页"),
    "amount":       ("Amount",                         "金额"),
    "sum":          ("Total",                          "合计"),
    "issued":       ("Issued",                         "开票日期"),
    "due":          ("Due",                            "到期日"),
    "overdue":      ("Days overdue",                   "逾期天数"),
    "owed":         ("Owed",                           "未结金额"),
    "none":         ("None",                           "无"),
    "of_none":      ("Of no invoice",                  "无对应发票"),
    "for":          ("for {invoice}",                  "发票 {invoice}"),
    "sign":         ("A balance above zero is in favour of {company}.", "余额为正表示应归 {company}。"),
    "page":         ("Page {number} of {count}",       "第 {number} 页 / 共 {count} 页"),
}
_KINDS = {
    K.INVOICE:      ("Invoice",                        "发票"),
    K.CREDIT_NOTE:  ("Credit note",                    "红字发票"),
    K.PAYMENT:      ("Payment",                        "付款"),
    K.REFUND:       ("Refund",                         "退款"),
    K.SET_OFF:      ("Set-off",                        "抵销"),
    K.RELEASE:      ("Prepayment to be paid back",     "预付款待退"),
    K.REVERSAL:     ("Reversal",                       "冲回"),
}
_ACCOUNTS = {
    A.RECEIVABLE:   ("Receivable",                     "应收账款"),
    A.CREDIT:       ("Credit balance",                 "预收账款"),
    A.ADVANCES:     ("Prepayment",                     "预收货款"),
    A.REFUNDS:      ("Refund due",                     "应付退款"),
    A.PAYABLE:      ("Payable",                        "应付账款"),
    A.PREPAID:      ("Credit balance",                 "预付账款"),
    A.ADVANCES_PAID: ("Prepayment",                    "预付货款"),
    A.REFUNDS_DUE:  ("Refund due",                     "应收退款"),
}
# fmt: on
_PLAIN = frozenset({A.RECEIVABLE, A.PAYABLE})


def word(name: str, locale: str, **facts: object) -> str:
    """One of the words above, with its facts."""
    return _WORDS[name][locale == CHINESE].format(**facts)


def kind_word(kind: PostingKind, locale: str) -> str:
    """What documents of this kind are called."""
    return _KINDS[kind][locale == CHINESE]


def account_word(account: Account, locale: str) -> str:
    """What the account is called."""
    return _ACCOUNTS[account][locale == CHINESE]


def description(line: StatementLine, locale: str) -> str:
    """What there is to say of a line beside its document: which invoice it is about, and the account where that is an unusual one."""
    about = word("for", locale, invoice=line.invoice) if line.invoice and line.invoice != line.document else ""
    account = "" if line.account in _PLAIN else account_word(line.account, locale)
    return " · ".join(filter(None, (account, about)))


def invoice_word(number: str, locale: str) -> str:
    """An open invoice's number, or that it is none: money that was taken back after it had been used is owed of an order alone."""
    return number or word("of_none", locale)


def money(amount: Decimal | None, currency: Currency) -> str:
    """An amount to the currency's minor unit, its thousands apart; nothing where there is none."""
    return "" if amount is None else f"{amount.quantize(minor_unit(currency)):,f}"
