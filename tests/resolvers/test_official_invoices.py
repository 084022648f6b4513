"""Official invoices as both sides see them."""

import pytest

from resolvers.ids import encode_id
from services import clock
from tests.billing_makers import make_credit_note
from tests.fapiao_makers import make_number
from tests.makers import make_key
from tests.order_makers import Parties, make_completed_order, make_invoice, make_parties
from tests.resolvers.asking import ask, do

OFFICIAL = """officialInvoicing { coverage recorded { amount currency } difference { amount } officialInvoices {
    type typeLabel status code number total { amount } rates { rate net tax } voidReason invoice { number } creditNote { number } } }"""
SEEN = f"query ($id: ID!) {{ invoice(id: $id) {{ match {{ {OFFICIAL} }} creditNotes {{ {OFFICIAL} }} }} }}"


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def test_the_buyer_sees_what_the_supplier_recorded_and_voided(parties: Parties) -> None:
    order = await make_completed_order(parties)
    invoice = await make_invoice(parties, order)
    id_, number = encode_id("Invoice", invoice.id), make_number()
    said = {
        "invoiceId": id_,
        "type": "DIGITAL_SPECIAL",
        "number": number,
        "issuedOn": clock.today("Asia/Shanghai").isoformat(),
        "net": "333.00",
        "tax": "43.29",
        "total": "376.29",
        "rates": [{"rate": "0.13", "net": "333.00", "tax": "43.29"}],
    }
    record = (parties.supplier, "recordOfficialInvoice", "officialInvoice { id number }")
    made = (await do(*record, **said, idempotencyKey=make_key()))["officialInvoice"]  # type: ignore[arg-type]
    assert made["number"] == number
    taken = await do(*record, **said, idempotencyKey=make_key())  # type: ignore[arg-type]
    assert (taken["code"], taken["expected"], taken["found"]) == ("AMOUNT_MISMATCH", "383.00", "666.00")

    seen = await ask(parties.buyer, SEEN, locale="zh-CN", id=id_)
    found = seen["match"]["officialInvoicing"]
    [one] = found.pop("officialInvoices")
    assert found == {
        "coverage": "PARTIAL",
        "recorded": {"amount": "376.29", "currency": "CNY"},
        "difference": {"amount": "-54.50"},
    }
    assert (one["typeLabel"], one["code"], one["invoice"]["number"]) == (
        "数电票（增值税专用发票）",
        None,
        invoice.number,
    )
    assert one["rates"] == [{"rate": "0.13", "net": "333.00", "tax": "43.29"}]
    assert (await ask((await make_parties()).buyer, SEEN, id=id_)) is None

    void = (parties.supplier, "voidOfficialInvoice", "officialInvoice { status }")
    await do(*void, officialInvoiceId=made["id"], reason="misread")
    note = await make_credit_note(parties, invoice, "10")
    red = {**said, "invoiceId": None, "creditNoteId": encode_id("CreditNote", note.id), "rates": []}
    sums = {"net": str(note.net), "tax": str(note.tax), "total": str(note.total), "number": make_number()}
    await do(*record, **{**red, **sums}, idempotencyKey=make_key())  # type: ignore[arg-type]
    seen = await ask(parties.buyer, SEEN, id=id_)
    found = seen["match"]["officialInvoicing"]
    assert (found["coverage"], [one["voidReason"] for one in found["officialInvoices"]]) == ("NONE", ["misread"])
    [credited] = [one["officialInvoicing"] for one in seen["creditNotes"]]
    assert (credited["coverage"], credited["officialInvoices"][0]["creditNote"]) == (
        "COMPLETE",
        {"number": note.number},
    )
