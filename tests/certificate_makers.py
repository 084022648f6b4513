"""Makes certificates of signatories' own, and signatures with them, by walking the real verbs."""

from dataclasses import dataclass

from models import Order, SignaturePreparation, SigningCertificate
from rules.people import Actor
from services import clock
from services.certificates import register_proven
from services.signing_elsewhere import Bare, complete_signature, prepare_signature
from tests.devices import Device, make_ec
from tests.makers import make_key
from tests.order_makers import fresh


@dataclass(frozen=True)
class Registered:
    """A certificate, and the device that has its key."""

    device: Device
    row: SigningCertificate


async def make_certificate(actor: Actor, device: Device | None = None, *, chain: str = "") -> Registered:
    """The actor's certificate; of a new device unless said."""
    device = device or Device.made(make_ec(), clock.now(), name=actor.name)
    return Registered(device, await register_proven(actor, device.pem, chain))


async def make_preparation(
    order: Order, actor: Actor, certificate: SigningCertificate, *, key: str | None = None
) -> SignaturePreparation:
    """What the actor has to sign on the order's contract."""
    version = (await fresh(order)).version_for(actor)
    return await prepare_signature(actor, order.id, certificate.id, version, idempotency_key=key or make_key())


async def make_signed_elsewhere(order: Order, actor: Actor, own: Registered) -> Order:
    """The order with the actor's signature, made by their own device."""
    prepared = await make_preparation(order, actor, own.row)
    return await complete_signature(actor, prepared.id, Bare(own.device.sign(prepared.to_be_signed)))
