"""The database hangs up in the middle of a question: it is answered when it comes again, as if nothing had been."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from bot.triage.triage import Triage
from tests.postgres import DISCONNECT, SHARED, Server
from tests.world import a_world

SURE = "how much does hsct cost in mexico?"


async def test_a_question_is_not_handed_over_because_the_database_was_away(
    triage: Triage, url: str, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(triage, url) as world:
        routing, anna = world.app.intake._routing, world.asker("anna")
        route = routing.route

        async def route_while_it_hangs_up(*of: Any) -> Any:  # noqa: ANN401
            await postgres.run(SHARED, DISCONNECT)
            return await route(*of)

        monkeypatch.setattr(routing, "route", route_while_it_hangs_up)
        with pytest.raises(DBAPIError):
            await anna.asks(SURE)
        assert world.telegram.sent == []
        monkeypatch.undo()
        await anna.asks(SURE)
        assert [one.message.escalation_id for one in world.telegram.sent] == [None]
        assert "55,000" in world.telegram.sent[0].message.text()
