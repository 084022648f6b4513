"""Invoices and credit notes come through the door to both parties alone, as real PDF files."""

from pathlib import Path
from typing import Any

from models import Company
from resolvers.ids import encode_id
from tests.billing_makers import make_credit_note
from tests.carrier_makers import as_admin
from tests.house import open_house
from tests.order_makers import make_completed_order, make_invoice, make_parties
from tests.resolvers.asking import do

PAPERS = """query ($id: ID!) { invoice(id: $id) { pdf { url downloadUrl } creditNotes { pdf { url downloadUrl } } } }"""


async def test_a_browser_gets_an_invoice_and_its_credit_note(database_url: str, tmp_path: Path) -> None:
    async with open_house(database_url, tmp_path) as house:
        parties = await make_parties()
        version = (await Company.named(parties.supplier.home)).version
        said: dict[str, Any] = {
            "expectedVersion": version,
            "address": "碧波路",
            "phone": None,
            "bankName": None,
            "bankAccount": "6222",
        }
        asked = as_admin(parties.supplier), "setBillingDetails", "billingProfile { address bankAccount }"
        assert (await do(*asked, **{**said, "bankAccount": "6222;"}))["faults"] == [{"field": "input.bankAccount"}]
        assert (await do(*asked, **said))["billingProfile"] == {"address": "碧波路", "bankAccount": "6222"}

        invoice = await make_invoice(parties, await make_completed_order(parties))
        await make_credit_note(parties, invoice, "10")
        buyer = await house.enter(parties.buyer)
        seen = (await buyer.ask(PAPERS, id=encode_id("Invoice", invoice.id)))["invoice"]
        assert (await buyer.ask("{ billingProfile { bankAccount } }")) == {"billingProfile": None}
        [note] = seen["creditNotes"]
        for link in (seen["pdf"], note["pdf"]):
            answer = await house.http.get(link["downloadUrl"])
            assert (answer.status_code, answer.content[:4]) == (200, b"%PDF")
            assert (await house.http.get(link["url"])).status_code == 401
        stranger = await house.enter((await make_parties()).buyer)
        ticket = seen["pdf"]["downloadUrl"].partition("?")[2]
        assert (await house.http.get(f"{note['pdf']['url']}?{ticket}")).status_code == 401
        assert (await stranger.ask(PAPERS, id=encode_id("Invoice", invoice.id)))["invoice"] is None
