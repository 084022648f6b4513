"""Makes official invoices by walking the real verbs."""

from decimal import Decimal
from random import Random
from typing import Any

from models import CreditNote, Invoice, OfficialInvoice
from rules.fapiao import Fapiao, FapiaoType, Sums
from services import clock
from services.recording_fapiao import FapiaoFor, record_official_invoice
from tests.makers import make_key
from tests.order_makers import Parties

_NUMBERS = Random(0)


def make_number(digits: int = 20) -> str:
    """A number that no other official invoice has."""
    return "".join(_NUMBERS.choices("0123456789", k=digits))


def make_fapiao(net: str, tax: str, total: str | None = None, **facts: Any) -> Fapiao:
    """A fully digitalised one of today."""
    sums = Sums(Decimal(net), Decimal(tax), Decimal(total) if total else Decimal(net) + Decimal(tax))
    said = {
        "type": FapiaoType.DIGITAL_SPECIAL,
        "code": "",
        "number": make_number(),
        "issued_on": clock.today("Asia/Shanghai"),
        **facts,
    }
    return Fapiao(sums=sums, **said)


async def make_recorded(
    parties: Parties, document: Invoice | CreditNote, fapiao: Fapiao | None = None, **wish: Any
) -> OfficialInvoice:
    """The official invoice for a document, on record: one over all of it unless said."""
    of = {"invoice_id" if isinstance(document, Invoice) else "credit_note_id": document.id}
    whole = fapiao or make_fapiao(str(document.net), str(document.tax))
    return await record_official_invoice(parties.supplier, FapiaoFor(**of, **wish), whole, idempotency_key=make_key())


def make_xml(number: str, issued_at: str, net: str, tax: str, total: str) -> bytes:
    """The file of a fully digitalised one, as far as anybody looks at it."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<EInvoice><Header><EIid>1</EIid></Header><EInvoiceData>'
        "<SellerInformation><SellerName>甲</SellerName></SellerInformation><BasicInformation>"
        f"<TotalAmWithoutTax>{net}</TotalAmWithoutTax><TotalTaxAm>{tax}</TotalTaxAm>"
        f"<TotalTax-includedAmount>{total}</TotalTax-includedAmount></BasicInformation></EInvoiceData>"
        f"<TaxSupervisionInfo><InvoiceNumber>{number}</InvoiceNumber><IssueTime>{issued_at}</IssueTime>"
        "</TaxSupervisionInfo></EInvoice>"
    ).encode()
