"""Telegram, through python-telegram-bot."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "true")  # spans of time as timedelta: what the library will do anyway one day
