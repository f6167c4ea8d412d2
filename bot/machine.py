"""Checks of the machine the bot runs on: clock, disk, permissions. Each says what is wrong and the cure."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from bot.domain.findings import Finding

ROOM = 1024 * 1024 * 1024  # bytes that should be free: about a year of a busy group, a backup and the cache
SKEW = timedelta(seconds=30)  # beyond, events look late or early, and TLS may fail
OLDEST = datetime(2026, 1, 1, tzinfo=UTC)  # before the program was written
ANSWER_WITHIN = 5.0  # seconds


async def clock(addresses: Sequence[str], now: datetime) -> Finding:
    """Check the clock, against that of the first platform that answers."""
    if now < OLDEST:
        return Finding("clock", False, f"it says {now:%Y-%m-%d}. Set the machine's clock, and let NTP keep it right.")
    theirs = await their_time(addresses)
    if theirs is None:
        return Finding("clock", True, f"{now:%Y-%m-%d %H:%M} UTC")
    off = now - theirs
    if abs(off) > SKEW:
        way = "ahead" if off > timedelta(0) else "behind"
        says = f"it is {abs(off).total_seconds():.0f} seconds {way}. Let NTP keep it right: timedatectl set-ntp true."
        return Finding("clock", False, says)
    return Finding("clock", True, f"right to within {SKEW.total_seconds():.0f} seconds")


async def their_time(addresses: Sequence[str]) -> datetime | None:
    """Give the time of the first platform that answers."""
    for address in addresses:
        try:
            async with httpx.AsyncClient(timeout=ANSWER_WITHIN) as client:
                answer = await client.head(address)
            return parsedate_to_datetime(answer.headers["date"])
        except (httpx.HTTPError, OSError, KeyError, ValueError):
            continue  # the platform's own check says that it cannot be reached
    return None


def disk(file: Path | None) -> Finding:
    """Check that there is room where the database is, or else where we are."""
    place = _nearest(file.parent if file else Path.cwd())
    usage = shutil.disk_usage(place)
    free = usage.free
    if usage.total and free < ROOM:  # a file system without any size is none where a database could be
        return Finding("disk", False, f"only {free >> 20} MiB are free in {place}. Make room: 1 GiB lasts long.")
    return Finding("disk", True, f"{free >> 30} GiB are free in {place}")


def permissions(settings_file: Path, cache: Path, database: Path | None = None) -> Finding:
    """Check who may read the files with tokens and people's words, and that the cache can be written."""
    if settings_file.is_file() and _others_may_read(settings_file) and _holds_a_secret(settings_file):
        says = f"{settings_file} holds a token, and others may read it. Run: chmod 600 {settings_file}"
        return Finding("permissions", False, says)
    if database and database.is_file() and _others_may_read(database):
        says = f"{database} holds people's words, and others may read it. Run: chmod 600 {database}*"
        return Finding("permissions", False, says)
    place = _nearest(cache)
    if not os.access(place, os.W_OK):
        says = f"nothing can be written in {place}, so each start takes long. Give it to this user, or set `cache`."
        return Finding("permissions", False, says)
    return Finding("permissions", True, "settings, database and cache are as they should be")


def _others_may_read(file: Path) -> bool:
    return bool(file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def _holds_a_secret(file: Path) -> bool:
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    named = [line.partition(":")[2].split("#")[0].strip() for line in lines if "token" in line.partition(":")[0]]
    return any(value not in ("", "null", "~") for value in named)


def _nearest(place: Path) -> Path:
    """Give the place, or the nearest folder above it that is there."""
    return next((one for one in (place, *place.absolute().parents) if one.is_dir()), Path("/"))
