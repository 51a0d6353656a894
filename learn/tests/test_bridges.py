"""The four bridges: each loses what its page says that the step before loses, and mends it."""

import asyncio
from typing import Any

import pytest
from channels.layers import channel_layers
from django.test import AsyncClient

from learn import listing
from learn.bridges import lease, live
from learn.bridges.catalog import BRIDGES, Bridge
from learn.bridges.writer import Writer
from learn.catalog import ROOT
from learn.path import PATH

each_bridge = pytest.mark.parametrize("bridge", BRIDGES.values(), ids=BRIDGES)


async def test_a_group_loses_what_is_said_in_a_cut_and_a_log_sends_it_again() -> None:
    assert await live.log_rows() == BRIDGES["a-log"].after


async def test_a_log_alone_loses_what_the_layer_drops_and_a_feed_reads_it() -> None:
    assert await live.feed_rows() == BRIDGES["a-feed"].after


async def test_fifty_messages_said_at_once_are_one_transaction() -> None:
    rows = await live.writer_rows()
    assert {name: count for name, (count, _) in rows.items()} == {"One by one": 50, "Together": 1}
    assert rows["Together"][1] < rows["One by one"][1]


async def test_a_counter_stays_wrong_and_a_lease_runs_out() -> None:
    assert await live.lease_rows() == {"Counter": "Bo", "Lease": ""}


async def test_they_leave_nothing_behind() -> None:
    before = len(asyncio.all_tasks())
    await live.log_rows()
    await live.feed_rows()
    await live.lease_rows()
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == before
    assert not [alias for alias in channel_layers.backends if alias.startswith("bridge-")]


async def test_what_comes_while_one_is_stored_is_stored_by_the_next() -> None:
    batches, going_on = [], asyncio.Event()

    async def commit(messages: list[str]) -> list[int]:
        batches.append(messages)
        await going_on.wait()
        return list(range(len(messages)))

    writer = Writer(commit)
    first = writer.submit("one")
    await asyncio.sleep(0)
    rest = [writer.submit(text) for text in ("two", "three")]
    going_on.set()
    await asyncio.gather(first, *rest)
    assert batches == [["one"], ["two", "three"]]


async def test_a_transaction_that_fails_is_told_to_its_messages_alone() -> None:
    async def commit(messages: list[str]) -> list[int]:
        if "bad" in messages:
            raise ValueError("bad")
        return [1 for _ in messages]

    writer = Writer(commit)
    with pytest.raises(ValueError, match="bad"):
        await writer.submit("bad")
    assert await writer.submit("good") == 1


def test_a_lease_that_is_renewed_stays() -> None:
    now = [0.0]
    leases = lease.Leases(seconds=15, clock=lambda: now[0])
    leases.renew("Ada")
    now[0] = 14
    leases.renew("Ada")
    now[0] = 28
    assert leases.here() == {"Ada"}
    now[0] = 29
    assert leases.here() == set()


@each_bridge
def test_notes_and_the_products_line_are_where_the_page_points(bridge: Bridge) -> None:
    shown = listing.whole(bridge.file, bridge.notes)
    assert len(shown.notes) == len(bridge.notes)
    file, line, before, after = bridge.product
    assert any(each.kinds == "lit" for each in listing.excerpt(file, line, before, after).lines)
    assert len((ROOT / bridge.file).read_text().splitlines()) <= 60


@each_bridge
async def test_a_page_is_live_with_debug_and_recorded_without(bridge: Bridge, settings: Any) -> None:
    for debug, said in ((True, "Just run for this page"), (False, "A recorded run")):
        settings.DEBUG = debug
        page = await AsyncClient().get(f"/learn/bridges/{bridge.slug}/")
        assert said in page.content.decode()
    assert (await AsyncClient().get("/learn/bridges/none/")).status_code == 404


async def test_every_step_of_the_path_is_a_page() -> None:
    for stop in PATH:
        assert (await AsyncClient().get(stop.url)).status_code == 200, stop.slug
    page = (await AsyncClient().get("/learn/")).content.decode()
    assert [page.index(f'href="{stop.url}"') for stop in PATH] == sorted(
        page.index(f'href="{stop.url}"') for stop in PATH
    )
