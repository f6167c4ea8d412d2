"""`python -m bot` is the same as `hsct-bot`."""

from bot.cli import main

main()
