"""Who plays in the demo: the operator, two buyers, three suppliers, and a person for each role."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from pyotp import TOTP

from api.demo.certificates import self_signed
from api.demo.known import once
from api.demo_users import DemoUser, Words
from models import Authenticator, Company, Member, SigningCertificate
from rules.identifiers import credit_code_check
from rules.people import Actor, CompanyKind, CompanyStatus, Role
from rules.problems import CertificateUntrusted
from services import clock, vault
from services.certificates import register_proven
from services.companies import Application, found_platform, register_company, review_company
from services.members import Person, invite_member
from services.secret import Secret
from services.totp import DRIFT, STEP, confirm_totp, enrol_totp

PASSWORD = "Dinghuo-Demo-2026"  # noqa: S105  # meant to be read: it opens nothing but the demo
HERE = "127.0.0.1"
TYPING = timedelta(seconds=3)
"""How long a code that is offered is good at least. If it were longer, nobody could prove themselves three times within a minute."""


@dataclass(frozen=True)
class Cast:
    """One company of the demo; `code` are the first 17 characters of its credit code."""

    name: str
    code: str
    kind: CompanyKind
    zh: str
    en: str
    place: str

    @property
    def credit_code(self) -> str:
        """The whole code, with its check character."""
        return self.code + credit_code_check(self.code)


# fmt: off
PLATFORM = Cast("platform", "91310000MA0DEM000", CompanyKind.PLATFORM, "订货演示平台",
                "Dinghuo Demo Platform", "上海市黄浦区人民大道200号")
OPERATOR = f"op@{PLATFORM.name}.demo"
COMPANIES = (
    Cast("mingyuan", "91310000MA0DEM001", CompanyKind.BUYER, "上海明远机械制造有限公司",
         "Shanghai Mingyuan Machinery", "上海市浦东新区张江路88号 2号仓库"),
    Cast("haichuan", "91440300MA0DEM002", CompanyKind.BUYER, "深圳海川电子科技有限公司",
         "Shenzhen Haichuan Electronics", "广东省深圳市南山区科苑路15号"),
    Cast("henggu", "91320500MA0DEM003", CompanyKind.SUPPLIER, "苏州恒固紧固件有限公司",
         "Suzhou Henggu Fasteners", "江苏省苏州市工业园区星湖街218号"),
    Cast("huatai", "91330200MA0DEM004", CompanyKind.SUPPLIER, "宁波华泰电气有限公司",
         "Ningbo Huatai Electric", "浙江省宁波市北仑区新大路66号"),
    Cast("liancheng", "91440100MA0DEM005", CompanyKind.SUPPLIER, "广州联诚包装材料有限公司",
         "Guangzhou Liancheng Packaging", "广东省广州市黄埔区开发大道9号"),
)
APPLICANT = Cast("xingda", "91350200MA0DEM006", CompanyKind.TRADER, "厦门兴达进出口有限公司",
                 "Xiamen Xingda Trading", "福建省厦门市湖里区港中路12号")
#   short name   role              name      what it is
_BUYING = (
    ("req",      Role.REQUESTER,   "王采薇", "requester", "采购申请人"),
    ("mgr",      Role.APPROVER,    "李建国", "approver",  "审批人"),
    ("vice",     Role.APPROVER,    "何代批", "deputy approver", "代理审批人"),
    ("sign",     Role.SIGNATORY,   "赵立信", "signatory", "签约人"),
    ("wh",       Role.WAREHOUSE,   "陈大库", "warehouse", "仓库"),
    ("fin",      Role.FINANCE,     "孙算盘", "finance",   "财务"),
    ("view",     Role.VIEWER,      "周旁观", "viewer",    "只读"),
)
_SELLING = (
    ("sales",    Role.SALES,       "钱多多", "sales",     "销售"),
    ("sign",     Role.SIGNATORY,   "吴守约", "signatory", "签约人"),
    ("wh",       Role.WAREHOUSE,   "郑搬运", "warehouse", "仓库"),
    ("fin",      Role.FINANCE,     "冯进账", "finance",   "财务"),
    ("view",     Role.VIEWER,      "褚旁听", "viewer",    "只读"),
)
# fmt: on


def users() -> list[DemoUser]:
    """Everybody whom a visitor may sign in as, the most telling ones first."""
    people = [_user("op", PLATFORM, "operator", "运营")]
    for cast in COMPANIES:
        people.append(_user("admin", cast, "admin", "管理员"))
        people += [_user(short, cast, en, zh) for short, _role, _name, en, zh in _team(cast)]
    return people


def _user(short: str, cast: Cast, en: str, zh: str) -> DemoUser:
    return DemoUser(f"{short}@{cast.name}.demo", PASSWORD, Words(cast.en, cast.zh), Words(en, zh))


async def enter() -> dict[str, Actor]:
    """Everybody, made where missing, under names such as `req@mingyuan.demo`."""
    platform = await found_platform(_application(PLATFORM), _person(OPERATOR, "杨运营"))
    operator = await actor_for(await Member.first_of(platform.id))
    actors = {OPERATOR: operator}
    for cast in COMPANIES:
        actors |= await _enter_company(cast, operator)
    await _apply(APPLICANT)
    for actor in actors.values():
        if Role.SIGNATORY in actor.roles:
            await _enrol(actor)
            await _certify(actor)
    return actors


async def actor_for(member: Member) -> Actor:
    """The member at work, without a sign-in."""
    company = await Company.named(member.company_id)
    return Actor(
        company=company.id,
        member=member.id,
        kind=company.kind,
        roles=frozenset(map(Role, member.roles)),
        name=member.display_name,
        locale=member.locale,
    )


async def code_for(actor: Actor) -> str | None:
    """What the actor's authenticator app would show, was not used yet, and is good for a few seconds more; nobody in the demo has to have
    the app."""
    row = await Authenticator.of(actor.member) if actor.member else None
    if row is None or row.secret is None:
        return None
    soon = int((clock.now() + TYPING).timestamp()) // STEP
    step = max(soon - DRIFT, (row.last_step or 0) + 1)
    return str(TOTP(vault.opened(row.secret, row.member_id)).generate_otp(step))


async def _enrol(actor: Actor) -> None:
    """Give the actor an authenticator with a secret of this installation's own, some minutes ago: no code of now is used up."""
    if await code_for(actor) is None:
        with clock.held_at(clock.now() - timedelta(minutes=5)):
            enrolled = await enrol_totp(actor, Secret(PASSWORD), None, address=HERE)
            await confirm_totp(actor, Secret(TOTP(enrolled.secret).at(clock.now())), address=HERE)


async def _certify(actor: Actor) -> None:
    """Give the actor a certificate whose key nobody has: enough to be shown what would have to be signed with it."""
    if not await SigningCertificate.visible_to(actor).exists():
        # Where the operator trusts authorities, it is none of theirs.
        with suppress(CertificateUntrusted):
            await register_proven(actor, self_signed(actor.name, clock.now()))


async def _enter_company(cast: Cast, operator: Actor) -> dict[str, Actor]:
    company, member = await _apply(cast)
    if company.status is CompanyStatus.APPLIED:
        await review_company(operator, company.id, company.version, CompanyStatus.APPROVED)
    admin = await actor_for(member)
    actors = {member.sign_in_name: admin}
    for short, role, name, _en, _zh in _team(cast):
        invited = _person(f"{short}@{cast.name}.demo", name)
        key = f"demo-member-{short}-{cast.name}"
        make = partial(invite_member, admin, invited, frozenset({role}), idempotency_key=key)
        actors[invited.sign_in_name] = await actor_for(await once(Member, admin, key, make))
    return actors


async def _apply(cast: Cast) -> tuple[Company, Member]:
    person = _person(f"admin@{cast.name}.demo", "林管理")
    return await register_company(
        Actor.anonymous(), _application(cast), person, address=HERE, idempotency_key=f"demo-company-{cast.name}"
    )


def _team(cast: Cast) -> tuple[tuple[str, Role, str, str, str], ...]:
    return _BUYING if cast.kind is CompanyKind.BUYER else _SELLING


def _application(cast: Cast) -> Application:
    return Application(cast.zh, cast.credit_code, cast.kind, cast.en, delivery_place=cast.place)


def _person(sign_in_name: str, name: str) -> Person:
    return Person(sign_in_name, name, Secret(PASSWORD))
