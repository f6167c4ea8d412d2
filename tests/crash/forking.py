"""A server that forks off processes which have imported what they need: killing and starting one takes no time."""

from __future__ import annotations

import multiprocessing
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext


def fresh_server(module: str) -> ForkServerContext:
    """Give a server that imports a module, in the environment as it is now.

    There is one in a process of tests: one that runs already has imported another module, in an older environment.
    """
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module])
    return context
