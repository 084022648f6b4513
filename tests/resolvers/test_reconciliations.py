"""Days and differences as the schema shows them: to the supplier's finance, to the platform, and to nobody else."""

from dataclasses import replace
from typing import Any

import pytest

from resolvers.ids import encode_id
from rules.people import Role
from services import clock
from tests.makers import make_platform
from tests.order_makers import make_parties
from tests.reconciliation_makers import make_difference
from tests.resolvers.asking import ask

pytestmark = pytest.mark.usefixtures("database")
DAYS = """query ($filter: ReconciliationFilter) { reconciliations(filter: $filter) { nodes { id method day status statusLabel
    ourPaid { amount currency } theirPaid { amount } balance { amount } theirCount comparedAt company { id } } } }"""
DIFFERENCES = """query ($filter: ReconciliationDifferenceFilter) { reconciliationDifferences(filter: $filter) { nodes {
    id kind kindLabel entry fact number refundNumber providerNumber ourAmount { amount } theirAmount { amount } times
    resolvedAt resolvedBy remark payment { id } reconciliation { day } } } }"""
RECONCILE = """mutation ($input: ReconcilePaymentsInput!) { reconcilePayments(input: $input) { __typename
    ... on ReconcilePaymentsSuccess { reconciliation { id day status } }
    ... on StatementUnavailableProblem { code firstDay lastDay } ... on MerchantAccountMissingProblem { code method } } }"""
RESOLVE = """mutation ($input: ResolveReconciliationDifferenceInput!) { resolveReconciliationDifference(input: $input) {
    __typename ... on ResolveReconciliationDifferenceSuccess { difference { remark resolvedBy reconciliation { status } } }
    ... on Problem { code message } } }"""


async def test_a_difference_is_read_resolved_and_gone_when_the_day_is_compared_again() -> None:
    parties = await make_parties()
    found = await make_difference(parties)
    finance, operator = parties.supplier, await make_platform()
    [day] = (await ask(finance, DAYS, filter={"status": "DIFFERS"}))["nodes"]
    assert (day["ourPaid"], day["theirPaid"]["amount"]) == ({"amount": "0.00", "currency": "CNY"}, "7.77")
    assert (day["balance"]["amount"], day["theirCount"], day["method"]) == ("7.77", 1, "ALIPAY")
    open_ones: dict[str, Any] = {"filter": {"reconciliationId": day["id"], "isResolved": False}}
    [difference] = (await ask(operator, DIFFERENCES, **open_ones))["nodes"]
    assert (difference["kind"], difference["entry"], difference["number"]) == ("UNKNOWN", "PAYMENT", "INVENTED")
    assert (difference["ourAmount"], difference["theirAmount"]["amount"], difference["times"]) == (None, "7.77", 1)
    for other in (parties.buyer, replace(finance, roles=frozenset({Role.SALES}))):
        assert (await ask(other, DAYS))["nodes"] == (await ask(other, DIFFERENCES))["nodes"] == []
    wish = {"differenceId": encode_id("ReconciliationDifference", found.id), "remark": "店面收款 at the counter"}
    assert (await ask(parties.buyer, RESOLVE, input=wish))["code"] == "NOT_FOUND"
    done = (await ask(finance, RESOLVE, input=wish))["difference"]
    assert (done["remark"], done["reconciliation"]["status"]) == (wish["remark"], "RECONCILED")
    assert (await ask(finance, RESOLVE, input=wish))["code"] == "WRONG_STATUS"
    assert (await ask(finance, DIFFERENCES, **open_ones))["nodes"] == []
    where = {"method": "ALIPAY", "day": day["day"], "supplierId": encode_id("Company", finance.home)}
    compared_on = found.created_at
    with clock.held_at(compared_on):
        again = await ask(operator, RECONCILE, input=where)
    assert again["reconciliation"]["id"] == day["id"]
    with clock.held_at(compared_on):
        missing = await ask(finance, RECONCILE, input={"method": "WECHAT_PAY", "day": day["day"]})
        assert (missing["code"], missing["method"]) == ("MERCHANT_ACCOUNT_MISSING", "WECHAT_PAY")
        early = await ask(finance, RECONCILE, input={"method": "ALIPAY", "day": "2199-01-01"})
    assert (early["code"], early["firstDay"], early["lastDay"]) == ("STATEMENT_UNAVAILABLE", "2016-01-01", day["day"])
