"""The partners in use; the wiring, which alone knows concrete ones, says which."""

from partners.signing import Signer

_signer: list[Signer] = []


def use_signer(signer: Signer) -> None:
    """Let contracts be signed by this one from now on."""
    _signer[:] = [signer]


def signer() -> Signer:
    """Who signs contracts."""
    if not _signer:
        raise RuntimeError("no signer was wired")
    return _signer[0]
