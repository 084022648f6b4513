"""What a visitor of the demo is shown: whom to sign in as, and how much there is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoUser:
    """Sign-in name, password and what to call the person; never made outside demo mode."""

    account: str
    password: str
    en: str
    zh: str

    def title(self, lang: str) -> str:
        """Who it is, in `en` or `zh`."""
        return self.zh if lang == "zh" else self.en

    def as_json(self) -> dict[str, object]:
        """The shape that GraphiQL's sign-in panel reads."""
        return {"account": self.account, "password": self.password, "title": {"en": self.en, "zh": self.zh}}


@dataclass(frozen=True)
class Tally:
    """How much the demo holds at the moment."""

    companies: int
    products: int
    orders: int
