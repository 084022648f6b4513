"""How one version of a contract differs from the one before, read from the two texts that were signed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ChangedTerm(StrEnum):
    """What of a contract a later version may say differently."""

    QUANTITY = "QUANTITY"
    UNIT_PRICE = "UNIT_PRICE"
    TAX_RATE = "TAX_RATE"
    PROMISED_ON = "PROMISED_ON"
    QUALITY_REMARK = "QUALITY_REMARK"
    FREIGHT = "FREIGHT"
    FREIGHT_TAX_RATE = "FREIGHT_TAX_RATE"
    DELIVERY_PLACE = "DELIVERY_PLACE"
    DELIVERY_ZONE = "DELIVERY_ZONE"
    TOTAL = "TOTAL"


@dataclass(frozen=True)
class Difference:
    """One term as it was and as it is to be, None where there is none; `line` is the order line's position, if it is about one."""

    term: ChangedTerm
    before: str | None
    after: str | None
    line: int | None = None


T = ChangedTerm
# Where a text says it: in each line, and for the whole.
_OF_LINES = {
    T.QUANTITY: "quantity",
    T.UNIT_PRICE: "unitPrice",
    T.TAX_RATE: "taxRate",
    T.PROMISED_ON: "promisedOn",
    T.QUALITY_REMARK: "qualityRemark",
    # Said by lines alone that go elsewhere than the others.
    T.DELIVERY_PLACE: "deliveryPlace",
    T.DELIVERY_ZONE: "deliveryZone",
}
_OF_ALL = {
    T.FREIGHT: ("freight", "net"),
    T.FREIGHT_TAX_RATE: ("freight", "taxRate"),
    T.DELIVERY_PLACE: ("delivery", "place"),
    T.DELIVERY_ZONE: ("delivery", "zone"),
    T.TOTAL: ("amounts", "total"),
}


def differences(before: str, after: str) -> list[Difference]:
    """What the later of two texts says differently, line by line, then for the whole. A line that is gone has no terms any more."""
    old, new = json.loads(before), json.loads(after)
    return [*_in_lines(_lines(old), _lines(new)), *_in_all(old, new)]


def _lines(text: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    return {int(line["position"]): {**line, **_place(line.get("delivery") or {})} for line in text["lines"]}


def _place(delivery: Mapping[str, str]) -> Mapping[str, str | None]:
    return {"deliveryPlace": delivery.get("place"), "deliveryZone": delivery.get("zone")}


def _in_lines(old: Mapping[int, Mapping[str, Any]], new: Mapping[int, Mapping[str, Any]]) -> Iterator[Difference]:
    for position in sorted(old.keys() | new.keys()):
        for term, name in _OF_LINES.items():
            before, after = old.get(position, {}).get(name), new.get(position, {}).get(name)
            if before != after:
                yield Difference(term, before, after, position)


def _in_all(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for term, (part, name) in _OF_ALL.items():
        before, after = old[part].get(name), new[part].get(name)
        if before != after:
            yield Difference(term, before, after)
