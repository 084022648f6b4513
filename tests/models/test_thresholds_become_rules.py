"""A company's one threshold, and what was asked by it, live on as a rule when an older database is migrated."""

from collections.abc import Callable
from typing import Any

import asyncpg
import orjson

from models.approval import Approval
from models.migrate import _apply, _connected, _executor, _project_state
from rules.approval_rules import Snapshot
from services.asking import as_rule
from tests.source import ROOT

RULES = next(path.stem for path in (ROOT / "models" / "migrations").glob("*_approval_rules.py"))
ID = "00000000-0000-7000-8000-00000000000{}"
OLD = (
    "INSERT INTO company (id, created_at, legal_name, credit_code, kind, status, version, currency, delivery_zone, "
    "approval_threshold) VALUES ('{0}', now(), 'b', 'b', 'BUYER', 'APPROVED', 3, 'CNY', 'Asia/Shanghai', 10000.00), "
    "('{1}', now(), 's', 's', 'SUPPLIER', 'APPROVED', 1, 'CNY', 'Asia/Shanghai', NULL)",
    "INSERT INTO member (id, created_at, company_id, sign_in_name, display_name, password_hash, roles, locale, is_active, version) "
    "VALUES ('{2}', now(), '{0}', 'req', 'req', '', '{{REQUESTER}}', 'en', true, 1)",
    "INSERT INTO purchase_order (id, created_at, updated_at, turn_since, number, buyer_id, supplier_id, requester_id, status, version, "
    "approval_pending, is_sealed, currency, delivery_zone, estimated_total) VALUES ('{3}', now(), now(), now(), 'PO', '{0}', '{1}', '{2}', "
    "'PENDING_APPROVAL', 2, true, false, 'CNY', 'Asia/Shanghai', 12000)",
    "INSERT INTO approval (id, created_at, order_id, company_id, requested_by_id, stage, status, version, amount, currency, threshold, "
    "threshold_currency) VALUES ('{4}', now(), '{3}', '{0}', '{2}', 'SUBMISSION', 'PENDING', 1, 12000, 'CNY', 9000.00, 'CNY')",
)


async def test_a_threshold_becomes_a_rule_and_what_it_asked_is_remembered(
    make_database_url: Callable[..., str],
) -> None:
    url = make_database_url()
    await migrate_up_to(url, lambda name: name < RULES)
    connection = await asyncpg.connect(url)
    try:
        for statement in OLD:
            await connection.execute(statement.format(*(ID.format(number) for number in range(1, 6))))
        await migrate_up_to(url, lambda name: name <= RULES)
        [rule] = await connection.fetch("SELECT * FROM approval_rule")
        [approval] = await connection.fetch("SELECT * FROM approval")
    finally:
        await connection.close()
    kept = as_rule(Loaded(rule, "conditions", "tiers"))
    assert (str(kept.conditions.amount_above), rule["is_threshold"], str(rule["company_id"])) == (
        "10000.00",
        True,
        ID.format(1),
    )
    snapshot = Snapshot.from_json(orjson.loads(approval["snapshot"]))
    assert (snapshot.rule, str(snapshot.conditions.amount_above)) == (kept.id, "9000.00")
    assert (snapshot.tiers, {str(one) for one in snapshot.barred}) == (kept.tiers, {ID.format(3)})
    assert (approval["tier"], approval["tier_since"]) == (1, approval["created_at"])
    assert Approval._meta.fields_map["snapshot"].null is False


class Loaded:
    """A record with its JSON columns read."""

    def __init__(self, record: Any, *json: str) -> None:
        self.__dict__.update({name: orjson.loads(value) if name in json else value for name, value in record.items()})


async def migrate_up_to(url: str, wanted: Callable[[str], bool]) -> None:
    """Apply the migrations that are wanted."""
    async with _connected(url) as context:
        executor = _executor(context)
        await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
        steps = await executor.plan()
        state = await _project_state(executor)
        for step in steps:
            if wanted(step.migration.name):
                await _apply(executor, step, state)
