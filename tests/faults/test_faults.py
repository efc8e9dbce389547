"""A short part of each long fault run, from fixed seeds: everything that must be zero is zero."""

from __future__ import annotations

from typing import Final

from tests.faults.cuts import cuts
from tests.faults.kills import kills
from tests.faults.races import races
from tests.faults.sends import sends
from tests.faults.tally import Tally

SEED: Final = 1


def must_be_good(tally: Tally) -> None:
    print(tally.report())
    found = {one: tally.counts[one] for one in tally.must_be_zero}
    assert not any(found.values()), tally.failures


async def test_no_message_is_lost_doubled_or_silent_whatever_breaks_its_request(
    version: str,
) -> None:
    must_be_good(await sends(version, SEED, 20))


async def test_what_is_sealed_after_cuts_is_the_servers(version: str) -> None:
    must_be_good(await cuts(version, SEED, 4, first=2))


async def test_a_kill_9_costs_no_message_and_at_most_a_second_of_typing(version: str) -> None:
    must_be_good(await kills(version, SEED, 4, first=3))


async def test_every_race_is_held_and_nothing_else(version: str) -> None:
    must_be_good(await races(version, SEED, 20))
