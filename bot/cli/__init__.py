"""The command line: `hsct-bot`."""

from bot.cli.main import main

__all__ = ["main"]
