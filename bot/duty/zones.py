"""Time zones as people name them, and what the clocks show where an asker lives (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import process

NIGHT_FROM, NIGHT_TO = 22, 8  # hours on the clock between which nobody is written to about waiting
SUGGESTED = 3  # zones named when one was not understood
LIKE_ENOUGH = 70  # rapidfuzz score

# The zones of a country from east to west; one is enough where the whole country keeps the same time.
OF_COUNTRY: dict[str, tuple[str, ...]] = {
    "UK": ("Europe/London",), "Ireland": ("Europe/Dublin",), "Germany": ("Europe/Berlin",),
    "France": ("Europe/Paris",), "Italy": ("Europe/Rome",), "Sweden": ("Europe/Stockholm",),
    "Norway": ("Europe/Oslo",), "Denmark": ("Europe/Copenhagen",), "Netherlands": ("Europe/Amsterdam",),
    "Poland": ("Europe/Warsaw",), "Switzerland": ("Europe/Zurich",), "Spain": ("Europe/Madrid",),
    "India": ("Asia/Kolkata",), "Israel": ("Asia/Jerusalem",), "Turkey": ("Europe/Istanbul",),
    "EU": ("Europe/Helsinki", "Europe/Lisbon"), "New Zealand": ("Pacific/Auckland",),
    "US": ("America/New_York", "America/Los_Angeles"), "Canada": ("America/St_Johns", "America/Vancouver"),
    "Australia": ("Australia/Sydney", "Australia/Perth"), "Mexico": ("America/Mexico_City", "America/Tijuana"),
    "Russia": ("Asia/Yekaterinburg", "Europe/Moscow"),
}  # fmt: skip
ALIASES = {"gmt": "UTC", "britain": "Europe/London", "england": "Europe/London", "usa": "America/New_York"}


def zone_named(words: str) -> str | None:
    """Give the time zone of `Europe/London`, `london`, or a country with one zone; None if there is none such."""
    wanted = _plain(words)
    countries = {_plain(name): zones[0] for name, zones in OF_COUNTRY.items() if len(zones) == 1}
    return _by_name().get(wanted) or countries.get(wanted) or ALIASES.get(wanted)


def zones_like(words: str) -> list[str]:
    """Give the zones whose names are nearest to what was typed."""
    found = process.extract(_plain(words), list(_by_name()), limit=SUGGESTED, score_cutoff=LIKE_ENOUGH)
    return list(dict.fromkeys(_by_name()[name] for name, _, _ in found))


def clock_of(country: str | None) -> ZoneInfo | None:
    """Give the clock of a country, where the whole of it keeps the same time."""
    zones = OF_COUNTRY.get(country or "", ())
    return ZoneInfo(zones[0]) if len(zones) == 1 else None


def is_night(country: str | None, at: datetime) -> bool:
    """Tell whether it is night anywhere in a country; False where the country is not known."""
    return any(_is_night(at.astimezone(ZoneInfo(zone))) for zone in OF_COUNTRY.get(country or "", ()))


def _is_night(local: datetime) -> bool:
    return local.hour >= NIGHT_FROM or local.hour < NIGHT_TO


@cache
def _by_name() -> dict[str, str]:
    """Give every zone by its whole name, and by the name of its city where that is no other one's."""
    zones = sorted(zone for zone in available_timezones() if "/" in zone or zone in ("UTC", "EST", "CET", "EET"))
    zones = [zone for zone in zones if not zone.startswith(("posix/", "right/"))]
    cities: dict[str, str] = {}
    for zone in _preferred(zones):
        cities.setdefault(_plain(zone.rpartition("/")[2]), zone)
    return cities | {_plain(zone): zone for zone in zones}


def _preferred(zones: Sequence[str]) -> list[str]:
    return sorted(zones, key=lambda zone: zone.startswith(("Etc/", "US/", "Canada/", "Mexico/", "Brazil/")))


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace("_", " ").split())
