"""PAdES signatures made with pyHanko, by certificates of the platform or of the signatories themselves."""

import asyncio
import hashlib
import io
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from asn1crypto import x509 as asn1
from asn1crypto.cms import ContentInfo
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError, extract_certificate_info
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import ExternalSigner, PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import StaticStampStyle

from partners.documents.revising import Revising
from partners.signing import Certificate, Completed, Examined, Own, Prepared, Signatory, SigningFailed, Unfit, foreign
from partners.signing.certificates import Authority
from partners.signing.examining import DIGEST, Trust, examined
from partners.signing.pyhanko_forms import as_asn1, described, simple_signer
from partners.signing.time_stamped import time_stamped
from partners.signing.time_stamps import REFUSED, LocalAuthority, RemoteAuthority, named

ROOM = 16 * 1024
"""Bytes kept free for a signature: with a chain of certificates and a time stamp some 10 KB."""


_WHOLE_FIELD = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, Margins.uniform(0))
# Stands in while the file is prepared: whose signature it will be is not asked yet.
_NOBODY = ExternalSigner(None, None, ROOM)


class Pades:
    """Signs and examines with the platform's authority.

    `trusted` are authorities outside that the operator trusts, above all of time stamps; `signing_roots` those whose certificates alone
    signatories may register: without any, everybody speaks for their own.
    """

    def __init__(
        self,
        authority: Authority,
        *,
        time_stamp_url: str | None = None,
        trusted: Sequence[asn1.Certificate] = (),
        signing_roots: Sequence[asn1.Certificate] = (),
    ) -> None:
        self._authority, self._url = authority, time_stamp_url
        self._signing_roots = tuple(signing_roots)
        clocks = (as_asn1(authority.issuer.certificate), *trusted)
        self._trust = Trust((*clocks, *self._signing_roots), clocks)

    @property
    def authority(self) -> str:
        """Who says when a signature was made, in words for people."""
        return named(self._url)

    def prepare(self, pdf: bytes, field: str, stamp: bytes, moment: datetime) -> Prepared:
        """The file with the page `stamp` shown in the field, and with room for the signature."""
        writer = Revising(io.BytesIO(pdf))
        is_first = not PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        metadata = PdfSignatureMetadata(
            field_name=field,
            md_algorithm=DIGEST,
            subfilter=SigSeedSubFilter.PADES,
            # The first signature says that nothing but filling in the other field may follow.
            certify=is_first,
            docmdp_permissions=MDPPerm.FILL_FORMS,
            reason="签署本文件 Signing this document",
        )
        style = StaticStampStyle(background=_Page(stamp), background_layout=_WHOLE_FIELD, border_width=0)
        signer = _At(moment, metadata, signer=_NOBODY, stamp_style=style)
        output = io.BytesIO()
        placed, _, _ = asyncio.run(
            signer.async_digest_doc_for_signing(
                writer, existing_fields_only=True, bytes_reserved=2 * ROOM, output=output
            )
        )
        return Prepared(
            output.getvalue(), placed.document_digest, placed.reserved_region_start, placed.reserved_region_end
        )

    def sign(self, digest: bytes, signatory: Signatory, moment: datetime) -> bytes:
        """A detached CMS signature over the digest with a certificate issued for it, and with a key that is gone afterwards."""
        signer = simple_signer(self._authority.issue(signatory, moment), self._authority.issuer)
        attributes = PdfCMSSignedAttributes()
        signed = asyncio.run(signer.async_sign(digest, DIGEST, use_pades=True, signed_attr_settings=attributes))
        return bytes(signed.dump())

    def vet(self, certificate: str, chain: str, moment: datetime) -> tuple[Own, Unfit | None]:
        """A certificate and its chain, and what is wrong with them. Raises ValueError where they are none."""
        return foreign.vetted(certificate, chain, self._signing_roots, moment)

    def own(self, der: bytes, chain: Collection[bytes], *, is_vouched: bool) -> Own:
        """A certificate that was looked at before."""
        return Own(described(asn1.Certificate.load(der)), tuple(chain), is_vouched)

    def attributes(self, digest: bytes, own: Own) -> bytes:
        """The DER of the signed attributes that a signature with the certificate's key has to be over."""
        return foreign.attributes(digest, own)

    def assembled(self, attributes: bytes, signature: bytes, own: Own) -> bytes:
        """A detached CMS signature from a bare one, believed by nobody until it was read."""
        return foreign.assembled(attributes, signature, own)

    def read(self, cms: bytes, digest: bytes, own: Own, moment: datetime) -> bytes:
        """The CMS signature from outside as it goes into a file. Raises NotThisDocument, NotTrusted or ValueError."""
        return foreign.taken(cms, digest, own, self._signing_roots, moment)

    def complete(self, prepared: Prepared, cms: bytes, moment: datetime) -> Completed:
        """The file with the signature in its place, and a time stamp on the signature. Raises SigningFailed."""
        signed = ContentInfo.load(cms)
        [signer_info] = signed["content"]["signer_infos"]
        token = self._stamped(signer_info["signature"].native, moment)
        pdf = _filled(prepared, time_stamped(cms, token))
        if self._url is not None and not self.examine(pdf, (self._certificate_in(signed).der,)).signatures[-1].holds:
            raise SigningFailed(f"the time stamp of {self.authority} holds nothing, or nobody here trusts it")
        stated = token["content"]["encap_content_info"]["content"].parsed["gen_time"].native
        return Completed(pdf, self._certificate_in(signed), self._certificate_in(token).common_name, stated)

    def examine(self, pdf: bytes, registered: Collection[bytes] = ()) -> Examined:
        """Every signature in the file, judged by nothing but its bytes, our own authority, the trusted roots and `registered`."""
        return examined(pdf, replace(self._trust, registered=registered))

    @staticmethod
    def _certificate_in(signed: ContentInfo) -> Certificate:
        return described(extract_certificate_info(signed["content"]).signer_cert)

    def _stamped(self, signature: bytes, moment: datetime) -> ContentInfo:
        clock, issuer = self._authority.clock, self._authority.issuer
        authority: TimeStamper = (
            LocalAuthority(clock, issuer, moment) if self._url is None else RemoteAuthority(self._url)
        )
        try:
            return asyncio.run(authority.async_timestamp(hashlib.sha256(signature).digest(), DIGEST))
        except REFUSED as refused:
            raise SigningFailed(f"{named(self._url)} gave no good time stamp") from refused


def _filled(prepared: Prepared, der: bytes) -> bytes:
    place = PreparedByteRangeDigest(prepared.digest, prepared.start, prepared.end)
    output = io.BytesIO(prepared.pdf)
    try:
        place.fill_with_cms(output, der)
    except SigningError as too_long:
        raise SigningFailed(f"the signature is longer than {ROOM} bytes with its time stamp") from too_long
    return output.getvalue()


class _At(PdfSigner):
    """Writes the moment it is told into the file, and not its own time."""

    def __init__(self, moment: datetime, metadata: PdfSignatureMetadata, **options: Any) -> None:
        super().__init__(metadata, **options)
        self._moment = moment

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        """The session, at that moment."""
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self._moment
        return session


class _Page(PdfContent):
    """The first page of a PDF as something to draw."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        """The command that draws it."""
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._pdf)))
        self.resources.xobject["/Stamp"] = page
        left, bottom, right, top = page.get_object()["/BBox"]
        self.box = BoxConstraints(width=right - left, height=top - bottom)
        return b"/Stamp Do"
