"""The demo is what it says: enough of everything, at every stage, made by the real verbs, once."""

from collections import Counter

import tests.order_makers  # noqa: F401  # brings the keys that contracts are signed with
from api.demo.making import make_demo
from api.demo.people import PASSWORD, actor_for, users
from models import Company, Contract, Event, Member, Order, Product
from rules.contract import ContractStatus
from rules.lifecycle import OrderStatus
from rules.people import CompanyKind, Role
from services.contracting import verify_contract
from services.sessions import sign_in
from tests.makers import HOME


async def test_the_demo_has_everything_once(database: str) -> None:
    """Companies, people of every role, 200 products, sixty orders over every status; a second time nothing is added."""
    told: list[tuple[str, int, int]] = []
    await make_demo(lambda *news: told.append(news))
    assert told[-1] == ("orders", 60, 60)
    kinds = Counter(company.kind for company in await Company.all())
    assert kinds[CompanyKind.BUYER] >= 2
    assert (kinds[CompanyKind.SUPPLIER], kinds[CompanyKind.PLATFORM]) == (3, 1)
    assert {role for member in await Member.all() for role in member.roles} >= set(Role) - {Role.AUDITOR}
    assert {order.status for order in await Order.all()} == set(OrderStatus)
    assert await Order.filter(settled_at__isnull=False).exists()
    before = await Order.all().count(), await Product.all().count(), await Event.all().count()
    assert before[:2] == (60, 200)
    await make_demo()
    assert (await Order.all().count(), await Product.all().count(), await Event.all().count()) == before


async def test_everybody_listed_can_sign_in_and_contracts_hold(database: str) -> None:
    """The printed table is true, and what the demo signed verifies."""
    await make_demo()
    for user in users():
        assert (await sign_in(user.account, PASSWORD, HOME)).access_token.text
    signatory = await actor_for(await Member.get(sign_in_name="sign@mingyuan.demo"))
    contract = await Contract.visible_to(signatory).filter(status=ContractStatus.EFFECTIVE).first()
    assert contract is not None
    assert (await verify_contract(signatory, contract.id)).is_valid
