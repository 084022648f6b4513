"""Who says when a signature was made (RFC 3161): the platform itself, or an authority elsewhere that is asked over HTTP."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import aiohttp
from asn1crypto import cms, tsp, x509
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, get_nonce

from partners.signing import SigningFailed
from partners.signing.certificates import Holder
from partners.signing.pyhanko_forms import as_asn1, simple_signer

LOCAL = "本平台（本地时间戳，非独立机构） this platform (local, not independent)"
PATIENCE = 5
"""Seconds an authority elsewhere may take."""
LARGEST = 64 * 1024
"""Bytes of an answer: a token with its certificates has some 6 KB."""
_DIGEST = "sha256"
# An arc for whoever has a UUID (ITU-T X.667): time stamps made by a Dinghuo installation for itself.
_POLICY = "2.25.185207923612217453946412730942763154091"


class LocalAuthority(TimeStamper):
    """Stamps with the platform's own certificate, at the moment it is told."""

    def __init__(self, holder: Holder, issuer: Holder, moment: datetime) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._certificate = as_asn1(holder.certificate)
        self._signer = simple_signer(holder, issuer)
        self._moment = moment

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer that grants the request."""
        return await granted(req, self._signer, self._certificate, self._moment)


async def granted(
    request: tsp.TimeStampReq, signer: SimpleSigner, certificate: x509.Certificate, moment: datetime
) -> tsp.TimeStampResp:
    """A token over what the request names, signed by the holder of the certificate."""
    stated = {
        "version": "v1",
        "policy": _POLICY,
        "message_imprint": request["message_imprint"],
        "serial_number": get_nonce(),
        # Whole seconds: a local clock promises no more.
        "gen_time": moment.astimezone(UTC).replace(microsecond=0),
        "tsa": x509.GeneralName(name="directory_name", value=certificate.subject),
    }
    if request["nonce"].native is not None:
        stated["nonce"] = request["nonce"]
    content = cms.EncapsulatedContentInfo({"content_type": "tst_info", "content": tsp.TSTInfo(stated)})
    token = await signer.async_sign_general_data(content, _DIGEST, detached=False, use_cades=True)
    return tsp.TimeStampResp({"status": tsp.PKIStatusInfo({"status": "granted"}), "time_stamp_token": token})


class RemoteAuthority(TimeStamper):
    """Asks an authority at a URL; SigningFailed, whatever goes wrong there."""

    def __init__(self, url: str, patience: int = PATIENCE) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url, self._timeout = url, aiohttp.ClientTimeout(total=patience)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """What the authority answers."""
        headers = {"content-type": "application/timestamp-query", "accept": "application/timestamp-reply"}
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout) as session,
                session.post(self._url, data=req.dump(), headers=headers, allow_redirects=False) as answer,
            ):
                body = await answer.content.read(LARGEST)
                is_reply = answer.status == 200 and answer.content_type == "application/timestamp-reply"
        except (aiohttp.ClientError, OSError, TimeoutError) as trouble:
            raise SigningFailed(f"no time stamp from {self._url}") from trouble
        if not is_reply:
            raise SigningFailed(f"{self._url} is no time stamp authority: it answered {answer.status}")
        return tsp.TimeStampResp.load(body)


def named(url: str | None) -> str:
    """An authority in words for people."""
    return LOCAL if url is None else urlsplit(url).hostname or url


REFUSED = (TimestampRequestError, ValueError, TypeError, KeyError)
"""What reading an authority's answer raises where it is malformed or says no."""
