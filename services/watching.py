"""Looks after goods on their way that nobody speaks of: pushes that were kept and not dealt with, and shipments that are late or silent."""

from functools import partial

from models import CarrierPush, Shipment
from services import clock
from services.pushing import AGAIN_AFTER, try_again
from services.sweeping import AT_ONCE, each
from services.tracking import note_delay
from services.verb import tell

WATCHED_EVERY = 15.0
"""Seconds between two looks: a shipment is late by the day, so that nobody waits for this."""


async def watch() -> int:
    """Tend up to a hundred of each; how many were tried. Several at once do no harm."""
    now = clock.now()
    done = await each(note_delay, partial(Shipment.delayed, now))
    for push_id in await CarrierPush.waiting(now - AGAIN_AFTER, AT_ONCE):
        await try_again(push_id)
        done += 1
    if done:
        await tell()
    return done
