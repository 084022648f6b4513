"""The next version of a contract in force: drawn up from the one before, and what happens when it takes its place."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from models import Contract, ContractAllowance, ContractLine, Invoice, Order, Quotation
from models.base import new_id
from rules.allowances import check_carried
from rules.change import Difference, differences
from rules.contract import ContractStatus, canonical, fingerprint
from rules.decimals import ONE
from rules.identifiers import Series
from rules.lifecycle import OrderStatus, Side
from rules.money import Charge, Totals, check_amount, totals
from rules.people import Actor
from rules.problems import NotFound, invalid
from rules.quantity import all_closed, check_change, each_once, plain
from rules.tax import new_rates
from rules.terms import is_zone
from services import budgets, clock, credit, ledger, obligations
from services.awarding import TIME_TO_SIGN
from services.contract_changes import Change, LineChange, place_in, redirect
from services.covering import follow
from services.desk import move, number, turn_to
from services.rebooking import book, check_stock
from services.settling import settle_if_done
from services.tax import check_rates

P = TypeVar("P", ContractLine, ContractAllowance)


async def draw_up_change(order: Order, base: Contract, side: Side, change: Change) -> Contract:
    """The next version as the change would have it, for both sides to sign."""
    lines = await _lines(base, change)
    allowances = [_copied(one, "contract_id") for one in await ContractAllowance.of(base.id)]
    await _check(order, base, change)
    await check_quantities(order, lines)
    freight = _tax_anew(change, base, lines, allowances)
    sums = await _sums(base, lines, freight, allowances)
    text = _text(await Contract.versions(order.id) + 1, base, lines, freight, allowances, sums, side, change)
    if not _differs(base.text, text):
        raise invalid("input.lines", "say what should be different")
    contract = await _write(order, base, freight.tax_rate, sums, side, change, text)
    for part in (*lines, *allowances):
        part.contract_id = contract.id
    await ContractLine.write_all(lines)
    await ContractAllowance.write_all(allowances)
    return contract


async def check_quantities(order: Order, lines: Sequence[ContractLine]) -> None:
    """Refuse a version that asks for less than has left the supplier already."""
    wanted = {line.order_line_id: line for line in lines}
    positions = {line.order_line_id: line.position for line in await ContractLine.of_order(order.id)}
    for line, booked in (await ledger.line_quantities(order)).items():
        if line in positions:
            check_change(positions[line], booked, wanted[line].quantity if line in wanted else Decimal(0))


async def check_amendable(order: Order, contract: Contract, actor: Actor) -> None:
    """Refuse early what the signature that brings a change into force would be refused for; nothing is kept."""
    lines = await ContractLine.of(contract.id)
    await check_quantities(order, lines)
    await check_stock(order, contract.id, {line.order_line_id: line.quantity for line in lines}, actor)
    await credit.check_signable(order)


async def amend(order: Order, contract: Contract, actor: Actor) -> None:
    """Both have signed: the version takes the place of the one before, and ledgers, stock and framework agreements follow it."""
    lines = await ContractLine.of(contract.id)
    await check_quantities(order, lines)
    await budgets.hold_still(order)
    base = await Contract.in_force(order.id)
    if base is None:
        raise NotFound("Contract", order.id)
    # While the version before is in force, since it says which product each line is about.
    await book(order, contract.id, {line.order_line_id: line.quantity for line in lines}, actor)
    was_prepaid = not await obligations.open_prepayment(order)
    base.status = ContractStatus.SUPERSEDED
    contract.status, contract.effective_at = ContractStatus.EFFECTIVE, clock.now()
    await base.save(update_fields=["status"])
    await contract.save(update_fields=["status", "effective_at"])
    await redirect(order, json.loads(contract.text))
    order.agreed_total, order.amendment = contract.total, None
    turn_to(order, None)
    await follow(order, actor, contract.total)
    await credit.reserve(order, actor)
    await obligations.renew(order, contract, was_prepaid)
    await _move_on(order)


async def _move_on(order: Order) -> None:
    if all_closed((await ledger.line_quantities(order)).values()):
        move(order, "sign_contract", to=OrderStatus.COMPLETED)
        order.completed_at = clock.now()
        await settle_if_done(order)
    else:
        move(order, "sign_contract", to=OrderStatus.CONTRACTED)


async def _lines(base: Contract, change: Change) -> list[ContractLine]:
    """The lines of the next version, not stored yet."""
    changes = each_once("input.lines", ((line.order_line_id, line) for line in change.lines))
    agreed = {line.order_line_id: line for line in await ContractLine.of(base.id)}
    for unknown in changes.keys() - agreed.keys():
        raise NotFound("OrderLine", unknown)
    lines = [_line(line, changes.get(line.order_line_id)) for line in agreed.values()]
    kept = [line for line in lines if line.quantity > 0]
    if not kept:
        raise invalid("input.lines", "terminate the order instead of taking everything out of it")
    return kept


def _line(agreed: ContractLine, change: LineChange | None) -> ContractLine:
    line = _copied(agreed, "contract_id")
    for name in ("quantity", "unit_price", "promised_on", "quality_remark"):
        if change is not None and (value := getattr(change, name)) is not None:
            setattr(line, name, value)
    if line.unit_price != agreed.unit_price:
        line.price_explanation = None
    return line


def _copied(row: P, but: str) -> P:
    """A new row that says the same, yet of no contract."""
    copy = type(row)(**{name: getattr(row, name) for name in row._meta.db_fields if name != but})
    copy.id, copy.created_at = new_id(), clock.now()
    return copy


async def _check(order: Order, base: Contract, change: Change) -> None:
    said = [("input.deliveryZone", change.delivery_zone)]
    said += [(f"input.lines[{place}].deliveryZone", line.delivery_zone) for place, line in enumerate(change.lines)]
    if wrong := [path for path, zone in said if zone is not None and not is_zone(zone)]:
        raise invalid(wrong[0], "is not an IANA time zone", "Asia/Shanghai")
    await check_rates(
        order.supplier_id, [(f"input.taxRates[{place}].after", one.after) for place, one in enumerate(change.tax_rates)]
    )
    if change.freight is None or change.freight == _stated_freight(base):
        return
    check_amount("input.freight", change.freight, base.currency)
    if await Invoice.exists_for(order.id):
        raise invalid("input.freight", "was invoiced already")


def _stated_freight(base: Contract) -> Decimal:
    return base.tax_inclusion.stated(base.freight, base.freight_tax)


def _tax_anew(
    change: Change, base: Contract, lines: Sequence[ContractLine], allowances: Sequence[ContractAllowance]
) -> Charge:
    """Freight as it is to be, everything at the rates that the change says."""
    parts: list[ContractLine | ContractAllowance] = [*lines, *allowances]
    rates = new_rates(change.tax_rates, {base.freight_tax_rate, *(part.tax_rate for part in parts)})
    for part in parts:
        part.tax_rate = rates.get(part.tax_rate, part.tax_rate)
    freight = _stated_freight(base) if change.freight is None else change.freight
    return Charge(ONE, freight, rates.get(base.freight_tax_rate, base.freight_tax_rate))


async def _sums(
    base: Contract, lines: Sequence[ContractLine], freight: Charge, allowances: Sequence[ContractAllowance]
) -> Totals:
    """Added up by the rounding that the quotation froze; each line and allowance learns its own part. Allowances stay as agreed."""
    rounding = (await Quotation.named(base.quotation_id)).rounding
    charges = [Charge(line.quantity, line.unit_price, line.tax_rate) for line in lines]
    charges.append(freight)
    charges += [Charge(ONE, rounding.stated(one.net, one.tax), one.tax_rate) for one in allowances]
    sums = totals(charges, rounding)
    check_carried("input.lines", charges, sums)
    amounts = list(zip(sums.nets, sums.taxes, strict=True))
    for part, (net, tax) in zip([*lines, *allowances], amounts[: len(lines)] + amounts[len(lines) + 1 :], strict=True):
        part.net, part.tax = net, tax
    return sums


def _text(
    version: int,
    base: Contract,
    lines: Sequence[ContractLine],
    freight: Charge,
    allowances: Sequence[ContractAllowance],
    sums: Totals,
    side: Side,
    change: Change,
) -> dict[str, Any]:
    """The text before with what is different; it says which version it replaces, by the fingerprint of what was signed."""
    said = json.loads(base.text)
    by_position = {int(line["position"]): line for line in said["lines"]}
    changes = {line.order_line_id: line for line in change.lines}
    delivery = {"place": change.delivery_place, "zone": change.delivery_zone}
    text = {
        **said,
        "version": str(version),
        "number": number(Series.CONTRACT),
        "drawnUpAt": clock.now().isoformat(),
        "lines": [
            _line_text(by_position[line.position], line, said["delivery"], changes.get(line.order_line_id))
            for line in lines
        ],
        "freight": _taxed(said["freight"], freight.tax_rate, sums.nets[len(lines)], sums.taxes[len(lines)]),
        "allowances": [
            _taxed(one, allowance.tax_rate, allowance.net, allowance.tax)
            for one, allowance in zip(said.get("allowances", []), allowances, strict=True)
        ],
        "amounts": {**said["amounts"], "net": str(sums.net), "tax": str(sums.tax), "total": str(sums.gross)},
        "delivery": {**said["delivery"], **{name: value for name, value in delivery.items() if value is not None}},
        "agreement": None,
        "supersedes": {"number": base.number, "version": str(base.version), "sha256": base.sha256},
    }
    different = [_different(one) for one in differences(base.text, canonical(text))]
    return {**text, "change": {"proposedBy": side, "reason": change.reason, "differences": different}}


def _taxed(said: Mapping[str, Any], tax_rate: Decimal, net: Decimal, tax: Decimal) -> dict[str, Any]:
    """The amounts in a part of the text; the rate stays as it is spelled unless it is another."""
    rate = said["taxRate"] if Decimal(said["taxRate"]) == tax_rate else plain(tax_rate)
    return {**said, "taxRate": rate, "net": str(net), "tax": str(tax)}


def _different(one: Difference) -> dict[str, object]:
    line = None if one.line is None else str(one.line)
    return {"term": one.term, "line": line, "before": one.before, "after": one.after}


def _line_text(
    said: Mapping[str, Any], line: ContractLine, delivery: Mapping[str, Any], change: LineChange | None
) -> dict[str, Any]:
    return {
        **_taxed(said, line.tax_rate, line.net, line.tax),
        **place_in(said, delivery, change),
        "quantity": plain(line.quantity),
        "unitPrice": plain(line.unit_price),
        "promisedOn": line.promised_on.isoformat(),
        "qualityRemark": line.quality_remark,
    }


def _differs(before: str, after: Mapping[str, Any]) -> bool:
    said = json.loads(before)
    return any(said[part] != after[part] for part in ("lines", "freight", "delivery"))


async def _write(
    order: Order,
    base: Contract,
    freight_tax_rate: Decimal,
    sums: Totals,
    side: Side,
    change: Change,
    document: Mapping[str, Any],
) -> Contract:
    text = canonical(document)
    return await Contract.create(
        number=document["number"],
        order_id=order.id,
        quotation_id=base.quotation_id,
        version=int(document["version"]),
        supersedes_id=base.id,
        proposed_by=side,
        change_reason=change.reason,
        text=text,
        sha256=fingerprint(text),
        currency=base.currency,
        tax_inclusion=base.tax_inclusion,
        freight=Decimal(document["freight"]["net"]),
        freight_tax_rate=freight_tax_rate,
        freight_tax=Decimal(document["freight"]["tax"]),
        net=sums.net,
        tax=sums.tax,
        total=sums.gross,
        sign_by=clock.now() + TIME_TO_SIGN,
        created_at=clock.now(),
    )
