"""The dashboard on the real demo, in real browsers whose network ends at our server: both sides, live, over a restart, on a phone."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.demo import DemoTemplate, Served
from tests.web.browser import Browser, Chromium
from tests.web.visitor import Visitor

LINE = "document.querySelector('.line').textContent"
FEED = "[...document.querySelectorAll('.feed li')].map((one) => Number(one.dataset.cursor))"
COUNTERS = "[...document.querySelectorAll('.counter strong')].map((one) => Number(one.textContent))"
EMPTY_BOXES = "[...document.querySelectorAll('.empty')].map((one) => one.textContent)"
BOXES_OF_A_NEW_COMPANY = ["Nothing is on its way.", "No orders yet. Place one in GraphiQL"]
"""The feed is not among them: that the company was admitted stands there as soon as the page has heard of it."""
BUYERS = {"Shanghai Mingyuan Machinery": "wh@mingyuan.demo", "Shenzhen Haichuan Electronics": "wh@haichuan.demo"}
SUPPLIER = "wh@henggu.demo"
PASSWORD = "Dinghuo-Demo-2026"
DESPATCH = """mutation ($input: DespatchShipmentInput!) { despatchShipment(input: $input) { ... on DespatchShipmentSuccess {
    shipment { id number order { number buyer { englishName } } } } ... on Problem { code message } } }"""
TRACK = """mutation ($input: RecordTrackingInput!) { recordTracking(input: $input) { ... on RecordTrackingSuccess {
    shipment { id trackingEvents { place } } } ... on Problem { code message } } }"""
BOARD = """query ($filter: DeliveryBoardFilter) { deliveryBoard(filter: $filter) {
    counts { underWay late arrivingToday arrived } deliveries { shipment { number } } } }"""
CHANGE_PASSWORD = "mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { __typename } }"

OpenBrowser = Callable[..., Browser]


@pytest.fixture
def opened(chromium: Chromium) -> Iterator[OpenBrowser]:
    """Opens browsers that end with the test."""
    with ExitStack() as browsers:
        yield lambda language="en": browsers.enter_context(chromium.page(language=language))


@pytest.fixture
def served(demo_template: DemoTemplate) -> Iterator[Served]:
    """A demo of the test's own, which may be restarted."""
    with demo_template.running() as served:
        yield served


def enter(browser: Browser, url: str, account: str, **window: Any) -> None:
    """Sign in as one of the demo's people, and wait until everything stands there."""
    browser.go(f"{url}/dashboard/", **window)
    browser.click(f"[data-account='{account}']")
    browser.wait_for("document.querySelector('.line')?.classList.contains('live')")
    browser.wait_for("document.querySelectorAll('.counter').length === 4")
    browser.wait_for("document.querySelectorAll('.feed li').length > 5")


def delivery(number: str, text: str = "") -> str:
    """Whether the shipment stands on the page, with this text."""
    found = f"document.querySelector('[data-shipment={json.dumps(number)}]')"
    return f"({found}?.innerText ?? '').includes({json.dumps(text)}) && {found} !== null"


def despatch(visitor: Visitor) -> Any:
    """Goods of the demo's supplier leave."""
    example = {**visitor.example("510-despatch-the-goods"), "query": DESPATCH}
    return visitor.run(example)["data"]["despatchShipment"]["shipment"]


def track(visitor: Visitor, shipment: Any, place: str) -> None:
    """They are seen at a place."""
    moment = visitor.example("520-report-the-arrival")["variables"]["input"]["occurredAt"]
    given = {"shipmentId": shipment["id"], "code": "IN_TRANSIT", "occurredAt": moment, "place": place}
    answer = visitor.run({"query": TRACK, "variables": {"input": given}, "user": SUPPLIER})
    assert place in str(answer["data"]), answer


def assert_feed_in_order(browser: Browser) -> None:
    """Each event once, the newest first, and none between them missing for a role that reads all of an order's."""
    cursors = browser.evaluate(FEED)
    assert len(set(cursors)) == len(cursors) > 5
    assert cursors == sorted(cursors, reverse=True)


def assert_only_ours(browser: Browser, url: str) -> None:
    """Nothing was asked of anybody else, and nothing stays behind in the browser."""
    host = url.removeprefix("http://")
    assert [one for one in browser.requests if not one.startswith((f"http://{host}/", f"ws://{host}/"))] == []
    assert browser.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])") == '[{},{},""]'


def test_a_despatch_appears_on_both_sides_and_a_restart_loses_and_doubles_nothing(
    opened: OpenBrowser, served: Served, tmp_path: Path
) -> None:
    visitor, sides = Visitor(served.url), {}
    for account in (SUPPLIER, *BUYERS.values()):
        sides[account] = opened()
        enter(sides[account], served.url, account)
    shipment = despatch(visitor)
    buyer, supplier = sides[BUYERS[shipment["order"]["buyer"]["englishName"]]], sides[SUPPLIER]
    for side in (buyer, supplier):
        side.wait_for(delivery(shipment["number"]))
    track(visitor, shipment, "苏州转运中心")
    for name, side in (("buyer", buyer), ("supplier", supplier)):
        side.wait_for(delivery(shipment["number"], "苏州转运中心"))
        side.wait_for(f"document.querySelector('.feed').innerText.includes({shipment['order']['number']!r})")
        side.screenshot(tmp_path / f"{name}.png")
    served.stop()
    for side in (buyer, supplier):
        side.wait_for(f"{LINE} === 'Reconnecting…'")
        side.evaluate("window.neverReloaded = true")
        side.screenshot(tmp_path / "reconnecting.png")
    served.start()
    track(Visitor(served.url), shipment, "昆山转运中心")
    for side in (buyer, supplier):
        side.wait_for(delivery(shipment["number"], "昆山转运中心"))
        side.wait_for(f"{LINE}.startsWith('Live')")
        assert side.evaluate("window.neverReloaded")
        assert_feed_in_order(side)
        assert_only_ours(side, served.url)
    tracked = f"[...document.querySelectorAll('[data-shipment=\"{shipment['number']}\"] .stop')].map((one) => one.textContent)"
    assert buyer.evaluate(tracked)[:3] == ["Despatched", "苏州转运中心", "昆山转运中心"]


def test_what_happened_while_the_line_was_cut_comes_once_and_is_told(opened: OpenBrowser, served: Served) -> None:
    browser, visitor = opened(), Visitor(served.url)
    enter(browser, served.url, SUPPLIER)
    shipment = despatch(visitor)
    browser.wait_for(delivery(shipment["number"]))
    browser.evaluate("dispatchEvent(new Event('offline'))")
    browser.wait_for(f"{LINE} !== 'Live'")
    network: dict[str, Any] = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.command("Network.emulateNetworkConditions", offline=True, **network)
    browser.wait_for(f"{LINE} === 'Offline'")
    for place in ("甲", "乙", "丙"):
        track(visitor, shipment, place)
    browser.command("Network.emulateNetworkConditions", offline=False, **network)
    browser.wait_for(f"{LINE}.startsWith('Live again')")
    assert int("".join(filter(str.isdigit, browser.evaluate(LINE)))) >= 3
    browser.wait_for(delivery(shipment["number"], "丙"))
    tracked = "[...document.querySelectorAll('[data-kind=SHIPMENT_TRACKED]')].map((one) => one.innerText)"
    mentions = f"{tracked}.filter((text) => text.includes({shipment['order']['number']!r})).length"
    browser.wait_for(f"{mentions} === 3")
    assert_feed_in_order(browser)


def test_counters_are_the_board_s_and_choose_what_is_listed(browser: Browser, served: Served) -> None:
    enter(browser, served.url, SUPPLIER)
    question = {"query": BOARD, "variables": {}, "user": SUPPLIER}
    listed, number = "document.querySelectorAll('[data-shipment]').length", f"JSON.stringify({COUNTERS})"

    def agrees() -> bool:
        """The demo's goods move meanwhile; then the page and the server move together."""
        shown = Visitor(served.url).run(question)["data"]["deliveryBoard"]
        counters = json.loads(browser.evaluate(number))
        return (counters, browser.evaluate(listed)) == (list(shown["counts"].values()), len(shown["deliveries"]))

    assert any(agrees() for _ in range(20))
    browser.click("[data-lane=ARRIVED]")
    browser.wait_for(f"{listed} === {COUNTERS}[3]")
    assert browser.evaluate("document.querySelector('[data-lane=ARRIVED]').getAttribute('aria-pressed')") == "true"
    browser.click("[data-lane=ARRIVED]")
    browser.wait_for(f"{listed} === {COUNTERS}[0] + {COUNTERS}[3]")


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("en", 1280, False), ("zh-CN", 1280, True), ("en", 360, True), ("zh-CN", 360, False)],
)
def test_the_page_fits_its_screen_in_either_language(
    opened: OpenBrowser, demo_url: str, tmp_path: Path, language: str, width: int, dark: bool
) -> None:
    browser = opened(language)
    browser.go(f"{demo_url}/dashboard/", width=width, height=800, dark=dark)
    browser.wait_for("document.querySelector('[data-account]') !== null")
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    enter(browser, demo_url, SUPPLIER, width=width, height=800, dark=dark)
    browser.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    browser.screenshot(tmp_path / f"{language}-{width}.png")
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert browser.evaluate("document.documentElement.lang") == language
    heading = browser.evaluate("document.querySelector('h1').textContent")
    assert ("恒固" in heading) == (language == "zh-CN")
    assert browser.complaints == []
    assert_only_ours(browser, demo_url)


def test_the_language_is_switched_without_signing_out(browser: Browser, demo_url: str) -> None:
    enter(browser, demo_url, SUPPLIER)
    browser.click("[data-action=language]")
    browser.wait_for("document.title.startsWith('订货')")
    assert "苏州恒固紧固件有限公司" in browser.evaluate("document.querySelector('h1').textContent")
    assert browser.evaluate("document.querySelector('.feed li strong').textContent.match(/[\\u4e00-\\u9fff]/) !== null")


def test_everything_can_be_reached_and_is_named_without_a_mouse(browser: Browser, demo_url: str) -> None:
    """Each control has a name, each region a heading, and the tab key goes from the skip link through all controls."""
    enter(browser, demo_url, SUPPLIER)
    tree = browser.command("Accessibility.getFullAXTree")["nodes"]
    roles = [(one["role"]["value"], one.get("name", {}).get("value", "")) for one in tree if not one["ignored"]]
    assert [
        role
        for role, name in roles
        if role in ("button", "link", "textbox", "region", "DisclosureTriangle") and not name
    ] == []
    assert {"Deliveries", "What happens", "Orders by status", "Events of the last days"} <= {
        name for role, name in roles if role == "region"
    }
    reached = []
    for _ in range(8):
        for kind in ("keyDown", "keyUp"):
            browser.command("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        reached.append(browser.evaluate("document.activeElement.className || document.activeElement.tagName"))
    assert reached[0] == "skip"
    assert sum(one.startswith("counter") for one in reached) == 4, reached


def test_a_wrong_password_is_told_in_the_server_s_words_and_a_right_one_enters(browser: Browser, demo_url: str) -> None:
    for password, expected in (("wrong", "[role=alert]"), (PASSWORD, ".counter")):
        sign_in(browser, demo_url, SUPPLIER, password)
        browser.wait_for(f"document.querySelector({expected!r}) !== null")
    browser.click("[data-action=sign-out]")
    browser.wait_for("document.querySelector('[data-account]') !== null")


def test_a_new_company_finds_words_instead_of_empty_boxes_and_is_told_when_its_session_ends(
    browser: Browser, served: Served
) -> None:
    visitor = Visitor(served.url)
    registering = visitor.example("810-register-a-company")
    visitor.run(registering)
    visitor.run(visitor.example("830-admit-a-company"))
    name, password = (registering["variables"]["input"][fact] for fact in ("signInName", "password"))
    sign_in(browser, served.url, name, password)
    browser.wait_for("document.querySelectorAll('.counter').length === 4")
    assert browser.evaluate(COUNTERS) == [0, 0, 0, 0]
    browser.wait_for(f"JSON.stringify({EMPTY_BOXES}) === JSON.stringify({BOXES_OF_A_NEW_COMPANY})")
    visitor.enter(name, password)
    passwords = {"input": {"oldPassword": password, "newPassword": "quite another phrase"}}
    changed = visitor.run({"query": CHANGE_PASSWORD, "variables": passwords, "user": name})
    assert changed["data"]["changePassword"]["__typename"] == "ChangePasswordSuccess"
    browser.wait_for("document.querySelector('[role=alert]')?.textContent.includes('session has ended')")


def sign_in(browser: Browser, url: str, account: str, password: str) -> None:
    """With a name and a password, as outside the demo."""
    browser.go(f"{url}/dashboard/?{password}")
    browser.click("summary")
    browser.type_into("[name=account]", account)
    browser.type_into("[name=password]", password)
    browser.click("form .primary")
