"""The platform's key: what it signed can be checked by anybody, and nothing else passes for it."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from partners.seals import Seal, Sealer
from partners.seals.platform_key import PlatformKey
from rules.contract import TrustLevel

STATEMENT = '{"sha256":"ab","signatory":"王芳"}'


@pytest.fixture
def signer() -> PlatformKey:
    """A platform with a key of its own."""
    return PlatformKey(Ed25519PrivateKey.generate())


def changed(text: str) -> str:
    """Base64 of the same bytes but for one bit of the first."""
    raw = bytearray(base64.b64decode(text))
    raw[0] ^= 1
    return base64.b64encode(raw).decode()


def test_a_signature_can_be_checked_with_nothing_but_what_it_shows(signer: Sealer) -> None:
    seal = signer.sign(STATEMENT)
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(seal.public_key))
    key.verify(base64.b64decode(seal.value), STATEMENT.encode())
    assert (seal.algorithm, seal.trust_level) == ("Ed25519", TrustLevel.PLATFORM_KEY)
    assert signer.verifies(STATEMENT, seal)


@pytest.mark.parametrize("other", [STATEMENT + " ", STATEMENT.replace("王", "汪"), "", STATEMENT[:-1]])
def test_it_holds_for_that_very_statement(signer: Sealer, other: str) -> None:
    assert not signer.verifies(other, signer.sign(STATEMENT))


@pytest.mark.parametrize(
    "forge",
    [
        lambda seal: replace(seal, value=changed(seal.value)),
        lambda seal: replace(seal, public_key=changed(seal.public_key)),
        lambda seal: replace(seal, algorithm="none"),
        lambda seal: replace(seal, value=""),
        lambda seal: replace(seal, value="not base64!"),
        lambda seal: replace(seal, value="签名"),
        lambda seal: replace(seal, public_key=""),
    ],
)
def test_a_seal_that_was_touched_holds_for_nothing(signer: Sealer, forge: object) -> None:
    seal: Seal = forge(signer.sign(STATEMENT))  # type: ignore[operator]
    assert not signer.verifies(STATEMENT, seal)


def test_a_right_signature_of_somebody_else_s_key_is_not_ours(signer: Sealer) -> None:
    stranger = PlatformKey(Ed25519PrivateKey.generate())
    seal = stranger.sign(STATEMENT)
    assert stranger.verifies(STATEMENT, seal)
    assert not signer.verifies(STATEMENT, seal)


def test_what_an_earlier_key_signed_still_holds() -> None:
    old, new = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    seal = PlatformKey(old).sign(STATEMENT)
    assert PlatformKey(new, earlier=(old.public_key().public_bytes_raw(),)).verifies(STATEMENT, seal)
    assert not PlatformKey(new).verifies(STATEMENT, seal)


def test_a_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "contract"
    seal = PlatformKey.kept_in(path).sign(STATEMENT)
    assert PlatformKey.kept_in(path).verifies(STATEMENT, seal)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["contract"]


def test_those_who_start_together_end_up_with_the_same_key(tmp_path: Path) -> None:
    path = tmp_path / "contract"
    with ThreadPoolExecutor(8) as starters:
        keys = {signer.sign(STATEMENT).public_key for signer in starters.map(PlatformKey.kept_in, [path] * 8)}
    assert len(keys) == 1
