"""Measures of the bot, run as `python -m benchmarks.NAME`."""

import bot  # noqa: F401 - first: what it sets for numpy counts only before numpy is loaded
