"""A time stamp on a signature changes nothing else of it, whatever its length."""

import asyncio

import pytest
from asn1crypto import core
from asn1crypto.cms import ContentInfo

from partners.signing import Signatory
from partners.signing.certificates import Authority
from partners.signing.pades import Pades
from partners.signing.time_stamped import time_stamped
from partners.signing.time_stamps import LocalAuthority
from tests.agreements import MOMENT

DIGEST = b"\x07" * 32


@pytest.fixture(scope="module")
def authority() -> Authority:
    """Whose certificates sign."""
    return Authority.made(MOMENT)


@pytest.fixture(scope="module")
def token(authority: Authority) -> ContentInfo:
    """A time stamp."""
    stamping = LocalAuthority(authority.clock, authority.issuer, MOMENT)
    return asyncio.run(stamping.async_timestamp(DIGEST, "sha256"))


def signed(authority: Authority, padding: int) -> bytes:
    """A CMS signature, longer by about as many bytes."""
    name, member, company = (min(max(padding - start, 0), 63) for start in (0, 63, 126))
    signatory = Signatory("n" * (name + 1), "m" * (member + 1), "c" * (company + 1), "91310000MA0DEM0016")
    return Pades(authority).sign(DIGEST, signatory, MOMENT)


def ending_with_80(authority: Authority) -> bytes:
    """One whose length ends in 80 (hex), which asn1crypto takes for an indefinite length."""
    return next(cms for padding in range(30, 70) for _ in range(20) if (cms := signed(authority, padding))[3] == 0x80)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What asn1crypto writes anew while the test runs."""
    found: list[object] = []
    write = core.Sequence._set_contents

    def noted(self: core.Sequence, force: bool = False) -> None:
        found.append(self)
        write(self, force)

    monkeypatch.setattr(core.Sequence, "_set_contents", noted)
    return found


def test_the_stamp_is_all_that_is_added(authority: Authority, token: ContentInfo) -> None:
    cms = signed(authority, 0)
    stamped = ContentInfo.load(time_stamped(cms, token), strict=True)
    [signer] = stamped["content"]["signer_infos"]
    [attribute] = signer["unsigned_attrs"]
    assert attribute["type"].native == "signature_time_stamp_token"
    assert [value.dump() for value in attribute["values"]] == [token.dump()]
    [before] = ContentInfo.load(cms)["content"]["signer_infos"]
    assert signer["signed_attrs"].dump() == before["signed_attrs"].dump()
    assert signer["signature"].dump() == before["signature"].dump()
    assert stamped["content"]["certificates"].dump() == ContentInfo.load(cms)["content"]["certificates"].dump()


def test_what_a_signatory_s_own_device_left_unsigned_gives_way(authority: Authority, token: ContentInfo) -> None:
    once = time_stamped(signed(authority, 0), token)
    assert time_stamped(once, token) == once


def test_an_unlucky_length_is_no_more_work(authority: Authority, token: ContentInfo, written: list[object]) -> None:
    lucky, unlucky = signed(authority, 0), ending_with_80(authority)
    written.clear()
    time_stamped(lucky, token)
    usual = len(written)
    written.clear()
    time_stamped(unlucky, token)
    assert len(written) == usual
