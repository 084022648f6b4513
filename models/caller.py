"""Who stands behind a session or an API key, as far as they are still let in: one indexed statement each."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from models.api_key import ApiKey
from models.company import Member
from models.rows import Row, fetch
from rules.people import CompanyStatus

_PERSON = """
SELECT member.id, member.roles, member.display_name, member.locale, member.company_id, company.kind, company.status
FROM "session"
JOIN "member" ON member.id = session.member_id
JOIN "company" ON company.id = member.company_id
WHERE session.id = $1 AND session.revoked_at IS NULL AND session.expires_at > $2
  AND member.is_active AND company.status = ANY($3)
"""
_MACHINE = """
SELECT api_key.id, api_key.company_id, api_key.name, api_key.sha256, api_key.scopes, api_key.last_used_at,
       api_key.created_by_id, company.kind
FROM "api_key"
JOIN "company" ON company.id = api_key.company_id
WHERE api_key.id = $1 AND api_key.revoked_at IS NULL AND (api_key.expires_at IS NULL OR api_key.expires_at > $2)
  AND company.status = ANY($3)
"""


async def person_behind(session_id: UUID, moment: datetime, admitted: Collection[CompanyStatus]) -> Row | None:
    """The active member of a live session and its company, if that has one of the statuses."""
    found = await fetch(Member, _PERSON, session_id, moment, list(admitted))
    return found[0] if found else None


async def machine_behind(key_id: UUID, moment: datetime, admitted: Collection[CompanyStatus]) -> Row | None:
    """A live API key and its company, if that has one of the statuses."""
    found = await fetch(ApiKey, _MACHINE, key_id, moment, list(admitted))
    return found[0] if found else None
