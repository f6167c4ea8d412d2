"""Test servers for the stories that are told over the wire."""

from __future__ import annotations

from tests.platforms.fixtures import place, quick_reconnects, server, stage, wire

__all__ = ["place", "quick_reconnects", "server", "stage", "wire"]
