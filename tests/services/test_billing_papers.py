"""The text of an invoice is written down with it; what its parties say of themselves later changes nothing of it."""

import json
from decimal import Decimal as D
from typing import Any

import pytest

from models import BillingPaper, BillingProfile, Company, Invoice
from models.database import pool
from rules.people import Actor, Role
from rules.problems import NotAllowed, NotFound, StaleVersion
from services.billing_papers import credit_note_paper, invoice_paper
from services.billing_profiles import BillingDetails, set_billing_details
from tests.billing_makers import make_credit_note
from tests.carrier_makers import as_admin
from tests.order_makers import Parties, make_completed_order, make_invoice, make_parties
from tests.races import at_once

BANK = BillingDetails("碧波路 690 号", "021-5080", "工商银行张江支行", "1001 2345")


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def say(actor: Actor, details: BillingDetails) -> None:
    """Let the actor's company say this of itself from now on."""
    admin = as_admin(actor)
    await set_billing_details(admin, (await Company.named(admin.home)).version, details)


def told(printed: bytes) -> Any:
    """What the plain printer was given."""
    return json.loads(printed.removeprefix(b"%PLAIN\n"))


async def test_a_paper_stays_as_it_was_issued(parties: Parties) -> None:
    await say(parties.supplier, BANK)
    invoice = await make_invoice(parties, await make_completed_order(parties))
    first = await invoice_paper(parties.buyer, invoice.id)
    await say(parties.supplier, BillingDetails())
    assert await invoice_paper(parties.supplier, invoice.id) == first
    said = told(first.content)
    assert said["supplier"]["bank"] == {"name": "工商银行张江支行", "account": "1001 2345"}
    assert (said["number"], said["amounts"]["total"], said["dueOn"]) == (
        invoice.number,
        "430.79",
        invoice.due_on.isoformat(),
    )
    assert [line["net"] for line in said["lines"]] == ["333.00", "50.00"]
    assert first.name == f"{invoice.number}.pdf"
    with pytest.raises(Exception, match="stays as it was written"):
        await BillingPaper.filter(invoice_id=invoice.id).update(text="{}")


async def test_a_credit_note_names_the_invoice_that_it_corrects(parties: Parties) -> None:
    invoice = await make_invoice(parties, await make_completed_order(parties))
    note = await make_credit_note(parties, invoice, "10")
    said = told((await credit_note_paper(parties.buyer, note.id)).content)
    assert said["corrects"] == {"number": invoice.number, "issuedOn": invoice.issued_on.isoformat()}
    assert (said["reason"], said["amounts"]["net"]) == ("miscounted", "3.33")
    assert (said["amounts"]["rounding"], said["amounts"]["taxLevel"]) == ("HALF_UP", "LINE")
    [line] = said["lines"]
    assert (D(line["quantity"]), line["unitPrice"]) == (D(10), "0.333")


async def test_one_from_before_gets_its_text_once_whoever_comes_first(parties: Parties) -> None:
    invoice = await make_invoice(parties, await make_completed_order(parties))
    async with pool().acquire() as connection:
        await connection.execute(
            "ALTER TABLE billing_paper DISABLE TRIGGER billing_paper_kept; DELETE FROM billing_paper"
        )
        await connection.execute("ALTER TABLE billing_paper ENABLE TRIGGER billing_paper_kept")
    papers, _ = await at_once(*(invoice_paper(parties.buyer, invoice.id) for _ in range(4)))
    assert len({paper.content for paper in papers}) == 1
    assert await BillingPaper.all().count() == 1


async def test_a_stranger_gets_no_paper(parties: Parties) -> None:
    invoice = await make_invoice(parties, await make_completed_order(parties))
    note = await make_credit_note(parties, invoice, "10")
    stranger = (await make_parties()).buyer
    with pytest.raises(NotFound):
        await invoice_paper(stranger, invoice.id)
    with pytest.raises(NotFound):
        await credit_note_paper(stranger, note.id)


async def test_only_an_administrator_who_read_the_company_says_where_money_goes(parties: Parties) -> None:
    version = (await Company.named(parties.supplier.home)).version
    with pytest.raises(NotAllowed):
        await set_billing_details(parties.supplier, version, BANK)
    with pytest.raises(StaleVersion):
        await set_billing_details(as_admin(parties.supplier), version - 1, BANK)
    await say(parties.supplier, BANK)
    await say(parties.supplier, BillingDetails(phone="110"))
    kept = await BillingProfile.all().get()
    assert (kept.address, kept.phone, kept.bank_account) == (None, "110", None)
    assert not await BillingProfile.visible_to(parties.buyer).exists()
    assert await Invoice.all().count() == 0
    assert Role.ADMIN not in parties.supplier.roles
