"""Official invoices: recorded once, never beyond what was invoiced, with their file, and voided where the record was wrong."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from models import Attachment, Event, OfficialInvoice
from rules.events import EventKind
from rules.fapiao import FapiaoStatus
from rules.files import EINVOICE
from rules.money import Currency
from rules.people import Role
from rules.problems import AmountMismatch, Conflict, InvalidInput, NotAllowed, NotFound, WrongStatus
from services.recording_fapiao import FapiaoFor, record_official_invoice, void_official_invoice
from tests.billing_makers import make_credit_note
from tests.fapiao_makers import make_fapiao, make_recorded, make_xml
from tests.file_makers import make_attachment, make_shelf
from tests.makers import make_key
from tests.order_makers import Parties, fresh, make_completed_order, make_goods, make_invoice, make_parties
from tests.races import at_once


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def test_several_are_recorded_until_they_come_to_the_invoice(parties: Parties) -> None:
    order = await make_completed_order(parties)
    invoice = await make_invoice(parties, order)
    before = (await fresh(order)).version
    file = await make_attachment(parties.supplier)
    first = await make_recorded(parties, invoice, make_fapiao("333.00", "43.29"), attachment_id=file.id)
    await make_recorded(parties, invoice, make_fapiao("50.00", "4.52"))
    with pytest.raises(AmountMismatch) as refused:
        await make_recorded(parties, invoice, make_fapiao("0.01", "0.00"))
    assert (refused.value.expected, refused.value.found) == (D("430.79"), D("430.82"))
    assert await Attachment.visible_to(parties.buyer).filter(id=first.attachment_id).exists()
    assert await OfficialInvoice.visible_to(parties.buyer).count() == 2
    assert not await OfficialInvoice.visible_to((await make_parties()).buyer).exists()
    assert (await fresh(order)).version == before + 2
    told = await Event.filter(stream=order.id, kind=EventKind.OFFICIAL_INVOICE_RECORDED).order_by("seq").first()
    assert told is not None
    assert told.body["officialInvoiceId"] == str(first.id)


async def test_a_red_one_is_for_a_credit_note(parties: Parties) -> None:
    note = await make_credit_note(parties, await make_invoice(parties, await make_completed_order(parties)), "10")
    with pytest.raises(AmountMismatch):
        await make_recorded(parties, note, make_fapiao("3.35", "0.43"))
    red = await make_recorded(parties, note)
    assert (red.credit_note_id, red.invoice_id, red.total) == (note.id, None, note.total)


async def test_a_number_counts_once_for_a_supplier_and_says_nothing_of_rivals(parties: Parties) -> None:
    first, second = [await make_invoice(parties, await make_completed_order(parties)) for _ in range(2)]
    fapiao = make_fapiao("100.00", "13.00")
    done, refused = await at_once(*(make_recorded(parties, one, fapiao) for one in (first, second)))
    assert (len(done), [type(one) for one in refused]) == (1, [Conflict])
    rivals = await make_parties()
    await make_recorded(rivals, await make_invoice(rivals, await make_completed_order(rivals)), fapiao)
    await void_official_invoice(parties.supplier, done[0].id, "misread")
    await make_recorded(parties, second, fapiao)


async def test_two_at_once_do_not_come_to_more_than_the_invoice(parties: Parties) -> None:
    invoice = await make_invoice(parties, await make_completed_order(parties))
    done, refused = await at_once(*(make_recorded(parties, invoice) for _ in range(3)))
    assert (len(done), {type(one) for one in refused}) == (1, {AmountMismatch})


async def test_a_wrong_record_is_voided_or_replaced_and_stays(parties: Parties) -> None:
    invoice = await make_invoice(parties, await make_completed_order(parties))
    wrong = await make_recorded(parties, invoice)
    right = await make_recorded(parties, invoice, replaces_id=wrong.id)
    await wrong.refresh_from_db()
    assert (wrong.status, wrong.void_reason, right.replaces_id) == (FapiaoStatus.VOIDED, None, wrong.id)
    with pytest.raises(WrongStatus):
        await void_official_invoice(parties.supplier, wrong.id, "again")
    voided = await void_official_invoice(parties.supplier, right.id, "misread")
    assert voided.voided_at is not None
    other = await make_invoice(parties, await make_completed_order(parties))
    with pytest.raises(NotFound):
        await make_recorded(parties, other, replaces_id=right.id)
    assert await OfficialInvoice.filter(status=FapiaoStatus.RECORDED).count() == 0


async def test_only_the_supplier_s_finance_records_and_voids(parties: Parties) -> None:
    invoice = await make_invoice(parties, await make_completed_order(parties))
    made = await make_recorded(parties, invoice)
    whole, key = make_fapiao("1.00", "0.13"), make_key()
    stranger, clerk = (await make_parties()).supplier, replace(parties.supplier, roles=frozenset({Role.SALES}))
    for actor, refusal in ((parties.buyer, WrongStatus), (stranger, NotFound), (clerk, NotAllowed)):
        with pytest.raises(refusal):
            await record_official_invoice(actor, FapiaoFor(invoice.id), whole, idempotency_key=key)
        with pytest.raises(refusal):
            await void_official_invoice(actor, made.id, "why")
    with pytest.raises(InvalidInput):
        await record_official_invoice(parties.supplier, FapiaoFor(), whole, idempotency_key=key)


async def test_one_key_records_once(parties: Parties) -> None:
    invoice = await make_invoice(parties, await make_completed_order(parties))
    said: dict[str, Any] = {"wish": FapiaoFor(invoice.id), "fapiao": make_fapiao("1.00", "0.13")}
    key = make_key()
    first, again = [await record_official_invoice(parties.supplier, **said, idempotency_key=key) for _ in range(2)]
    assert first.id == again.id


async def test_there_are_none_in_another_currency(parties: Parties) -> None:
    bolts = await make_goods(parties.supplier, currency=Currency.USD)
    invoice = await make_invoice(parties, await make_completed_order(parties, goods=[bolts]))
    with pytest.raises(InvalidInput, match="CNY"):
        await make_recorded(parties, invoice)


async def test_what_the_file_says_has_to_be_what_is_recorded(parties: Parties) -> None:
    make_shelf()
    invoice = await make_invoice(parties, await make_completed_order(parties))
    fapiao = make_fapiao(str(invoice.net), str(invoice.tax))
    sums = (str(invoice.net), str(invoice.tax), str(invoice.total))
    for number, refused in (("9" * 20, True), (fapiao.number, False)):
        content = make_xml(number, f"{fapiao.issued_on} 08:00:00", *sums)
        file = await make_attachment(parties.supplier, "数电票.xml", content, EINVOICE.media_type)
        if refused:
            with pytest.raises(InvalidInput, match="another one in the file"):
                await make_recorded(parties, invoice, fapiao, attachment_id=file.id)
        else:
            made = await make_recorded(parties, invoice, fapiao, attachment_id=file.id)
            assert made.attachment_id == file.id
    assert await OfficialInvoice.all().count() == 1
