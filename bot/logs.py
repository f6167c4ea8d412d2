"""Logging: for people on a terminal or as JSON lines, on standard error, never with message texts or names."""

from __future__ import annotations

import logging
import sys

import structlog

from bot.config import LogSettings


def set_up(settings: LogSettings, *, quiet: bool) -> None:
    """Set up structlog and the libraries' loggers; `quiet` (the console) shows errors only."""
    level = logging.ERROR if quiet else getattr(logging, settings.level.upper())
    as_json = settings.format == "json" or (settings.format == "auto" and not sys.stderr.isatty())
    console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)  # no local variables
    renderer = structlog.processors.JSONRenderer() if as_json else console
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([structlog.processors.format_exc_info] if as_json else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(
        level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
