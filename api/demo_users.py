"""A person whom a visitor of the demo may sign in as."""

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
