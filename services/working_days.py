"""Days on which banks and offices of the People's Republic of China work: not on holidays, yet on the weekends made up for them.

The State Council announces each year's weekends in the autumn before; a later year knows its statutory holidays and no more.
"""

from datetime import date
from functools import cache

from holidays import HolidayBase, country_holidays


@cache
def _calendar() -> HolidayBase:
    return country_holidays("CN")


def working_day(day: date) -> date:
    """The day itself, or the first working day after it: where something falls due on a day off (Civil Code, article 203)."""
    calendar = _calendar()
    return day if calendar.is_working_day(day) else calendar.get_nth_working_day(day, 1)
