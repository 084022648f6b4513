"""The contract as a canonical document: one spelling, so that one SHA-256 stands for one text."""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum


class ContractStatus(StrEnum):
    """How far a contract version has come."""

    DRAFT = "DRAFT"
    PARTIALLY_SIGNED = "PARTIALLY_SIGNED"
    EFFECTIVE = "EFFECTIVE"
    FULFILLED = "FULFILLED"
    SUPERSEDED = "SUPERSEDED"
    TERMINATED = "TERMINATED"
    VOID = "VOID"


UNSIGNED = (ContractStatus.DRAFT, ContractStatus.PARTIALLY_SIGNED)
IN_FORCE = (ContractStatus.EFFECTIVE, ContractStatus.FULFILLED)


class TrustLevel(StrEnum):
    """Who vouches for the signer, and in whose hands the key was."""

    PLATFORM_CA = "PLATFORM_CA"
    REGISTERED_CERTIFICATE = "REGISTERED_CERTIFICATE"
    EXTERNAL_CA = "EXTERNAL_CA"


class PreparationStatus(StrEnum):
    """Whether a preparation can still become a signature, as far as others are concerned; time may have run out as well."""

    OPEN = "OPEN"
    COMPLETED = "COMPLETED"
    REPLACED = "REPLACED"


def canonical(document: Mapping[str, object]) -> str:
    """The one spelling of a document: sorted keys, no spaces, UTF-8 as it is. Numbers travel as strings, so none can change its shape."""
    _refuse_numbers(document)
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _refuse_numbers(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("a contract carries decimals as strings, never as floats")
    children = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    for child in children:
        _refuse_numbers(child)


def fingerprint(text: str) -> str:
    """The SHA-256 of a canonical text, in hex: what both sides sign."""
    return hashlib.sha256(text.encode()).hexdigest()


def named_agreement(text: str) -> tuple[str, str] | None:
    """Number and fingerprint of the framework agreement that a contract's text says it stands on; None where it says none."""
    try:
        named = json.loads(text)["agreement"]
        return named["number"], named["sha256"]
    except (ValueError, LookupError, TypeError):
        return None
