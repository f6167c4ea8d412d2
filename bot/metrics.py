"""Prometheus metrics: counted in memory while messages pass, measured in the database when somebody looks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.domain.link import Link
from bot.domain.messages import ButtonPressed, CommandGiven, Delivery, Event, MessageReceived
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.reviews import overdue
from bot.meter import Meter, Result
from bot.storage.levels import Level, OpenOnes
from bot.storage.outbox import Fate

CONTENT_TYPE = CONTENT_TYPE_LATEST
DECISIONS = frozenset({"answer", "clarify", "handoff", "distress", "crisis", "emergency", "spam", "silent"})
HANDLING = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds
WAITING = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0, 43_200.0)  # seconds
_WORD = re.compile(r"[a-z_-]{1,40}")


class Metrics(Meter):
    """Every metric there is; labels hold kinds and platforms, never a person, a chat or a text."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector("hsctbot", registry=registry)

        def counter(name: str, says: str, *labels: str) -> Counter:
            return Counter(f"hsctbot_{name}", says, labels, registry=registry)

        def gauge(name: str, says: str, *labels: str) -> Gauge:
            return Gauge(f"hsctbot_{name}", says, labels, registry=registry)

        self.events = counter("events", "Events by platform, kind and outcome.", "platform", "kind", "outcome")
        self.decisions = counter("decisions", "What was decided for questions.", "decision", "reason")
        self.deliveries = counter("deliveries", "Attempts to send, by what became of them.", "platform", "result")
        self.handling = Histogram(
            "hsctbot_handling_seconds", "From an event's arrival until all it caused is stored.",
            ("platform",), buckets=HANDLING, registry=registry,
        )  # fmt: skip
        self.waited = Histogram(
            "hsctbot_delivery_wait_seconds", "From storing a message until the platform has taken it.",
            ("platform",), buckets=WAITING, registry=registry,
        )  # fmt: skip
        self.outbox = gauge("outbox_messages", "Messages that have not left yet, by fate.", "fate")
        self.oldest = gauge("outbox_oldest_seconds", "How long the oldest of them has waited, by fate.", "fate")
        self.escalations = gauge("escalations_open", "Open escalations.", "status", "urgent")
        self.unclaimed = gauge("escalations_oldest_seconds", "How long the oldest of them is open.", "status", "urgent")
        self.entries = gauge("knowledge_entries", "Answers in use.")
        self.overdue = gauge(
            "knowledge_overdue_reviews", "Answers, help lines, texts and criteria that are past their review date."
        )
        self.version = gauge("knowledge_info", "The version of the knowledge in use, as a label.", "version")
        self.up = gauge("part_up", "1 where a part works: knowledge, database, disk, clock, each platform.", "part")

    def handled(self, event: Event, outcome: str | None, seconds: float) -> None:
        """Count an event, and what was decided if it was a question."""
        words = (outcome or "duplicate").split(" ")
        first = _safe(words[0])
        self.events.labels(event.address.platform, _kind(event), first).inc()
        if first in DECISIONS:
            self.decisions.labels(first, _safe(words[1]) if first == "handoff" and len(words) > 1 else "").inc()
        self.handling.labels(event.address.platform).observe(seconds)

    def delivered(self, delivery: Delivery, result: Result, now: datetime) -> None:
        """Count an attempt to send, and how long the message had waited when it left."""
        platform = delivery.message.to.platform
        self.deliveries.labels(platform, str(result)).inc()
        if result is Result.SENT and delivery.stored_at:
            self.waited.labels(platform).observe(max(0.0, (now - delivery.stored_at).total_seconds()))

    def set_levels(self, outbox: Mapping[Fate, Level], open_ones: Iterable[OpenOnes], now: datetime) -> None:
        """Take over what waits in the database."""
        for fate, level in outbox.items():
            self.outbox.labels(str(fate)).set(level.count)
            self.oldest.labels(str(fate)).set(_age(level, now))
        for one in open_ones:
            labels = (str(one.status), str(one.urgent).lower())
            self.escalations.labels(*labels).set(one.level.count)
            self.unclaimed.labels(*labels).set(_age(one.level, now))

    def set_knowledge(self, knowledge: KnowledgeBase, today: date) -> None:
        """Take over which knowledge is in use, and how much of it is overdue."""
        self.entries.set(len(knowledge.entries))
        self.overdue.set(len(overdue(knowledge, today)))
        self.version.clear()
        self.version.labels(knowledge.version).set(1)

    def set_parts(self, parts: Mapping[str, Link]) -> None:
        """Take over what works."""
        for name, link in parts.items():
            self.up.labels(name).set(link.state is None)

    def text(self) -> bytes:
        """Give everything in the form that Prometheus reads."""
        return generate_latest(self.registry)

    def names(self) -> set[str]:
        """Give the name of every sample there can be, for the check of the dashboard."""
        found: set[str] = set()
        for family in self.registry.collect():
            found |= {family.name, *(sample.name for sample in family.samples), *_endings(family)}
        return found


def _endings(family: Any) -> set[str]:  # noqa: ANN401  # prometheus_client's Metric
    endings = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
    return {family.name + ending for ending in endings.get(family.type, ())}


def _kind(event: Event) -> str:
    match event:
        case MessageReceived(edited=True):
            return "edit"
        case MessageReceived():
            return "message"
        case ButtonPressed():
            return "button"
        case CommandGiven():
            return "command"


def _safe(word: str) -> str:
    """Give a word of ours as a label; anything else would make a metric of its own for each value."""
    return word if _WORD.fullmatch(word) else "other"


def _age(level: Level, now: datetime) -> float:
    return max(0.0, (now - level.oldest).total_seconds()) if level.oldest else 0.0
