"""How companies come onto the platform, what the operator decides about them, and how they set themselves up."""

import hashlib
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from models import Company, Member
from models.base import new_id
from rules.admission import admit
from rules.approval import Asked, Quorum, Tier
from rules.approval_rules import Conditions
from rules.events import EventKind
from rules.gs1 import is_company_prefix
from rules.identifiers import is_credit_code
from rules.money import Currency, minor_unit
from rules.people import Actor, CompanyKind, CompanyStatus, Role
from rules.phrase import Phrase
from rules.problems import Conflict, FieldFault, InvalidInput, KeyReused, NotAllowed, invalid
from rules.terms import ApprovalStage, is_zone
from services import attempts, clock, passwords
from services.approval_rules import RuleWish, keep_one_rule
from services.members import Person, added
from services.register import note_change, note_company, open_company, open_own_company
from services.secret import Secret
from services.verb import committed, creating, open_to_strangers, verb

NOT_A_ZONE = FieldFault("input.deliveryZone", "is not an IANA time zone", "Asia/Shanghai")


@dataclass(frozen=True)
class Application:
    """What a company says of itself when it registers."""

    legal_name: str
    credit_code: str
    kind: CompanyKind
    english_name: str | None = None
    currency: Currency = Currency.CNY
    delivery_place: str | None = None
    delivery_zone: str = "Asia/Shanghai"

    @property
    def words(self) -> tuple[str, ...]:
        """What everybody knows of it, and no password of its people should consist of."""
        return (self.legal_name, *(self.english_name or "").split())


@dataclass(frozen=True)
class Limit:
    """An amount that must be in the company's currency."""

    amount: Decimal
    currency: Currency


async def register_company(
    actor: Actor, application: Application, administrator: Person, *, address: str, idempotency_key: str
) -> tuple[Company, Member]:
    """A company that waits for the operator's review, and its first administrator; anybody may ask for it.

    Conflict when the credit code or the sign-in name is taken: asking for that is a try like one at signing in (decision 0035).
    """
    application, administrator = _checked(application), administrator.normal(*application.words)
    await attempts.must_be_open(attempts.NAMELESS, address)
    password_hash = await passwords.hashed(administrator.password.reveal())
    try:
        company = await _register_company(
            actor, application, administrator, Secret(password_hash), idempotency_key=idempotency_key
        )
    except Conflict:
        await attempts.count(attempts.NAMELESS, address)
        raise
    return company, await _proven_applicant(company, administrator, password_hash)


def _checked(application: Application) -> Application:
    """The application in its normal spelling; InvalidInput names everything that is wrong with it."""
    said = replace(
        application,
        legal_name=" ".join(application.legal_name.split()),
        credit_code=application.credit_code.strip().upper(),
    )
    faults = []
    if not said.legal_name:
        faults.append(FieldFault("input.legalName", "must not be empty"))
    if not is_credit_code(said.credit_code):
        faults.append(
            FieldFault("input.creditCode", "is not a unified social credit code: its check character differs")
        )
    if not is_zone(said.delivery_zone):
        faults.append(NOT_A_ZONE)
    if faults:
        raise InvalidInput(tuple(faults))
    return said


async def found_platform(application: Application, operator: Person) -> Company:
    """The operator's own company with its first operator; the one there is, unchanged, when there is one. No client can call this."""
    if there_is := await Company.platform():
        return there_is
    application, operator = _checked(replace(application, kind=CompanyKind.PLATFORM)), operator.normal()
    password_hash = Secret(await passwords.hashed(operator.password.reveal()))
    status, roles = CompanyStatus.APPROVED, frozenset({Role.ADMIN, Role.OPERATOR})
    try:
        return await committed(
            lambda: _registered(Actor.anonymous(), application, operator, password_hash, status, roles)
        )
    except Conflict:
        # A constraint of the database allows one platform: somebody else founded it at the same moment.
        if founded_meanwhile := await Company.platform():
            return founded_meanwhile
        raise


def _applicant(_actor: Actor, application: Application, *_rest: object, idempotency_key: str) -> UUID:
    """Whose a stranger's key is: whoever knows the key and registers the same company."""
    told = hashlib.sha256(f"register_company {application.credit_code} {idempotency_key}".encode())
    return UUID(bytes=told.digest()[:16])


@creating(Company, admit=open_to_strangers, caller=_applicant)
async def _register_company(
    actor: Actor, application: Application, administrator: Person, password_hash: Secret, *, idempotency_key: str
) -> Company:
    if application.kind is CompanyKind.PLATFORM:
        raise invalid("input.kind", "only the operator runs the platform")
    return await _registered(actor, application, administrator, password_hash)


async def _registered(
    actor: Actor,
    application: Application,
    administrator: Person,
    password_hash: Secret,
    status: CompanyStatus = CompanyStatus.APPLIED,
    roles: frozenset[Role] = frozenset({Role.ADMIN}),
) -> Company:
    company = Company(id=new_id(), status=status, version=0, created_at=clock.now(), **vars(application))
    if not await company.written():
        raise Conflict("creditCode")
    member = await added(company.id, administrator, roles, password_hash)
    author = replace(actor, company=company.id, member=member.id, kind=company.kind, name=member.display_name)
    await note_company(company, EventKind.COMPANY_REGISTERED, author, {"status": company.status, "kind": company.kind})
    return company


async def _proven_applicant(company: Company, administrator: Person, password_hash: str) -> Member:
    """The first member. A repeat is answered only to whoever knows its password: a stranger's key alone proves nothing."""
    first = await Member.first_of(company.id)
    if first.password_hash != password_hash:
        fit = await passwords.fits(administrator.password.reveal(), first.password_hash)
        if not fit.is_right:
            raise KeyReused
    return first


@verb
async def review_company(
    actor: Actor, company_id: UUID, expected_version: int, decision: CompanyStatus, review_note: str | None = None
) -> Company:
    """The company admitted or rejected; a suspended one may be admitted again."""
    company = await open_company(actor, company_id, expected_version)
    return await _decided(actor, company, "review_company", decision, review_note)


@verb
async def suspend_company(actor: Actor, company_id: UUID, expected_version: int, review_note: str) -> Company:
    """The company shut out: its people's sessions and its keys are believed no longer."""
    company = await open_company(actor, company_id, expected_version)
    return await _decided(actor, company, "suspend_company", CompanyStatus.SUSPENDED, review_note)


async def _decided(actor: Actor, company: Company, action: str, to: CompanyStatus, review_note: str | None) -> Company:
    if company.kind is CompanyKind.PLATFORM:
        raise NotAllowed(action)  # the operator would lock itself out
    company.status = admit(action, company.status, to)
    company.review_note, company.reviewed_at = review_note, clock.now()
    await note_company(company, EventKind.COMPANY_REVIEWED, actor, {"status": to, "note": review_note})
    return company


@verb
async def set_approval_threshold(actor: Actor, expected_version: int, threshold: Limit | None) -> Company:
    """The company, any of whose approvers is asked about orders above this total; None: nobody, unless another rule asks."""
    company = await open_own_company(actor, expected_version)
    if company.kind is CompanyKind.PLATFORM:
        raise NotAllowed("set_approval_threshold")
    wish = None if threshold is None else _any_approver_above(_amount(threshold, company.currency), company.currency)
    await keep_one_rule(company, actor, "set_approval_threshold", wish)
    await note_change(company, actor, "set_approval_threshold")
    return company


def _any_approver_above(amount: Decimal, currency: Currency) -> RuleWish:
    tiers = (Tier(Quorum.ANY, Asked(roles=(Role.APPROVER,))),)
    return RuleWish("Threshold", frozenset(ApprovalStage), Conditions(amount, currency), tiers)


def _amount(limit: Limit, currency: Currency) -> Decimal:
    if limit.currency is not currency:
        raise invalid("input.threshold.currency", "is not the company's", currency)
    if limit.amount < 0 or limit.amount % minor_unit(currency):
        uneven = Phrase("must be a whole multiple of {unit}, not negative", unit=minor_unit(currency))
        raise invalid("input.threshold.amount", uneven)
    return limit.amount


@verb
async def set_delivery_defaults(actor: Actor, expected_version: int, place: str | None, zone: str) -> Company:
    """The company with the place, and its time zone, that new orders are to be delivered to."""
    company = await open_own_company(actor, expected_version)
    if not is_zone(zone):
        raise InvalidInput((NOT_A_ZONE,))
    company.delivery_place, company.delivery_zone = place, zone
    await note_change(company, actor, "set_delivery_defaults")
    return company


@verb
async def set_brand(actor: Actor, expected_version: int, colour: str | None, line: str | None) -> Company:
    """The company with the colour and the line that its contracts are printed with from now on; None: neither."""
    company = await open_own_company(actor, expected_version)
    company.brand_colour, company.brand_line = colour, line
    await note_change(company, actor, "set_brand")
    return company


@verb
async def set_gs1_company_prefix(actor: Actor, expected_version: int, prefix: str | None) -> Company:
    """The company with the prefix that the SSCCs of its packages are made with from now on; None: they are not made."""
    company = await open_own_company(actor, expected_version)
    if prefix is not None and not is_company_prefix(prefix):
        raise invalid("input.prefix", "is not a GS1 company prefix: 4 to 12 digits")
    company.gs1_company_prefix = prefix
    await note_change(company, actor, "set_gs1_company_prefix")
    return company
