"""GraphiQL in a real browser whose network ends at our server."""

from pathlib import Path

from tests.web.browser import Browser

RESPONSE = "(document.querySelector('.graphiql-response .view-lines')?.textContent ?? '').replaceAll('\\u00a0', ' ')"
STATUS = "document.querySelector('[role=status]').textContent"
EXECUTE = ".graphiql-execute-button"


def open_graphiql(browser: Browser, site_url: str, query: str = "") -> None:
    browser.go(f"{site_url}/graphiql/{query}")
    browser.wait_for("document.querySelector('.graphiql-execute-button') !== null")
    browser.wait_for("document.querySelectorAll('.graphiql-editors .view-lines').length >= 2")


def run_example(browser: Browser, name: str, expected: str, *, user: str | None = None) -> None:
    browser.click(f"[data-example='{name}']")
    browser.wait_for(f"{STATUS}.includes({user or ''!r})")
    operation = name.split("-", 1)[1].title().replace("-", "")
    browser.wait_for(f"document.querySelector('.graphiql-tab-active').textContent.includes({operation!r})")
    browser.click(EXECUTE)
    browser.wait_for(f"{RESPONSE}.includes({expected!r})")


def assert_only_ours(browser: Browser, site_url: str) -> None:
    host = site_url.removeprefix("http://")
    ours = (f"http://{host}/", f"ws://{host}/", f"blob:http://{host}/")
    assert [url for url in browser.requests if not url.startswith(ours)] == []
    assert browser.complaints == []


def test_an_example_runs_and_no_other_server_is_asked_for_anything(
    browser: Browser, site_url: str, tmp_path: Path
) -> None:
    open_graphiql(browser, site_url)
    run_example(browser, "010-greet", "Good day, 订货!")
    browser.screenshot(tmp_path / "graphiql.png")
    browser.wait_for_request("graphql.worker")
    assert_only_ours(browser, site_url)


def test_an_example_signs_its_demo_user_in_and_the_token_travels_over_http(browser: Browser, site_url: str) -> None:
    open_graphiql(browser, site_url)
    run_example(browser, "020-who-am-i", '"caller": "buyer@demo"', user="buyer@demo")
    assert_only_ours(browser, site_url)


def test_a_subscription_streams_with_the_same_header_over_the_socket(
    browser: Browser, site_url: str, tmp_path: Path
) -> None:
    open_graphiql(browser, site_url)
    run_example(browser, "030-count", "3 for supplier@demo", user="supplier@demo")
    browser.screenshot(tmp_path / "subscription.png")
    browser.wait_for_request("ws://")
    assert_only_ours(browser, site_url)


def test_a_refused_sign_in_shows_the_servers_own_words(browser: Browser, site_url: str) -> None:
    open_graphiql(browser, site_url)
    browser.click(".dinghuo-start summary")
    browser.type_into(".dinghuo-form [name=account]", "buyer@demo")
    browser.type_into(".dinghuo-form [name=password]", "wrong")
    browser.click(".dinghuo-form button")
    browser.wait_for("document.querySelector('[role=alert]')?.textContent.includes('do not fit')")
    assert browser.evaluate(STATUS) == "Not signed in"


def test_a_visitor_signs_in_by_name_and_password(browser: Browser, site_url: str, tmp_path: Path) -> None:
    open_graphiql(browser, site_url)
    browser.click(".dinghuo-start summary")
    browser.type_into(".dinghuo-form [name=account]", "supplier@demo")
    browser.type_into(".dinghuo-form [name=password]", "let-me-sell")
    browser.click(".dinghuo-form button")
    browser.wait_for(f"{STATUS}.includes('supplier@demo')")
    browser.screenshot(tmp_path / "signed-in.png")


def test_the_page_speaks_chinese_when_asked_to(browser: Browser, site_url: str, tmp_path: Path) -> None:
    open_graphiql(browser, site_url, "?lang=zh")
    browser.screenshot(tmp_path / "chinese.png")
    assert browser.evaluate("document.title") == "订货 Dinghuo · GraphiQL"
    assert browser.evaluate("document.querySelector('.dinghuo-examples button').textContent").startswith("问候")


def test_no_token_and_no_password_is_left_in_the_browsers_storage(browser: Browser, site_url: str) -> None:
    open_graphiql(browser, site_url)
    run_example(browser, "020-who-am-i", "buyer@demo", user="buyer@demo")
    run_example(browser, "040-enter", "SignInSuccess")
    browser.wait_for("localStorage['graphiql:tabState'].includes('mutation Enter')")
    browser.wait_for("localStorage['graphiql:queries'].includes('mutation Enter')")
    stored = browser.evaluate("JSON.stringify(localStorage)")
    assert "token-of" not in stored
    assert "let-me-buy" not in stored


def test_what_was_typed_comes_back_after_a_reload(browser: Browser, site_url: str) -> None:
    open_graphiql(browser, site_url)
    run_example(browser, "010-greet", "Good day, 订货!")
    run_example(browser, "030-count", "3 for supplier@demo", user="supplier@demo")
    browser.wait_for("localStorage['graphiql:tabState'].includes('subscription Count')")
    open_graphiql(browser, site_url, "?again")
    tabs = "[...document.querySelectorAll('.graphiql-tab-button')].map((tab) => tab.textContent.slice(0, 5))"
    assert browser.evaluate(tabs) == ["Greet", "Count"]


def test_every_panel_opens_under_the_policy(browser: Browser, site_url: str, tmp_path: Path) -> None:
    open_graphiql(browser, site_url)
    for panel, shows in (
        ("Documentation Explorer", "Root Types"),
        ("GraphiQL Explorer", "greet"),
        ("History", "History"),
        ("Start here", "Examples"),
    ):
        browser.evaluate(f"document.querySelector('.graphiql-sidebar [aria-label$=\"{panel}\"]').click()")
        browser.wait_for(f"document.querySelector('.graphiql-plugin')?.textContent.includes({shows!r})")
        browser.screenshot(tmp_path / f"{panel.split()[0]}.png")
    browser.click(".graphiql-toolbar [aria-label^='Prettify']")  # brings its formatter only now
    browser.wait_for_request("estree")
    assert_only_ours(browser, site_url)
