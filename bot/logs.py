"""Logging: for people on a terminal or as JSON lines, on standard error, never with message texts, names or tokens."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.config import Settings, secrets_of
from bot.errors import BotError

SPOKEN = (BotError, OSError)  # errors whose words are ours or the system's; any other's may quote what people wrote
HIDDEN = "[secret]"
MOST_CAUSES = 10  # errors behind an error that are shown


def set_up(settings: Settings, *, quiet: bool) -> None:
    """Set up structlog and the libraries' loggers; `quiet` (the console) shows errors only."""
    chosen = settings.log
    level = logging.ERROR if quiet else getattr(logging, chosen.level.upper())
    as_json = chosen.format == "json" or (chosen.format == "auto" and not sys.stderr.isatty())
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    last: list[Processor] = [_exceptions, Masked(renderer, secrets_of(settings))]
    first: list[Processor] = [structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    structlog.configure(
        processors=[*first, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            foreign_pre_chain=[_without_values, *first],
            use_get_message=False,
            pass_foreign_args=True,
        )
    )
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)
    sys.excepthook = lambda kind, error, trace: _last_words(kind, error, trace)


class Masked:
    """Renders a line, and takes every secret of the settings out of it, should one ever get there."""

    def __init__(self, renderer: Any, secrets: Sequence[str]) -> None:  # noqa: ANN401  # any of structlog's
        self._renderer = renderer
        self._secrets = tuple(secrets)

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> str:
        """Give the line."""
        line = str(self._renderer(logger, method, event))
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line


def _exceptions(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put an error's traceback, without its words, in the place of the error."""
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info if isinstance(info, BaseException) else sys.exc_info()[1]
    if info and error:
        event["exception"] = without_words(error)
    return event


def _without_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Leave out what a library fills into its message, but for numbers: it may be anybody's words."""
    args = event.pop("positional_args", ())
    event["logger"] = event["_record"].name
    event["event"] = _filled_in(str(event["event"]) or "-", args).splitlines()[0]
    return event


def _filled_in(template: str, args: object) -> str:
    if not isinstance(args, tuple) or not args:
        return template
    try:
        return template % tuple(value if isinstance(value, int | float) else "…" for value in args)
    except (TypeError, ValueError):
        return template


def without_words(error: BaseException) -> str:
    """Give a traceback that says where, and of what kind, but not with which words."""
    parts: list[str] = []
    for one in _chain(error):
        parts += traceback.format_tb(one.__traceback__)
        words = f": {one}" if isinstance(one, SPOKEN) else ""
        parts.append(f"{type(one).__module__}.{type(one).__qualname__}{words}\n")
    return "".join(parts).rstrip()


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Give the errors behind an error, the first cause first, those of a group before it."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting and len(found) < MOST_CAUSES:
        one = waiting.pop()
        found.append(one)
        behind = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        within = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
        waiting += [other for other in (*within, behind) if other is not None and other not in found]
    return reversed(found)


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what nobody has caught; Ctrl-C is no mistake."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    structlog.get_logger().critical("process.failed", exc_info=(kind, error, trace))
