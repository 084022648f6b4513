"""What a browser sees: the landing page, GraphiQL with its examples, the dashboard, the schema as text, and the 404 page."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from api import landing
from api.assets import BuiltPage
from api.demo_users import DemoUser, Tally
from api.examples import Example, read_examples
from resolvers.words import labels

_BUILT = Path(__file__).resolve().parent.parent / "web" / "dist"
GRAPHIQL, DASHBOARD = _BUILT / "graphiql", _BUILT / "dashboard"

_NOTHING_ELSE = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
_PAGE_POLICY = f"default-src 'none'; style-src 'self'; img-src 'self'; {_NOTHING_ELSE}"
# Monaco sets styles on elements, inlines its cursors and icons, and starts workers from our own files.
_GRAPHIQL_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    f"worker-src 'self' blob:; connect-src 'self'; {_NOTHING_ELSE}"
)
_DASHBOARD_POLICY = f"default-src 'self'; {_NOTHING_ELSE}"
_SHOWN_CODES = ("order_status", "event_kind", "shipment_status", "shipment_delay", "tracking_code")


@dataclass(frozen=True)
class Demo:
    """What the pages show where made-up companies may be tried: whom to sign in as, how much there is, and examples that fit it."""

    users: Sequence[DemoUser]
    tally: Callable[[], Awaitable[Tally]]
    fill: Callable[[Example], Awaitable[Example]]


@dataclass(frozen=True)
class Site:
    """What the pages show of the running server; `demo` is None outside demo mode."""

    version: str
    schema_text: str
    database_is_alive: Callable[[], Awaitable[bool]]
    demo: Demo | None = None


def page_routes(site: Site, examples: Sequence[Example] | None = None) -> list[BaseRoute]:
    """The routes of every page; the examples are read once, here, and a bad one raises BadExample at start."""
    examples = read_examples() if examples is None else examples
    pages = _Pages(site, examples)
    return [
        Route("/", pages.landing),
        Route("/page.css", _page_css),
        Route("/favicon.svg", _favicon),
        Route("/schema.graphql", pages.schema),
        Route("/graphiql/examples.json", pages.examples),
        *(_DemoPages(site.demo, examples).routes() if site.demo else []),
        Mount("/graphiql", BuiltPage(GRAPHIQL, _secured(_GRAPHIQL_POLICY))),
        Route("/dashboard/guide.json", pages.dashboard_guide),
        Mount("/dashboard", BuiltPage(DASHBOARD, _secured(_DASHBOARD_POLICY))),
    ]


async def page_not_found(request: Request, error: Exception) -> Response:
    """The answer to an unknown address: a small page for a browser, one line for a program.

    Made for `Starlette(exception_handlers={404: page_not_found})`.
    """
    headers = _fresh(_PAGE_POLICY)
    if isinstance(error, HTTPException) and error.headers:
        headers.update(error.headers)
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse("Not Found", 404, headers)
    lang = landing.chosen_language(request)
    return HTMLResponse(landing.missing_page(lang=lang, root=_root(request)), 404, headers)


class _Pages:
    """The endpoints that show something of this one site."""

    def __init__(self, site: Site, examples: Sequence[Example]) -> None:
        self.site = site
        # Without demo companies there is nobody to run an example as.
        shown = examples if site.demo else [replace(example, user=None) for example in examples]
        self.guide = {"demo": site.demo is not None, "examples": [example.as_json() for example in shown]}
        self.dashboard = {
            "people": [user.as_json() for user in site.demo.users] if site.demo else [],
            "labels": {"en": labels(_SHOWN_CODES, "en"), "zh": labels(_SHOWN_CODES, "zh-CN")},
        }

    async def landing(self, request: Request) -> Response:
        lang = landing.chosen_language(request)
        is_alive, demo = await self.site.database_is_alive(), self.site.demo
        page = landing.landing_page(
            lang=lang,
            root=_root(request),
            version=self.site.version,
            database_is_alive=is_alive,
            demo_users=demo.users if demo else None,
            tally=await demo.tally() if demo and is_alive else None,
        )
        spoken = {"content-language": lang, "vary": "Accept-Language"}
        return HTMLResponse(page, headers=_fresh(_PAGE_POLICY) | spoken)

    async def schema(self, request: Request) -> Response:
        return PlainTextResponse(self.site.schema_text, headers=_fresh(_PAGE_POLICY))

    async def examples(self, request: Request) -> Response:
        return JSONResponse(self.guide, headers=_fresh(_PAGE_POLICY))

    async def dashboard_guide(self, request: Request) -> Response:
        return JSONResponse(self.dashboard, headers=_fresh(_PAGE_POLICY))


class _DemoPages:
    """The endpoints that there are in demo mode alone."""

    def __init__(self, demo: Demo, examples: Sequence[Example]) -> None:
        self.demo = demo
        self.by_name = {example.name: example for example in examples}

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/graphiql/demo.json", self.users),
            Route("/graphiql/examples/{name}.json", self.example),
        ]

    async def users(self, request: Request) -> Response:
        return JSONResponse([user.as_json() for user in self.demo.users], headers=_fresh(_PAGE_POLICY))

    async def example(self, request: Request) -> Response:
        example = self.by_name.get(request.path_params["name"])
        if example is None:
            raise HTTPException(404)
        return JSONResponse((await self.demo.fill(example)).as_json(), headers=_fresh(_PAGE_POLICY))


async def _page_css(request: Request) -> Response:
    return FileResponse(landing.FOLDER / "page.css", headers=_fresh(_PAGE_POLICY))


async def _favicon(request: Request) -> Response:
    return FileResponse(GRAPHIQL / "favicon.svg", headers=_fresh(_PAGE_POLICY))


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", "")).rstrip("/")


def _fresh(policy: str) -> dict[str, str]:
    return _secured(policy) | {"cache-control": "no-cache"}


def _secured(policy: str) -> dict[str, str]:
    return {
        "content-security-policy": policy,
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }
