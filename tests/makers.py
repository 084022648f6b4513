"""Makes what a test needs by walking the real verbs: one function for each noun."""

from decimal import Decimal
from itertools import count
from typing import Any

from joserfc.jwk import OKPKey

from models import Category, Company, Member, Product
from rules.identifiers import credit_code_check
from rules.money import Currency
from rules.people import Actor, CompanyKind, CompanyStatus, Role
from rules.units import Unit
from services import passwords, tokens
from services.callers import recognise
from services.catalogue import Article, Property, create_category, create_product
from services.companies import Application, found_platform, register_company, review_company
from services.members import Person, invite_member
from services.secret import Secret
from services.sessions import begin_session

PASSWORD = "correct horse battery staple"
"""What every made person signs in with."""

HOME = "192.0.2.1"
"""The address they act from (RFC 5737: nobody's)."""

_numbers = count(1)

# What the wiring does for a server; a server in the same process brings its own keys, and the makers use those from then on.
tokens.use(tokens.Keyring(OKPKey.generate_key("Ed25519")))


def make_key() -> str:
    """An idempotency key nobody used."""
    return f"key-{next(_numbers):08d}"


def make_credit_code() -> str:
    """A right credit code nobody used."""
    body = f"91310000MA{next(_numbers):07d}"
    return body + credit_code_check(body)


def make_person(name: str | None = None, **facts: Any) -> Person:
    """Somebody who is not a member yet."""
    name = name or f"person-{next(_numbers)}"
    return Person(
        **{"sign_in_name": f"{name}@example.com", "display_name": name, "password": Secret(PASSWORD), **facts}
    )


def make_application(**facts: Any) -> Application:
    """What a company says when it registers."""
    number = next(_numbers)
    said = {
        "legal_name": f"第{number}贸易有限公司",
        "credit_code": make_credit_code(),
        "kind": CompanyKind.BUYER,
        **facts,
    }
    return Application(**said)


async def make_platform() -> Actor:
    """The operator, founded when first asked for."""
    with passwords.cheaply():
        platform = await found_platform(make_application(), make_person())
    return await actor_of(await Member.first_of(platform.id))


async def make_company(
    kind: CompanyKind = CompanyKind.BUYER, *, status: CompanyStatus = CompanyStatus.APPROVED, **facts: Any
) -> Company:
    """A registered company; the operator has decided as `status` says."""
    with passwords.cheaply():
        company, _ = await register_company(
            Actor.anonymous(),
            make_application(kind=kind, **facts),
            make_person(),
            address=HOME,
            idempotency_key=make_key(),
        )
    if status is CompanyStatus.APPLIED:
        return company
    return await review_company(await make_platform(), company.id, company.version, status)


async def make_member(company: Company, *roles: Role) -> Member:
    """One more member of an admitted company, with these roles, or VIEWER."""
    admin = await actor_of(await Member.first_of(company.id))
    with passwords.cheaply():
        return await invite_member(admin, make_person(), frozenset(roles or [Role.VIEWER]), idempotency_key=make_key())


async def actor_of(member: Member) -> Actor:
    """The member, signed in: as if the password had just been right, since looking it up each time took a third of making two parties."""
    signed_in = await begin_session(member)
    return await recognise(signed_in.access_token.text)


async def make_actor(company: Company, *roles: Role) -> Actor:
    """A new member of the company with these roles, signed in."""
    return await actor_of(await make_member(company, *roles))


async def make_category(**facts: Any) -> Category:
    """A category that the operator keeps."""
    said = {"code": f"category-{next(_numbers)}", "name_zh": "紧固件", "name_en": "Fasteners", **facts}
    return await create_category(await make_platform(), **said, idempotency_key=make_key())


async def make_seller() -> Actor:
    """Somebody who sells for an admitted supplier of their own."""
    return await make_actor(await make_company(CompanyKind.SUPPLIER), Role.SALES)


def make_article(category: Category, **facts: Any) -> Article:
    """What a supplier says of a bolt that it has 5000 of."""
    said = {
        "category_id": category.id,
        "sku": f"BOLT-{next(_numbers)}",
        "name_zh": "不锈钢外六角螺栓 M8×20",
        "name_en": "Stainless hex bolt M8x20",
        "specification": (Property("材质", "304"),),
        "unit": Unit.H87,
        "list_price": Decimal("0.385"),
        "currency": Currency.CNY,
        "tax_rate": Decimal("0.13"),
        "minimum_quantity": Decimal(100),
        "quantity_step": Decimal(50),
        "lead_time_days": 3,
        "stock_on_hand": Decimal(5000),
        **facts,
    }
    return Article(**said)


async def make_product(seller: Actor | None = None, category: Category | None = None, **facts: Any) -> Product:
    """A product that is offered; by a supplier of its own, unless there is a seller."""
    article = make_article(category or await make_category(), **facts)
    return await create_product(seller or await make_seller(), article, idempotency_key=make_key())
