"""A contract is printed when somebody wants it, once, and nobody else sees it."""

import asyncio
from uuid import uuid4

import pytest

from models import Company, Contract, ContractFile
from rules.people import Role
from rules.problems import NotFound
from services.companies import set_brand
from services.printing import newest_file, pdf_of
from tests.makers import make_actor
from tests.order_makers import Parties, contract_of, make_awarded_order, make_parties


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def company_of(parties: Parties) -> Company:
    """The supplier as it is now."""
    return await Company.get(id=parties.supplier.home)


async def test_both_parties_get_the_same_file(parties: Parties) -> None:
    contract = await contract_of(await make_awarded_order(parties))
    assert await ContractFile.newest(contract.id) is None
    files = await asyncio.gather(
        *(pdf_of(actor, Contract, contract.id) for actor in [parties.buyer, parties.supplier] * 2)
    )
    assert len({file.sha256 for _, file in files}) == 1
    assert await ContractFile.all().count() == 1
    [(_, file), *_] = files
    assert (file.revision, file.size, file.content[:5]) == (0, len(file.content), b"%PLAI")


async def test_a_stranger_s_contract_is_as_if_missing(parties: Parties) -> None:
    contract = await contract_of(await make_awarded_order(parties))
    stranger = (await make_parties()).buyer
    for key in (contract.id, uuid4()):
        with pytest.raises(NotFound):
            await pdf_of(stranger, Contract, key)
    assert await ContractFile.all().count() == 0


async def test_a_contract_wears_the_brand_its_supplier_had_then(parties: Parties) -> None:
    admin = await make_actor(await company_of(parties), Role.ADMIN)
    company = await set_brand(admin, (await company_of(parties)).version, "#8a1c1c", "Fasteners that hold")
    contract = await contract_of(await make_awarded_order(parties))
    assert '"brand":{"colour":"#8a1c1c","line":"Fasteners that hold"}' in contract.text
    await set_brand(admin, company.version, None, None)
    plain = await contract_of(await make_awarded_order(parties))
    assert '"brand":{"colour":null,"line":null}' in plain.text
    assert (await newest_file(contract)).sha256 != (await newest_file(plain)).sha256
