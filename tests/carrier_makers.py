"""Suppliers' accounts with carriers, and what these push there."""

from dataclasses import replace

from models import CarrierAccount, CarrierPush
from partners.carriers import Answer, Push
from rules.people import Actor, Role
from services import clock
from services.carriers import set_carrier_account
from services.pushing import receive_push
from services.secret import Secret
from tests.makers import make_key
from tests.partners.carriers.samples import SAMPLES, SECRET, Sample, Told


def as_admin(actor: Actor) -> Actor:
    """The same member, who is an administrator, too."""
    return replace(actor, roles=actor.roles | {Role.ADMIN})


async def make_account(actor: Actor, sample: Sample, secret: str = SECRET) -> CarrierAccount:
    """The supplier's account with the sender."""
    return await set_carrier_account(as_admin(actor), sample.carrier.provider, Secret(secret))


async def pushed(account: CarrierAccount, push: Push) -> Answer:
    """What the sender hears."""
    return await receive_push(account.provider, account.endpoint, push)


async def make_parked(actor: Actor) -> tuple[CarrierAccount, CarrierPush]:
    """The supplier's account with its own fleet, and a push of goods that nobody sent."""
    fleet = SAMPLES["fleet"]
    account = await make_account(actor, fleet)
    await pushed(account, fleet.push(f"NOBODY-S-{make_key()}", Told(fleet.moving, clock.now())))
    [newest, *_] = await CarrierPush.filter(account_id=account.id).order_by("-id")
    return account, newest
