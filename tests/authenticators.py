"""Authenticator apps of people in tests: they show codes as a telephone would, and never one twice."""

from dataclasses import dataclass, field

from pyotp import TOTP

from rules.people import Actor
from services import clock, passwords
from services.secret import Secret
from services.totp import DRIFT, STEP, Proof, confirm_totp, enrol_totp
from tests.makers import HOME, PASSWORD


@dataclass
class App:
    """One app with one secret."""

    secret: str
    last: int = field(default=0)

    def code(self) -> str:
        """A code that is good now and was not shown before; three are to be had without waiting."""
        now = int(clock.now().timestamp()) // STEP
        self.last = max(now - DRIFT, self.last + 1)
        return self.at(self.last)

    def shown(self) -> str:
        """The code it shows now, whether or not it was used."""
        return self.at(int(clock.now().timestamp()) // STEP)

    def at(self, step: int) -> str:
        """The code of a time step."""
        return TOTP(self.secret).generate_otp(step)

    def proof(self, password: str = PASSWORD) -> Proof:
        """Password and code."""
        return Proof(Secret(password), Secret(self.code()))


async def make_app(actor: Actor) -> App:
    """The actor's new authenticator, confirmed."""
    with passwords.cheaply():
        enrolled = await enrol_totp(actor, Secret(PASSWORD), None, address=HOME)
        app = App(enrolled.secret)
        await confirm_totp(actor, Secret(app.code()), address=HOME)
    return app
