"""A server and the application on it, for tests over the wire."""

from __future__ import annotations

from tests.platforms.fixtures import server, stage

__all__ = ["server", "stage"]
