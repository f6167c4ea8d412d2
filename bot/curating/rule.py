"""How many leads must say yes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from bot.domain.curating import Proposal
from bot.domain.people import PersonId
from bot.storage.store import Transaction

RuleOf = Callable[[Transaction], Awaitable["Rule"]]


@dataclass(frozen=True, slots=True)
class Rule:
    """The setting, and how many leads there are as far as the bot knows."""

    approvals: int
    leads: int

    @property
    def alone(self) -> bool:
        """Tell whether there is one lead only, who then decides alone, their own proposals included."""
        return self.leads <= 1

    def needed(self, proposal: Proposal) -> int:
        """Give how many leads must approve: as many as the setting says, or as there are beside the author."""
        others = self.leads - 1 if proposal.author_leads else self.leads
        return max(1, min(self.approvals, others))

    def may_approve(self, proposal: Proposal, lead: int) -> bool:
        """Tell whether a lead's yes counts: nobody's own does, unless there is nobody else."""
        return proposal.author != lead or self.alone


def rule_of(approvals: int, named: Iterable[PersonId] = ()) -> RuleOf:
    """Give what looks up the rule: a setting, and the leads who were seen at the desks or are named in the settings.

    Accounts are counted: the bot cannot know that one on Telegram and one on Discord are the same person's.
    """
    named = frozenset(named)

    async def rule(tx: Transaction) -> Rule:
        return Rule(approvals, len(named.union(lead.id for lead in await tx.roster.leads())))

    return rule
