"""How many leads must say yes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.curating import Proposal
from bot.domain.people import PersonId
from bot.storage.store import Transaction

RuleOf = Callable[[Transaction], Awaitable["Rule"]]


@dataclass(frozen=True, slots=True)
class Rule:
    """The setting, and how many leads there are as far as the bot knows; `same` gives the first of several accounts."""

    approvals: int
    leads: int
    same: Mapping[int, int] = field(default_factory=dict)

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
        author = None if proposal.author is None else self.counted(proposal.author)
        return author != self.counted(lead) or self.alone

    def counted(self, lead: int) -> int:
        """Give the number under which a lead's yes counts, whichever account it comes from."""
        return self.same.get(lead, lead)


def rule_of(approvals: int, named: Iterable[PersonId] = (), same: Collection[Collection[PersonId]] = ()) -> RuleOf:
    """Give what looks up the rule: a setting, and the leads who were seen at the desks or are named in the settings.

    Accounts are counted, for the bot cannot know whose they are; `same` says which belong to one person each.
    """
    named = frozenset(named)
    first = {account: next(iter(accounts)) for accounts in same for account in accounts}

    async def rule(tx: Transaction) -> Rule:
        accounts = named.union(lead.id for lead in await tx.roster.leads())
        leads = {first.get(account, account) for account in accounts}
        return Rule(approvals, len(leads), await _numbers(tx, same))

    return rule


async def _numbers(tx: Transaction, same: Iterable[Iterable[PersonId]]) -> dict[int, int]:
    """Give for each account that is known the one that was known first of the same person."""
    counted: dict[int, int] = {}
    for accounts in same:
        people = [person for account in accounts if (person := await tx.people.find(account))]
        numbers = sorted(person.number for person in people)
        counted |= dict.fromkeys(numbers, numbers[0]) if numbers else {}
    return counted
