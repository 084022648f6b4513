"""What the schema tells of rates of VAT, and of one that is refused."""

from decimal import Decimal
from typing import Any

import pytest

from resolvers.ids import encode_id
from tests.makers import make_key, make_platform
from tests.order_makers import Parties, make_goods, make_parties
from tests.resolvers.asking import ask, do
from tests.tax_makers import make_law

RATES = """query ($on: Date, $country: String! = "CN") { vatRates(on: $on, country: $country) {
    nodes { category rate name validFrom validTo source } } }"""
ADDED = "vatRate { id country category rate validTo version }"


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier under China's law."""
    await make_law()
    return await make_parties()


async def test_a_screen_reads_the_rates_of_a_day_in_its_own_language(parties: Parties) -> None:
    found = (await ask(parties.buyer, RATES, "zh-CN", on="2019-03-31"))["nodes"]
    assert found[0] == {
        "category": "S", "rate": "0.16", "name": "基本税率 16%", "validFrom": "2018-05-01", "validTo": "2019-03-31",
        "source": "财税〔2018〕32号",
    }  # fmt: skip
    rates = [Decimal(one["rate"]) for one in found]
    assert rates == sorted(rates, reverse=True)
    assert (await ask(parties.buyer, RATES))["nodes"][0]["name"] == "Standard rate 13 %"
    assert (await ask(parties.buyer, RATES, country="DE"))["nodes"] == []


async def test_the_operator_adds_a_rate_and_ends_it(parties: Parties) -> None:
    said: dict[str, Any] = {
        "category": "S", "rate": "0.12", "nameZh": "基本税率", "nameEn": "Standard", "validFrom": "2027-01-01", "source": "law",
    }  # fmt: skip
    operator = await make_platform()
    made = (await do(operator, "addVatRate", ADDED, **said, idempotencyKey=make_key() + "-rate"))["vatRate"]
    assert (made["country"], made["rate"], made["validTo"]) == ("CN", "0.12", None)
    taken = await do(operator, "addVatRate", ADDED, **said, idempotencyKey=make_key() + "-rate")
    assert (taken["code"], taken["field"]) == ("ALREADY_TAKEN", "validFrom")
    last = {"vatRateId": made["id"], "expectedVersion": made["version"], "validTo": "2027-12-31"}
    assert (await do(operator, "endVatRate", ADDED, **last))["vatRate"]["validTo"] == "2027-12-31"
    assert (await do(operator, "endVatRate", ADDED, **last))["code"] == "STALE_VERSION"


async def test_a_rate_that_is_refused_is_told_with_those_that_are_not(parties: Parties) -> None:
    goods = await make_goods(parties.supplier)
    refused = await do(
        parties.supplier,
        "updateProduct",
        "product { id }",
        productId=encode_id("Product", goods.id),
        expectedVersion=goods.version,
        taxRate="0.17",
    )
    assert (refused["code"], refused["path"], refused["rate"]) == ("UNKNOWN_TAX_RATE", "input.taxRate", "0.17")
    assert [Decimal(one) for one in refused["rates"]] == [
        Decimal(r) for r in ("0.13", "0.09", "0.06", "0.03", "0.01", "0")
    ]
