"""Leaving out what libraries import and a bot never uses: 12 MiB of memory, and a tenth of the time to start."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType

DECORATIONS = ("rich", "pygments")  # structlog, httpx and Alembic's Mako import them if they are there
ASYNCIO = "sqlalchemy.ext.asyncio"
OF_THE_ORM = {  # what the package takes from those of its modules that import the ORM
    "scoping": ("async_scoped_session",),
    "session": (
        "async_object_session", "async_session", "async_sessionmaker", "AsyncAttrs", "AsyncSession",
        "AsyncSessionTransaction", "close_all_sessions",
    ),
}  # fmt: skip


@contextmanager
def undecorated() -> Iterator[None]:
    """Have what is imported within do without packages that it does not need."""
    hidden = [name for name in DECORATIONS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None says that it is not to be found
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def without_orm() -> None:
    """Import SQLAlchemy's connections for asyncio without its ORM, until somebody asks the package for its sessions.

    A version of it that takes more from those modules is imported as it is, ORM and all: only memory is at stake.
    """
    if ASYNCIO in sys.modules:
        return
    for name, taken in OF_THE_ORM.items():
        module = ModuleType(f"{ASYNCIO}.{name}")
        vars(module).update(dict.fromkeys(taken))
        sys.modules[module.__name__] = module
    try:
        with suppress(ImportError):
            _fill_in_later(import_module(ASYNCIO))
    finally:
        for name in OF_THE_ORM:  # who asks for them by name gets the real ones
            del sys.modules[f"{ASYNCIO}.{name}"]


def _fill_in_later(package: ModuleType) -> None:
    """Let a package that has taken nothing for something import the real thing when it is first asked for it."""
    homes = {taken: name for name, all_taken in OF_THE_ORM.items() for taken in all_taken}
    for taken in homes:
        delattr(package, taken)

    def asked_for_after_all(taken: str) -> object:
        if taken not in homes:
            raise AttributeError(f"module {ASYNCIO!r} has no attribute {taken!r}")
        return getattr(import_module(f"{ASYNCIO}.{homes[taken]}"), taken)

    vars(package)["__getattr__"] = asked_for_after_all
