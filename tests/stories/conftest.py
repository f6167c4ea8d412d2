"""Test servers for the stories that are told over the wire."""

from __future__ import annotations

from tests.platforms.fixtures import place, server, stage, wire

__all__ = ["place", "server", "stage", "wire"]
