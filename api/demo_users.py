"""What a visitor of the demo is shown: whom to sign in as, and how much there is."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Words:
    """The same in English and Chinese."""

    en: str
    zh: str

    def said(self, lang: str) -> str:
        """In `en` or `zh`."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class DemoUser:
    """Sign-in name, password, and who it is; never made outside demo mode."""

    account: str
    password: str
    company: Words
    role: Words

    def title(self, lang: str) -> str:
        """Who it is, in `en` or `zh`."""
        return f"{self.company.said(lang)} · {self.role.said(lang)}"

    def as_json(self) -> dict[str, object]:
        """The shape that GraphiQL's sign-in panel reads."""
        return asdict(self)


@dataclass(frozen=True)
class Tally:
    """How much the demo holds at the moment."""

    companies: int
    products: int
    orders: int
