"""What the pages promise a browser, apart from how they look there."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from api.demo_users import DemoUser, Tally, Words
from api.examples import Example
from api.pages import DASHBOARD, GRAPHIQL, Demo, Site, page_not_found, page_routes
from rules.events import EventKind
from rules.lifecycle import OrderStatus
from rules.shipping import ShipmentDelay, ShipmentStatus, TrackingCode

BUYER = DemoUser("buyer@demo", "let-me-buy", Words("Buyer <Ltd>", "买方"), Words("head", "主管"))
EXAMPLE = Example("010-ask", "Ask", "问", BUYER.account, {"first": 1}, "query Ask {\n  __typename\n}\n")
PAGES = [
    *("/", "/?lang=zh", "/page.css", "/favicon.svg", "/schema.graphql"),
    *("/graphiql/", "/graphiql/examples.json", "/dashboard/", "/dashboard/guide.json"),
]
LOADED = re.compile(r"""(?:src|href|@import|url)\s*[=(]?\s*["'(]*((?:https?:)?//[^"')\s]+)""", re.IGNORECASE)


async def alive() -> bool:
    return True


async def dead() -> bool:
    return False


async def tally() -> Tally:
    return Tally(companies=2, products=3, orders=4)


async def fill(example: Example) -> Example:
    return replace(example, variables={"first": 7})


def make_site(*, demo: bool = True, database_is_alive: bool = True) -> Site:
    return Site(
        version="1.2.3",
        schema_text="type Query { 问: String }",
        database_is_alive=alive if database_is_alive else dead,
        demo=Demo([BUYER], tally, fill) if demo else None,
    )


def make_client(site: Site) -> TestClient:
    return TestClient(Starlette(routes=page_routes(site, [EXAMPLE]), exception_handlers={404: page_not_found}))


@pytest.fixture
def client() -> Iterator[TestClient]:
    with make_client(make_site()) as client:
        yield client


@pytest.mark.parametrize("path", [*PAGES, "/graphiql/demo.json", "/graphiql/examples/010-ask.json", "/no/such/page"])
def test_every_answer_carries_a_strict_policy(client: TestClient, path: str) -> None:
    headers = client.get(path, headers={"accept": "text/html"}).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert "'unsafe-eval'" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"


def test_only_the_built_pages_may_run_scripts(client: TestClient) -> None:
    """Their own files alone; and only what Monaco needs may be more."""
    policies = {path: client.get(path).headers["content-security-policy"] for path in PAGES}
    scripted = {path for path, policy in policies.items() if not policy.startswith("default-src 'none'")}
    assert scripted == {"/graphiql/", "/dashboard/"}
    assert all(policies[path].startswith("default-src 'self'; ") for path in scripted)
    assert [path for path, policy in policies.items() if "unsafe" in policy or "blob:" in policy] == ["/graphiql/"]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_loaded_from_another_server(client: TestClient, path: str) -> None:
    assert LOADED.findall(client.get(path).text) == []


def test_the_search_for_outside_addresses_finds_one() -> None:
    planted = '<script src="https://a.example/x.js"></script><style>@import "//b.example/y.css"</style>'
    assert LOADED.findall(planted) == ["https://a.example/x.js", "//b.example/y.css"]


def test_the_built_styles_load_nothing_from_another_server() -> None:
    for page in (GRAPHIQL, DASHBOARD):
        sheets = list(page.glob("assets/*.css"))
        assert sheets
        assert [found for sheet in sheets for found in LOADED.findall(sheet.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("accept_language", "heard"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-Hans-CN", "zh"),
        ("en-US,zh;q=0.9", "en"),
        ("en;q=0.1,zh;q=0.9", "zh"),
        ("fr, zh;q=0", "en"),
        ("zh;q=often", "en"),
        ("", "en"),
    ],
)
def test_the_landing_page_speaks_the_browsers_language(client: TestClient, accept_language: str, heard: str) -> None:
    answer = client.get("/", headers={"accept-language": accept_language})
    assert answer.headers["content-language"] == heard
    assert answer.headers["vary"] == "Accept-Language"
    assert ("一张订单" in answer.text) == (heard == "zh")


def test_a_chosen_language_wins_over_the_browsers(client: TestClient) -> None:
    chinese = client.get("/?lang=zh", headers={"accept-language": "en"}).text
    assert '<html lang="zh-CN">' in chinese
    assert 'lang="zh-CN" hreflang="zh-CN" aria-current="true"' in chinese
    assert '<html lang="en">' in client.get("/?lang=klingon").text


def test_the_landing_page_says_what_runs_and_where_to_click(client: TestClient) -> None:
    page = client.get("/").text
    assert "1.2.3" in page
    assert "not answering" not in page
    for address in ("/dashboard/?lang=en", "/graphiql/?lang=en", "/schema.graphql", "/health/ready"):
        assert f'href="{address}"' in page
    assert "2 companies, 3 products, 4 placed orders" in page
    with make_client(make_site(database_is_alive=False)) as client:
        assert "not answering" in client.get("/").text


def test_demo_people_are_shown_in_demo_mode_and_escaped(client: TestClient) -> None:
    assert "Buyer &lt;Ltd&gt;" in client.get("/").text
    people = client.get("/graphiql/demo.json").json()
    who = {"company": {"en": "Buyer <Ltd>", "zh": "买方"}, "role": {"en": "head", "zh": "主管"}}
    assert people == [{"account": "buyer@demo", "password": "let-me-buy", **who}]


def test_the_dashboard_has_the_words_for_every_code_it_shows_in_both_languages(client: TestClient) -> None:
    guide = client.get("/dashboard/guide.json").json()
    assert [person["account"] for person in guide["people"]] == [BUYER.account]
    shown = {
        **{f"event_kind.{kind}": kind for kind in EventKind},
        **{f"shipment_status.{status}": status for status in ShipmentStatus},
        **{f"shipment_delay.{delay}": delay for delay in ShipmentDelay},
        **{f"tracking_code.{code}": code for code in TrackingCode},
        **{f"order_status.BUYER.{status}": status for status in OrderStatus},
    }
    assert {lang: shown.keys() - words.keys() for lang, words in guide["labels"].items()} == {"en": set(), "zh": set()}


def test_no_password_is_served_outside_demo_mode() -> None:
    with make_client(make_site(demo=False)) as client:
        assert client.get("/graphiql/demo.json").status_code == 404
        assert client.get("/dashboard/guide.json").json()["people"] == []
        assert "let-me-buy" not in client.get("/dashboard/guide.json").text
        assert "let-me-buy" not in client.get("/").text


def test_outside_demo_mode_examples_are_for_anyone_and_stay_as_they_are_written() -> None:
    with make_client(make_site(demo=False)) as client:
        guide = client.get("/graphiql/examples.json").json()
        assert guide["demo"] is False
        assert [(example["user"], example["variables"]) for example in guide["examples"]] == [
            (None, '{\n  "first": 1\n}')
        ]
        assert client.get("/graphiql/examples/010-ask.json").status_code == 404


def test_in_demo_mode_an_example_is_filled_in_when_it_is_opened(client: TestClient) -> None:
    example = client.get("/graphiql/examples/010-ask.json").json()
    assert example["variables"] == '{\n  "first": 7\n}'
    assert (example["user"], example["query"]) == (EXAMPLE.user, EXAMPLE.query)
    assert client.get("/graphiql/examples/020-unknown.json").status_code == 404


def test_the_schema_is_served_as_text(client: TestClient) -> None:
    answer = client.get("/schema.graphql")
    assert answer.text == "type Query { 问: String }"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_the_panel_reads_the_examples_as_the_tests_do(client: TestClient) -> None:
    [example] = client.get("/graphiql/examples.json").json()["examples"]
    assert example["title"] == {"en": "Ask", "zh": "问"}
    assert example["variables"] == '{\n  "first": 1\n}'
    assert (example["user"], example["query"]) == (EXAMPLE.user, EXAMPLE.query)


def test_graphiql_is_found_without_its_last_slash(client: TestClient) -> None:
    answer = client.get("/graphiql", follow_redirects=False)
    assert answer.is_redirect
    assert answer.headers["location"].endswith("/graphiql/")


def test_hashed_files_are_kept_for_ever_and_the_page_is_asked_for_each_time(client: TestClient) -> None:
    page = client.get("/graphiql/")
    assert page.headers["cache-control"] == "no-cache"
    script = re.search(r'src="\./(assets/index-[^"]+\.js)"', page.text)
    assert script is not None
    assert "immutable" in client.get(f"/graphiql/{script[1]}").headers["cache-control"]
    assert client.get("/graphiql/assets/index-gone.js").headers.get("cache-control") == "no-cache"


def test_what_a_browser_has_already_is_not_sent_again(client: TestClient) -> None:
    for coding in ("gzip", "identity"):
        first = client.get("/graphiql/", headers={"accept-encoding": coding})
        again = client.get("/graphiql/", headers={"accept-encoding": coding, "if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_files_are_compressed_for_whoever_can_read_that(client: TestClient) -> None:
    style = next(GRAPHIQL.glob("assets/index-*.css"))
    address = f"/graphiql/assets/{style.name}"
    packed = client.get(address, headers={"accept-encoding": "br, gzip"})
    plain = client.get(address, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) == len(gzip.compress(style.read_bytes(), mtime=0))
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content == style.read_bytes()
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


def test_a_range_is_cut_from_the_plain_file(client: TestClient) -> None:
    answer = client.get("/graphiql/index.html", headers={"accept-encoding": "gzip", "range": "bytes=0-14"})
    assert (answer.status_code, answer.content) == (206, b"<!doctype html>")


@pytest.mark.parametrize("path", ["/graphiql/../pages.py", "/graphiql/%2e%2e/%2e%2e/check.sh", "/graphiql/%00"])
def test_nothing_outside_the_build_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_unknown_address_gets_a_page_in_a_browser_and_a_line_in_a_program(client: TestClient) -> None:
    page = client.get("/no/such/page", headers={"accept": "text/html", "accept-language": "zh"})
    assert (page.status_code, "此地址没有内容" in page.text) == (404, True)
    line = client.get("/no/such/page", headers={"accept": "application/json"})
    assert (line.status_code, line.text) == (404, "Not Found")


def test_the_pages_work_below_a_prefix() -> None:
    inner = Starlette(routes=page_routes(make_site(), [EXAMPLE]), exception_handlers={404: page_not_found})
    with TestClient(Starlette(routes=[Mount("/shop", inner)])) as client:
        assert 'href="/shop/page.css"' in client.get("/shop/").text
        assert client.get("/shop/graphiql/").status_code == 200
        assert 'href="/shop/"' in client.get("/shop/none", headers={"accept": "text/html"}).text


def test_routes_after_the_pages_are_still_reached() -> None:
    async def door(request: object) -> PlainTextResponse:
        return PlainTextResponse("door")

    routes = [*page_routes(make_site(), [EXAMPLE]), Route("/graphql", door, methods=["POST"])]
    with TestClient(Starlette(routes=routes, exception_handlers={404: page_not_found})) as client:
        assert client.post("/graphql").text == "door"
        assert client.get("/graphql").status_code == 405
