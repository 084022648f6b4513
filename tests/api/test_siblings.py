"""Done-when 4: whatever else an enquiry does, an invited supplier is told what it would be told if nobody else were asked."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.embedded import EmbeddedPostgres
from models import Order
from resolvers.ids import encode_id, split_id
from rules.conversation import TalkChannel
from services import clock
from services.conversing import Talk, answer_supplier, ask_buyer, log_talk, post_message
from services.inviting import extend_enquiry, invite_supplier, withdraw_invitation
from services.matching import InvitationWish
from services.quoting import accept_quotation, counter_quotation, withdraw_quotation
from tests import servers
from tests.deep_queries import watching
from tests.enquiry_makers import Bidders, make_bid, make_bidders, make_issued_enquiry, renewed, sibling
from tests.house import Caller, open_house
from tests.makers import make_key
from tests.market import SCHEMA, TICKET, WIDE, everything
from tests.order_makers import fresh

END = datetime.now(UTC) + timedelta(days=5)
OPAQUE = re.compile(r"[A-Za-z0-9_-]{20,80}={0,2}")
NUMBERED = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)"), "A-TIME"),
    (re.compile(r"\b(PO|QT|CT|DA|PY|RQ)-[0-9A-Z]{4}-[0-9A-Z]{4}"), "A-NUMBER"),
    (re.compile(r"\bWy[A-Za-z0-9_-]{40,}={0,2}"), "A-CURSOR"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "A-DIGEST"),
    (re.compile(r"key-\d{8}|person-\d+|第\d+贸易|91310000MA\w{8}"), "A-NAME"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "A-UUID"),
)
"""What is random, or a time, or made from a counter of the tests."""


async def lived(bidders: Bidders, *, among_rivals: bool) -> Order:
    """One supplier's way from the enquiry to a contract, alone, or while others come, bid, go and are passed over."""
    spy, buyer = bidders.suppliers[0], bidders.buyer
    invited = bidders.suppliers[:3] if among_rivals else [spy]
    wish = {"invitations": tuple(InvitationWish(one.home) for one in invited), "answer_by": END}
    enquiry = await make_issued_enquiry(bidders, ("1000", "20"), **wish)
    order = await sibling(bidders, enquiry, 0)
    if among_rivals:
        await make_bid(bidders, enquiry, 1, "0.2", "2")
        await withdraw_invitation(buyer, enquiry.id, 2, bidders.suppliers[2].home, "dropped")
        await invite_supplier(buyer, enquiry.id, 3, InvitationWish(bidders.suppliers[3].home))
    await ask_buyer(spy, order.id, (await fresh(order)).version_for(spy), "which steel?", idempotency_key=make_key())
    if among_rivals:
        theirs = await sibling(bidders, enquiry, 3)
        await post_message(bidders.suppliers[3], theirs.id, "zqrival", idempotency_key=make_key())
        rival = await sibling(bidders, enquiry, 1)
        await counter_quotation(buyer, rival.id, rival.version, (), "zqrival")
        await make_bid(bidders, enquiry, 1, "0.19", "1.9")
    await answer_supplier(buyer, order.id, (await fresh(order)).version, "A2-70", idempotency_key=make_key())
    await make_bid(bidders, enquiry, 0, "0.3", "3", valid_until=END + timedelta(days=30))
    version = (await renewed(enquiry)).version
    await extend_enquiry(buyer, enquiry.id, version, END + timedelta(days=1))
    if among_rivals:
        supplier = bidders.suppliers[1]
        rival = await sibling(bidders, enquiry, 1)
        await withdraw_quotation(supplier, rival.id, rival.version_for(supplier), "zqrival")
        await make_bid(bidders, enquiry, 3, "0.1", "1")
    await log_talk(buyer, order.id, Talk(TalkChannel.PHONE, clock.now(), "a word"), idempotency_key=make_key())
    await withdraw_quotation(spy, order.id, (await fresh(order)).version_for(spy), "a better one")
    better = await make_bid(bidders, enquiry, 0, "0.29", "3", valid_until=END + timedelta(days=30))
    await accept_quotation(buyer, better.id, (await fresh(order)).version)
    return order


async def told(url: str, data_dir: Path, *, among_rivals: bool) -> str:
    """Everything the supplier can ask, and every event in its feed with its position, without what is random."""
    async with open_house(url, data_dir, **WIDE) as house:
        bidders = await make_bidders(4, 2)
        order = await lived(bidders, among_rivals=among_rivals)
        goods = bidders.goods[0][0]
        ids = {
            "Order": encode_id("Order", order.id),
            "Invoice": encode_id("Invoice", order.id),
            "Company": encode_id("Company", bidders.suppliers[0].home),
            "Product": encode_id("Product", goods.id),
            "Category": encode_id("Category", goods.category_id),
        }
        caller = await house.enter(bidders.suppliers[0])
        asked = await everything({"": (caller, ids)})
        await post_message(bidders.suppliers[0], order.id, "the end", idempotency_key=make_key())
        return blotted(json.dumps([asked, await feed(caller)], ensure_ascii=False))


async def feed(caller: Caller) -> list[Any]:
    """All events of the caller's company, when the last of them has long been written."""
    events: list[Any] = []
    async with caller.listening(watching(SCHEMA, 1)) as listener:
        while not events or "the end" not in json.dumps(events[-1]):
            events.append(await listener.next())
    return events


def blotted(text: str) -> str:
    """The text with each id replaced by its kind and the place where it is met first, and the rest of what is random by a word."""
    names: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        parts = split_id(found[0])
        return names.setdefault(found[0], f"{parts[0]}-{len(names)}") if parts else found[0]

    text = OPAQUE.sub(name, TICKET.sub("", text))
    for pattern, word in NUMBERED:
        text = pattern.sub(word, text)
    return text


async def test_a_supplier_is_told_the_same_whoever_else_is_asked(
    postgres_server: EmbeddedPostgres, template: str, tmp_path: Path
) -> None:
    """To the letter: data, numbers of events, positions in the feed, versions; two runs, with and without rivals."""
    alone = await told(await servers.copied(postgres_server, template), tmp_path / "alone", among_rivals=False)
    among = await told(await servers.copied(postgres_server, template), tmp_path / "among", among_rivals=True)
    assert first_difference(alone, among) is None
    assert "zqrival" not in among
    assert {"OrderPlaced", "QuotationSent", "QuotationWithdrawn", "DeadlineExtended", "QuotationAccepted"} <= kinds_in(
        alone
    )


def kinds_in(text: str) -> set[str]:
    """The types of events in the feed, which is told last."""
    return {event["__typename"] for event in json.loads(text)[1]}


def first_difference(one: str, other: str) -> str | None:
    """Where two texts part, with what stands around it."""
    if one == other:
        return None
    place = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"{one[place - 300 : place + 80]!r} / {other[place - 300 : place + 80]!r}"


@pytest.mark.parametrize("text", ["seq 7", "position 12", "quantity 1000"])
def test_a_difference_in_a_count_would_be_seen(text: str) -> None:
    assert first_difference(blotted(text), blotted(text + "0")) is not None
