"""How much the demo holds, as its operator sees it."""

from api.demo.people import OPERATOR, actor_for
from api.demo_users import Tally
from models import Company, Member, Order, Product
from rules.admission import SIGNING_IN
from rules.people import Actor, CompanyKind


async def tally() -> Tally:
    """The numbers of companies, products and placed orders; zeros before the demo is made."""
    member = await Member.signing_in(OPERATOR, SIGNING_IN)
    operator = await actor_for(member) if member else Actor.anonymous()
    return Tally(
        companies=await Company.visible_to(operator).filter(kind__not=CompanyKind.PLATFORM).count(),
        products=await Product.visible_to(operator).count(),
        orders=await Order.visible_to(operator).count(),
    )
