"""Documents made by typst: the same bytes from the same words, with our own fonts and nothing of the machine's."""

import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import pylopdf_fonts_zh_cn
import typst
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from partners.documents import (
    FIELDS,
    Stamp,
    account_statement,
    commercial_invoice,
    framework_agreement,
    packing,
    purchase_contract,
)
from partners.documents.glyphs import Glyphs
from partners.documents.joining import Joining
from partners.documents.revising import Revising
from partners.documents.sheets import Sheet, drawn_up_at
from rules.contract import TrustLevel, fingerprint
from rules.lifecycle import Side

HERE = Path(__file__).parent
SEAL = HERE / "seal-1.typ"
TEMPLATES: Mapping[str, tuple[Path, Callable[[str, Callable[[str], str]], Sheet]]] = {
    "dinghuo-purchase-contract/1": (HERE / "purchase-contract-1.typ", purchase_contract.sheet),
    "dinghuo-framework-agreement/1": (HERE / "framework-agreement-1.typ", framework_agreement.sheet),
}
"""By the name that a canonical text gives: how it is laid out, and what in which words."""
PRINTOUTS: Mapping[str, tuple[Path, Callable[[str, Callable[[str], str]], Sheet]]] = {
    "dinghuo-packing-list/1": (HERE / "packing-list-1.typ", packing.packing_list),
    "dinghuo-logistic-label/1": (HERE / "logistic-label-1.typ", packing.labels),
    "dinghuo-commercial-invoice/1": (HERE / "commercial-invoice-1.typ", commercial_invoice.sheet),
    "dinghuo-credit-note/1": (HERE / "commercial-invoice-1.typ", commercial_invoice.sheet),
    "dinghuo-account-statement/1": (HERE / "account-statement-1.typ", account_statement.pages),
}
"""The same for what nobody signs."""
_FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
_PAGE_HEIGHT = Decimal("841.89")
"""A4, in points (ISO 216)."""
_FIELD = Decimal("229.6"), Decimal("124.7")
"""Width and height of a signature field on the template, in points."""
RING = 48
"""Letters that can be read around a seal; the rest of a longer name stands beside it."""
_TRUST = {
    TrustLevel.PLATFORM_CA: "平台签发证书",
    TrustLevel.REGISTERED_CERTIFICATE: "签约人自有证书",
    TrustLevel.EXTERNAL_CA: "外部认证机构证书",
}


class TypstPrinter:
    """Prints with the templates that lie beside this file."""

    def document(self, text: str) -> bytes:
        """The canonical text as a PDF/A-2b file with an empty signature field for either side."""
        template, sheet = TEMPLATES[json.loads(text)["template"]]
        compiler = self._compiler(template, sheet(text, self._glyphs.shown))
        moment = drawn_up_at(text).astimezone(UTC)
        pdf = compiler.compile(format="pdf", pdf_standards=["a-2b"], timestamp=int(moment.timestamp()))
        return _with_fields(_one(pdf), json.loads(compiler.query("<field>", field="value")), fingerprint(text))

    def printout(self, text: str) -> bytes:
        """The facts as a PDF/A-2b file; without tags where they are pages of something long, which `joining` makes whole."""
        facts = json.loads(text)
        template, sheet = PRINTOUTS[facts["template"]]
        moment = int(datetime.fromisoformat(facts.get("drawnUpAt") or facts["despatchedAt"]).timestamp())
        compiler = self._compiler(template, sheet(text, self._glyphs.shown))
        return _one(
            compiler.compile(format="pdf", pdf_standards=["a-2b"], timestamp=moment, pdf_tags="pages" not in facts)
        )

    def joining(self, out: BinaryIO) -> Joining:
        """One PDF/A-2b file of many printouts of the same template, written to `out` as they come."""
        return Joining(out)

    def stamp(self, stamp: Stamp) -> bytes:
        """A page the size of a signature field with the company's round red seal and the signature's facts."""
        facts = (
            ("签约人", "Signed by", stamp.signatory),
            ("单位", "For", stamp.company),
            ("时间", "At", f"{stamp.signed_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"),
            ("信任等级", "Trust level", f"{_TRUST[stamp.trust_level]} {stamp.trust_level}"),
            ("时间戳机构", "Time stamp by", stamp.authority),
        )
        shown = self._glyphs.shown
        said = {
            "ring": _at_most(shown(stamp.company), RING),
            "facts": [{"zh": zh, "en": en, "value": shown(value)} for zh, en, value in facts],
        }
        return _one(self._compiler(SEAL, said).compile(format="pdf", timestamp=int(stamp.signed_at.timestamp())))

    def _compiler(self, template: Path, said: Mapping[str, Any]) -> typst.Compiler:
        return typst.Compiler(
            template,
            font_paths=self._fonts,
            ignore_system_fonts=True,
            sys_inputs={"sheet": json.dumps(said, ensure_ascii=False)},
        )

    @cached_property
    def _fonts(self) -> typst.Fonts:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(_FONTS)])

    @cached_property
    def _glyphs(self) -> Glyphs:
        return Glyphs(sorted(_FONTS.glob("*.otf")))


def _one(compiled: bytes | list[bytes] | None) -> bytes:
    if not isinstance(compiled, bytes):
        raise TypeError("a PDF is one file")
    return compiled


def _at_most(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _with_fields(pdf: bytes, places: list[Mapping[str, Any]], seed: str) -> bytes:
    """Both fields, before anyone signs: one added later would count as a change of what was signed."""
    writer = Revising(io.BytesIO(pdf), identity=sha256(seed.encode()).digest()[:16])
    for place in places:
        side = Side(place["side"])
        left, top = (Decimal(place[axis].removesuffix("pt")) for axis in ("x", "y"))
        width, height = _FIELD
        upper = _PAGE_HEIGHT - top
        box = int(left), int(upper - height), int(left + width), int(upper)
        append_signature_field(
            writer,
            SigFieldSpec(
                FIELDS[side],
                on_page=place["page"] - 1,
                box=box,
                readable_field_name=f"{side.value.capitalize()} signature",
            ),
        )
    printed = io.BytesIO()
    writer.write(printed)  # type: ignore[no-untyped-call]  # pyHanko leaves it untyped
    return printed.getvalue()
