"""A signer that is done at once: for tests of what happens before and after signing, never for contracts.

Its signatures are lines at the end of the file, each with a MAC over everything before it, and so as hard to forge as real ones for whoever
does not have the key; they say nothing to anybody else.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from asn1crypto import x509 as asn1

from partners.signing import (
    Certificate,
    Changes,
    Completed,
    Coverage,
    Examined,
    Found,
    NotThisDocument,
    NotTrusted,
    Own,
    Prepared,
    Signatory,
    Unfit,
    foreign,
)
from partners.signing.pyhanko_forms import described

MARK = b"%SIGNED "
LIFE = timedelta(days=365)


class MemorySigner:
    """Signs `PlainPrinter`'s files."""

    authority = "nobody"

    def __init__(self) -> None:
        """With a key of its own."""
        self._key = secrets.token_bytes(32)

    def prepare(self, pdf: bytes, field: str, stamp: bytes, moment: datetime) -> Prepared:
        """The file with the field's name at its end."""
        started = pdf + MARK + field.encode() + b" "
        return Prepared(started, hashlib.sha256(started).digest(), len(started), len(started))

    def sign(self, digest: bytes, signatory: Signatory, moment: datetime) -> bytes:
        """The facts and their MAC."""
        facts = {**vars(signatory), "at": moment.isoformat()}
        said = json.dumps(facts, sort_keys=True, ensure_ascii=True)
        return json.dumps([said, self._mac(digest, said)]).encode()

    def vet(self, certificate: str, chain: str, moment: datetime) -> tuple[Own, Unfit | None]:
        """Looks at real certificates; everybody speaks for their own."""
        return foreign.vetted(certificate, chain, (), moment)

    def own(self, der: bytes, chain: Collection[bytes], *, is_vouched: bool) -> Own:
        """A certificate that was looked at before."""
        return Own(described(asn1.Certificate.load(der)), tuple(chain), is_vouched)

    def attributes(self, digest: bytes, own: Own) -> bytes:
        """The digest and whose certificate it is."""
        return digest + own.certificate.sha256.encode()

    def assembled(self, attributes: bytes, signature: bytes, own: Own) -> bytes:
        """Both, one after the other."""
        return attributes + signature

    def read(self, cms: bytes, digest: bytes, own: Own, moment: datetime) -> bytes:
        """The owner's signature, if it is `proof` of the certificate, as this signer's own."""
        said = self.attributes(digest, own)
        if not cms.startswith(said):
            raise NotThisDocument("is over another document")
        if cms.removeprefix(said) != proof(own.certificate):
            raise NotTrusted(own.certificate.subject)
        return self.sign(digest, Signatory(own.certificate.common_name, "", own.certificate.organisation, ""), moment)

    def complete(self, prepared: Prepared, cms: bytes, moment: datetime) -> Completed:
        """The file with the signature's line whole."""
        said, _ = json.loads(cms)
        return Completed(prepared.pdf + cms + b"\n", _certificate(said), self.authority, moment)

    def examine(self, pdf: bytes, registered: Collection[bytes] = ()) -> Examined:
        """Every line that is a signature."""
        first, *lines = pdf.split(MARK)
        whole = first
        found = []
        for number, line in enumerate(lines, 1):
            field, _, cms = line.partition(b" ")
            digest = hashlib.sha256(whole + MARK + field + b" ").digest()
            found.append(self._found(field.decode(), cms, digest, is_last=number == len(lines)))
            whole += MARK + line
        text = first.removeprefix(b"%PLAIN\n").removesuffix(b"\n")
        return Examined(tuple(found), hashlib.sha256(text).hexdigest())

    def _found(self, field: str, cms: bytes, digest: bytes, *, is_last: bool) -> Found:
        said, mac = json.loads(cms)
        holds = hmac.compare_digest(mac, self._mac(digest, said))
        at = datetime.fromisoformat(json.loads(said)["at"])
        covers = (Coverage.ENTIRE_FILE, Changes.NONE) if is_last else (Coverage.ENTIRE_REVISION, Changes.SIGNING)
        return Found(field, _certificate(said), at, self.authority, at, *covers, holds, holds, holds)

    def _mac(self, digest: bytes, said: str) -> str:
        return hmac.new(self._key, digest + said.encode(), hashlib.sha256).hexdigest()


def proof(certificate: Certificate) -> bytes:
    """What a bare signature with the certificate's key is here."""
    return certificate.sha256[:32].encode()


def _certificate(said: str) -> Certificate:
    facts, der = json.loads(said), said.encode()
    at = datetime.fromisoformat(facts["at"])
    return Certificate(
        der=der,
        sha256=hashlib.sha256(der).hexdigest(),
        subject=f"{facts['name']}, {facts['company']}",
        issuer="nobody",
        serial="0",
        common_name=facts["name"],
        organisation=facts["company"],
        identifiers=(facts["credit_code"], facts["member"]),
        valid_from=at,
        valid_until=at + LIFE,
    )
