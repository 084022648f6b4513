"""The landing page and the 404 page: what is running here and where to click, in English or Chinese."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from starlette.requests import Request

from api.demo_users import DemoUser, Tally
from api.landing_words import WORDS

FOLDER = Path(__file__).resolve().parent.parent / "web" / "landing"
_PAGE = Template((FOLDER / "page.html").read_text("utf-8"))
_LANGUAGES = {"en": "en", "zh": "zh-CN"}


def chosen_language(request: Request) -> str:
    """`en` or `zh`: the `lang` parameter if it names one, else what Accept-Language prefers, else English."""
    asked = request.query_params.get("lang", "")
    return asked if asked in _LANGUAGES else _preferred(request.headers.get("accept-language", ""))


def _preferred(accept_language: str) -> str:
    """The first of our languages in the order of the header's weights (RFC 9110, 12.5.4)."""
    ranges = [_weighted(part) for part in accept_language.split(",")]
    for weight, tag in sorted(ranges, key=lambda one: -one[0]):
        language = tag.partition("-")[0]
        if weight > 0 and language in _LANGUAGES:
            return language
    return "en"


def _weighted(part: str) -> tuple[float, str]:
    tag, _, weight = part.strip().lower().partition(";q=")
    try:
        return float(weight or 1), tag.strip()
    except ValueError:
        return 0.0, tag


def landing_page(
    *,
    lang: str,
    root: str,
    version: str,
    database_is_alive: bool,
    demo_users: Iterable[DemoUser] | None,
    tally: Tally | None,
) -> str:
    """The HTML of `/`; demo_users is None outside demo mode, root is the path prefix the app is mounted below."""
    words = WORDS[lang]
    main = [
        f"<h1>{words['headline']}</h1>",
        f'<p class="lead">{words["lead"]}</p>',
        _state(words, version, database_is_alive, _demo(words, demo_users is not None, tally)),
        _doors(words, lang, root),
        f"<h2>{words['tour']}</h2>",
        f"<ol><li>{words['tour_1']}</li><li>{words['tour_2']}</li><li>{words['tour_3']}</li></ol>",
        _people(words, lang, demo_users) if demo_users is not None else f"<p>{words['no_demo']}</p>",
    ]
    return _page(lang, root, "Dinghuo 订货", "\n".join(main))


def missing_page(*, lang: str, root: str) -> str:
    """The HTML of an address at which there is nothing."""
    words = WORDS[lang]
    main = f'<h1>{words["missing"]}</h1>\n<p class="lead"><a href="{escape(root)}/">{words["back"]}</a></p>'
    return _page(lang, root, f"404 · {words['missing']}", main)


def _page(lang: str, root: str, title: str, main: str) -> str:
    current = {f"{one}_current": ' aria-current="true"' if one == lang else "" for one in _LANGUAGES}
    return _PAGE.substitute(current, lang=_LANGUAGES[lang], root=escape(root), title=title, main=main)


def _state(words: dict[str, str], version: str, database_is_alive: bool, demo: str) -> str:
    database = '<dd class="good">{alive}</dd>' if database_is_alive else '<dd class="bad">{unreachable}</dd>'
    facts = [
        (words["version"], f"<dd>{escape(version)}</dd>"),
        (words["database"], database.format_map(words)),
        (words["demo"], f"<dd>{demo}</dd>"),
    ]
    return '<dl class="state">' + "".join(f"<div><dt>{name}</dt>{fact}</div>" for name, fact in facts) + "</dl>"


def _demo(words: dict[str, str], is_on: bool, tally: Tally | None) -> str:
    if tally is None:
        return words["on" if is_on else "off"]
    return words["holds"].format_map(asdict(tally))


def _doors(words: dict[str, str], lang: str, root: str) -> str:
    doors = [
        (f"dashboard/?lang={lang}", words["dashboard"], words["dashboard_says"]),
        (f"graphiql/?lang={lang}", "GraphiQL", words["graphiql"]),
        ("schema.graphql", "schema.graphql", words["schema"]),
        ("health/ready", words["health"], words["health_says"]),
    ]
    links = (
        f'<a href="{escape(root)}/{address}"><strong>{name}</strong><span>{text}</span></a>'
        for address, name, text in doors
    )
    return '<div class="doors">' + "".join(links) + "</div>"


def _people(words: dict[str, str], lang: str, people: Iterable[DemoUser]) -> str:
    people = list(people)
    passwords = dict.fromkeys(f"<code>{escape(person.password)}</code>" for person in people)
    rows = (
        f'<tr><th scope="row">{escape(company.said(lang))}</th><td>{"".join(_roles(lang, members))}</td></tr>'
        for company, members in groupby(people, lambda person: person.company)
    )
    return (
        f"<h2>{words['people']}</h2><p>{words['password']} {', '.join(passwords)}</p>"
        f'<div class="table"><table><tbody>{"".join(rows)}</tbody></table></div>'
    )


def _roles(lang: str, members: Iterable[DemoUser]) -> Iterator[str]:
    for person in members:
        yield f"<span>{escape(person.role.said(lang))} <code>{escape(person.account)}</code></span>"
