"""A CMS signature with a time stamp on it, put together as bytes (RFC 5652 §5.3, RFC 3161 appendix A)."""

from collections.abc import Iterator

from asn1crypto import parser
from asn1crypto.cms import CMSAttributes, ContentInfo
from pyhanko.sign.general import simple_cms_attribute

_DOWN_TO_THE_SIGNER = 4
"""ContentInfo, its content, SignedData and signerInfos: each ends with the next, the last with the only SignerInfo."""
_CONTEXT, _CONSTRUCTED, _UNSIGNED_ATTRIBUTES = 2, 1, 1


def time_stamped(cms: bytes, token: ContentInfo) -> bytes:
    """The signature by one signatory, its unsigned attributes now this token alone; nothing else of it changes by a bit.

    It is no assignment to asn1crypto's tree: that takes a length that ends in 80 (hex) for an indefinite one, writes everything in it
    anew, twice for each level, and is busy for up to half a minute (wbond/asn1crypto issues 249 and 256).
    """
    attributes = CMSAttributes([simple_cms_attribute("signature_time_stamp_token", ContentInfo.load(token.dump()))])
    added = parser.emit(_CONTEXT, _CONSTRUCTED, _UNSIGNED_ATTRIBUTES, attributes.contents)
    return _ending_with(cms, added, _DOWN_TO_THE_SIGNER)


def _ending_with(der: bytes, added: bytes, depth: int) -> bytes:
    kind, method, tag, _, contents, _ = parser.parse(der)
    parts = list(_parts(contents))
    if depth:
        parts[-1] = _ending_with(parts[-1], added, depth - 1)
    else:
        parts = [one for one in parts if parser.parse(one)[:3:2] != (_CONTEXT, _UNSIGNED_ATTRIBUTES)] + [added]
    return bytes(parser.emit(kind, method, tag, b"".join(parts)))


def _parts(contents: bytes) -> Iterator[bytes]:
    while contents:
        size = parser.peek(contents)
        yield contents[:size]
        contents = contents[size:]
