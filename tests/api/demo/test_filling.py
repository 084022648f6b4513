"""An example's placeholders become what its user would read, and nothing that its user may not see."""

from decimal import Decimal
from typing import Any

import pytest

from api.demo import claims, stories
from api.demo.filling import filled
from api.demo.stages import STAGES
from api.examples import Example
from models import Attachment, Company, Member, Order
from models.base import new_id
from resolvers.ids import encode_id
from rules.people import Actor, CompanyKind, CompanyStatus, Role
from rules.returns import Resolution
from services.companies import register_company
from services.conversing import post_message
from services.taking_back import resolve_return
from tests.address_makers import make_address
from tests.file_makers import make_shelf
from tests.makers import make_actor, make_application, make_company, make_key, make_person, make_platform
from tests.order_makers import (
    Parties,
    fresh,
    lines_of,
    make_completed_order,
    make_contracted_order,
    make_goods,
    make_order,
    make_parties,
    make_placed_order,
    make_quotation,
    make_shipment,
)
from tests.return_makers import make_return, make_taken_back
from tests.statements import counting


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def fill(actor: Actor | None, written: Any) -> Any:
    """What the actor's person finds in place of `written`."""
    user = (await Member.get(id=actor.member)).sign_in_name if actor else None
    example = Example("110-try", "Try", "试", user, {"it": written}, "query Try {\n  __typename\n}\n")
    return (await filled(example)).variables["it"]


def shown(order: Order) -> str:
    return encode_id("Order", order.id)


async def test_structures_are_filled_at_any_depth_and_other_values_stay(parties: Parties) -> None:
    order = await make_order(parties)
    written = {"input": [{"orderId": "$order.drafted", "note": "$5 off", "count": 3, "none": None}]}
    found = await fill(parties.buyer, written)
    assert found == {"input": [{"orderId": shown(order), "note": "$5 off", "count": 3, "none": None}]}


async def test_each_side_reads_its_own_version(parties: Parties) -> None:
    await make_placed_order(parties)
    assert await fill(parties.buyer, "$order.placed.version") == 2
    assert await fill(parties.supplier, "$order.placed.version") == 1


async def test_the_order_is_the_one_that_moved_last(parties: Parties) -> None:
    first, second = await make_placed_order(parties), await make_placed_order(parties)
    assert await fill(parties.supplier, "$order.placed") == shown(second)
    await post_message(parties.buyer, first.id, "还在吗?", idempotency_key=make_key())
    assert await fill(parties.supplier, "$order.placed") == shown(first)
    await make_quotation(parties, await fresh(first))
    assert await fill(parties.supplier, "$order.placed") == shown(second)


async def test_documents_and_lines_are_reached_from_the_order(parties: Parties) -> None:
    order = await make_placed_order(parties, ("1000", "20"))
    quotation = await make_quotation(parties, await fresh(order), ("0.333", "1"))
    lines = [encode_id("OrderLine", line.id) for line in await lines_of(order)]
    assert await fill(parties.buyer, "$order.quoted.quotation") == encode_id("Quotation", quotation.id)
    assert await fill(parties.buyer, "$order.quoted.quotation.total") == str(quotation.total)
    assert await fill(parties.buyer, "$order.quoted.line") == lines[0]
    load = await fill(parties.supplier, "$order.quoted.load")
    assert load == [{"orderLineId": lines[0], "quantity": "1000"}, {"orderLineId": lines[1], "quantity": "20"}]
    assert [line["unitPrice"] for line in await fill(parties.supplier, "$order.quoted.offer")] == ["0.38", "0.38"]


async def test_what_the_user_may_not_see_stays_as_it_is_written(parties: Parties) -> None:
    await make_order(parties)
    stranger = await make_actor(await make_company(CompanyKind.BUYER), Role.REQUESTER)
    for actor in (parties.supplier, stranger, None):
        for written in ("$order.drafted", "$order.drafted.version", "$order.drafted.quotation.total"):
            assert await fill(actor, written) == written


async def test_two_placeholders_of_one_example_speak_of_one_row(parties: Parties) -> None:
    await make_placed_order(parties)
    async with counting() as once:
        await fill(parties.supplier, ["$order.placed"])
    async with counting() as twice:
        await fill(parties.supplier, ["$order.placed", "$order.placed.version"])
    assert len(twice) == len(once)


async def test_the_statements_do_not_grow_with_the_orders(parties: Parties) -> None:
    written = ["$order.placed.version", "$order.placed.offer", "$cursor.3", "$day.1"]
    counts = []
    for _ in range(2):
        for _ in range(5):
            await make_placed_order(parties)
        async with counting() as statements:
            await fill(parties.supplier, written)
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_the_operator_finds_the_newest_applicant(parties: Parties) -> None:
    operator = await make_platform()
    assert await fill(operator, "$company.APPLIED") == "$company.APPLIED"
    applicant = await make_company(status=CompanyStatus.APPLIED)
    assert await fill(operator, "$company.APPLIED") == encode_id("Company", applicant.id)


async def test_a_made_credit_code_is_right(database: str) -> None:
    code = await fill(None, "$new.creditCode")
    application, person = make_application(credit_code=code), make_person()
    company, _ = await register_company(
        Actor.anonymous(), application, person, address="192.0.2.7", idempotency_key=await fill(None, "$new.key")
    )
    assert company.credit_code == code


def test_stages_are_named_like_the_stories_that_lead_there() -> None:
    told = {story.__name__ for story in (*(story for story, _, _ in stories.STORIES), *claims.CLAIMS)}
    assert STAGES.keys() <= told


async def test_a_pasted_list_and_files_are_of_the_draft_s_supplier(parties: Parties) -> None:
    """And the same file serves until somebody has used it."""
    make_shelf()
    order = await make_order(parties, ())
    assert await fill(parties.buyer, "$order.drafted.pasted") == "$order.drafted.pasted"
    await make_goods(parties.supplier, sku="Z-9", stock_on_hand=Decimal(5))
    for sku in ("A-1", "B-1", "C-1"):
        await make_goods(parties.supplier, sku=sku, minimum_quantity=Decimal(20))
    assert await fill(parties.buyer, "$order.drafted.pasted") == "A-1\t20\nB-1，20\nc-1 20"
    first, second, note = [await fill(parties.buyer, f"$order.drafted.{what}") for what in ("sheet", "sheet", "note")]
    assert first == second != note
    assert sorted(one.name for one in await Attachment.visible_to(parties.buyer)) == [
        f"{order.number}.csv",
        f"{order.number}.txt",
    ]


async def test_what_a_company_keeps_beside_its_orders_is_found(parties: Parties) -> None:
    await make_order(parties)
    for written in ("$address.newest", "$template.newest", "$agreement.proposed", "$colleague.APPROVER"):
        assert await fill(parties.buyer, written) == written
    assert await fill(parties.buyer, "$order.drafted.elsewhere") == "$order.drafted.elsewhere"
    address = encode_id("Address", (await make_address(parties.buyer)).id)
    colleague = await make_actor(await Company.named(parties.buyer.home), Role.APPROVER)
    assert await fill(parties.buyer, "$address.newest") == address
    assert await fill(parties.supplier, "$address.newest") == "$address.newest"
    assert await fill(parties.buyer, "$colleague.APPROVER") == encode_id("Member", colleague.member or new_id())
    [line] = await fill(parties.buyer, "$order.drafted.elsewhere")
    assert line["deliveryAddressId"] == address


async def test_returns_are_found_by_their_status_and_what_is_due_by_the_ledger(parties: Parties) -> None:
    order = await make_completed_order(parties, ("10",))
    [line] = await lines_of(order)
    assert await fill(parties.supplier, "$return.REQUESTED") == "$return.REQUESTED"
    one = await make_return(parties, order, "2")
    assert await fill(parties.supplier, "$return.REQUESTED") == encode_id("ReturnRequest", one.id)
    assert await fill((await make_parties()).supplier, "$return.REQUESTED") == "$return.REQUESTED"
    assert await fill(parties.supplier, "$order.replacing") == "$order.replacing"
    one = await make_taken_back(parties, one)
    await resolve_return(parties.supplier, one.id, one.version, Resolution.REPLACE)
    due = [{"orderLineId": encode_id("OrderLine", line.id), "quantity": "2"}]
    assert await fill(parties.supplier, "$order.replacing.due") == due
    await make_shipment(parties, order, "2")
    assert await fill(parties.supplier, "$order.replacing.due") == "$order.replacing.due"


async def test_packages_and_findings_are_made_of_an_order_s_lines(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("10", "20"), ("1", "1"))
    await make_shipment(parties, order)
    lines = [encode_id("OrderLine", line.id) for line in await lines_of(order)]
    cartons = await fill(parties.supplier, "$order.under_way.cartons")
    assert [carton["contents"] for carton in cartons] == [
        [{"orderLineId": lines[0], "quantity": "10"}],
        [{"orderLineId": lines[1], "quantity": "20"}],
    ]
    [damaged] = await fill(parties.buyer, "$order.under_way.damaged")
    assert (damaged["orderLineId"], damaged["accepted"], damaged["rejected"]) == (lines[0], "9", "1")
