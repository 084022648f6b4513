"""GraphiQL on the real demo, in a real browser whose network ends at our server."""

from pathlib import Path

import pytest

from tests.web.browser import Browser
from tests.web.visitor import Visitor

RESPONSE = "(document.querySelector('.graphiql-response .view-lines')?.textContent ?? '').replaceAll('\\u00a0', ' ')"
CURSOR = f'Number({RESPONSE}.match(/"cursor": ([0-9]+)/)?.[1])'
"""Of the event that is shown; the demo lives on by itself meanwhile, so that it may be a later one than was known before."""
STATUS = "document.querySelector('[role=status]').textContent"
EXECUTE = ".graphiql-execute-button"
BUYER = "req@mingyuan.demo"
SUPPLIER = "sales@henggu.demo"
PASSWORD = "Dinghuo-Demo-2026"


def open_graphiql(browser: Browser, site_url: str, query: str = "") -> None:
    browser.go(f"{site_url}/graphiql/{query}", width=1440, height=900)
    browser.wait_for("document.querySelector('.graphiql-execute-button') !== null")
    browser.wait_for("document.querySelector('[data-example]')?.disabled === false")


def open_example(browser: Browser, name: str) -> None:
    browser.click(f"[data-example='{name}']")
    operation = name.split("-", 1)[1].title().replace("-", "")
    browser.wait_for(f"document.querySelector('.graphiql-tab-active').textContent.includes({operation!r})")


def run_example(browser: Browser, name: str, expected: str, *, user: str | None = None) -> None:
    open_example(browser, name)
    if user is not None:
        browser.wait_for(f"{STATUS}.includes({user!r})")
    browser.click(EXECUTE)
    browser.wait_for(f"{RESPONSE}.includes({expected!r})")


def sign_in(browser: Browser, name: str, password: str) -> None:
    browser.click(".dinghuo-start summary")
    browser.type_into(".dinghuo-form [name=account]", name)
    browser.type_into(".dinghuo-form [name=password]", password)
    browser.click(".dinghuo-form button")


def assert_only_ours(browser: Browser, site_url: str) -> None:
    host = site_url.removeprefix("http://")
    ours = (f"http://{host}/", f"ws://{host}/", f"blob:http://{host}/")
    assert [url for url in browser.requests if not url.startswith(ours)] == []
    assert browser.complaints == []


@pytest.fixture
def visitor(demo_url: str) -> Visitor:
    """Somebody else on the same server."""
    return Visitor(demo_url)


def test_a_visitor_signs_in_runs_an_example_and_watches_what_others_do(
    browser: Browser, demo_url: str, visitor: Visitor, tmp_path: Path
) -> None:
    open_graphiql(browser, demo_url)
    browser.screenshot(tmp_path / "opened.png")
    browser.click(f".dinghuo-person[data-account='{BUYER}']")
    browser.wait_for(f"{STATUS}.includes({BUYER!r})")
    run_example(browser, "120-search-by-word", '"sku": "BOLT-', user=BUYER)
    browser.screenshot(tmp_path / "searched.png")
    known = visitor.example("710-company-events")["variables"]["after"] + 3
    run_example(browser, "710-company-events", '"cursor": ', user=SUPPLIER)
    browser.wait_for(f"{CURSOR} >= {known}")
    sent = visitor.run(visitor.example("320-send-a-quotation"))["data"]["sendQuotation"]["quotation"]
    browser.wait_for(f"{CURSOR} > {known} && {RESPONSE}.includes({sent['order']['number']!r})")
    browser.screenshot(tmp_path / "watching.png")
    browser.wait_for_request("ws://")
    browser.wait_for_request("graphql.worker")
    assert_only_ours(browser, demo_url)


def test_one_example_follows_the_order_that_another_one_moved(browser: Browser, demo_url: str) -> None:
    open_graphiql(browser, demo_url)
    for name, expected in (("220-mend-the-draft", '"draftHints": []'), ("230-submit-the-order", '"version": 3')):
        run_example(browser, name, expected, user=BUYER)
    assert_only_ours(browser, demo_url)


def test_a_refused_sign_in_shows_the_servers_own_words_and_a_right_one_enters(
    browser: Browser, demo_url: str, tmp_path: Path
) -> None:
    open_graphiql(browser, demo_url)
    sign_in(browser, BUYER, "wrong")
    browser.wait_for("document.querySelector('[role=alert]')?.textContent.length > 10")
    assert browser.evaluate(STATUS) == "Not signed in"
    browser.screenshot(tmp_path / "refused.png")
    open_graphiql(browser, demo_url, "?again")
    sign_in(browser, SUPPLIER, PASSWORD)
    browser.wait_for(f"{STATUS}.includes({SUPPLIER!r})")


def test_the_page_speaks_chinese_when_asked_to(browser: Browser, demo_url: str, tmp_path: Path) -> None:
    open_graphiql(browser, demo_url, "?lang=zh")
    browser.screenshot(tmp_path / "chinese.png")
    assert browser.evaluate("document.title") == "订货 Dinghuo · GraphiQL"
    assert browser.evaluate("document.querySelector('.dinghuo-examples button').textContent").startswith("我是谁")


def test_no_token_and_no_password_is_left_in_the_browsers_storage(browser: Browser, demo_url: str) -> None:
    open_graphiql(browser, demo_url)
    run_example(browser, "110-who-am-i", BUYER, user=BUYER)
    run_example(browser, "810-register-a-company", '"administrator"')
    for kept in ("tabState", "queries"):
        browser.wait_for(f"localStorage['graphiql:{kept}'].includes('mutation RegisterACompany')")
    stored = browser.evaluate("JSON.stringify(localStorage)")
    assert "Bearer" not in stored
    assert "a long phrase is best" not in stored


def test_what_was_typed_comes_back_after_a_reload(browser: Browser, demo_url: str) -> None:
    open_graphiql(browser, demo_url)
    open_example(browser, "130-search-by-sku")
    browser.wait_for("localStorage['graphiql:tabState'].includes('query SearchBySku')")
    open_graphiql(browser, demo_url, "?again")
    tabs = "[...document.querySelectorAll('.graphiql-tab-button')].map((tab) => tab.textContent)"
    assert browser.evaluate(tabs) == ["WhoAmI", "SearchBySku"]


def test_every_panel_opens_under_the_policy(browser: Browser, demo_url: str, tmp_path: Path) -> None:
    open_graphiql(browser, demo_url)
    for panel, shows in (
        ("Documentation Explorer", "Root Types"),
        ("GraphiQL Explorer", "verifyContract"),
        ("History", "History"),
        ("Start here", "Examples"),
    ):
        browser.evaluate(f"document.querySelector('.graphiql-sidebar [aria-label$=\"{panel}\"]').click()")
        browser.wait_for(f"document.querySelector('.graphiql-plugin')?.textContent.includes({shows!r})")
        browser.screenshot(tmp_path / f"{panel.split()[0]}.png")
    browser.click(".graphiql-toolbar [aria-label^='Prettify']")  # brings its formatter only now
    browser.wait_for_request("estree")
    assert_only_ours(browser, demo_url)
