"""The lab on real servers: as the ground of the classroom's page, and compared with the one in this process."""

import logging

import uvicorn

import mysite.asgi
from e2e.lab.lanes import RealProductLane, RealTutorialLane
from e2e.lab.stack import Stack
from learn.lab import ground
from learn.lab.faults import FAULTS
from learn.lab.ground import Ground
from learn.lab.outcome import Outcome
from learn.lab.run import outcome, run, said

ABOUT = "Real servers, a real Redis and a database of their own, on this machine. They are killed for you."


def real(stack: Stack) -> Ground:
    """A slow reader needs a layer with a capacity: pub/sub would keep everything."""
    return Ground(
        lambda fault: RealTutorialLane(stack, "core" if fault == "slow" else "pubsub"),
        lambda fault: RealProductLane(stack),
        ABOUT,
        sandboxes=1,
        is_shared=True,
    )


async def serve(stack: Stack, port: int) -> None:
    """Until Ctrl-C."""
    logging.getLogger("channels_redis").setLevel(logging.CRITICAL)  # of a Redis that is killed on purpose
    async with stack:
        ground.choose(real(stack))
        config = uvicorn.Config(
            mysite.asgi.application, port=port, ws="mysite.protocols:FairWebSocket", log_config=None,
            log_level="warning", access_log=False,
        )  # fmt: skip
        print(f"Open http://localhost:{port}/learn/failures/. Ctrl-C stops it, and what it has started.", flush=True)
        await uvicorn.Server(config).serve()


async def on_real_servers(stack: Stack, fault: str) -> Outcome:
    here = real(stack)
    tutorial, product = here.tutorial(fault), here.product(fault)
    for lane in (tutorial, product):
        await said(lane, fault)
    return outcome(fault, tutorial, product)


async def compare(stack: Stack) -> None:
    """Prints a row for each fault: what both readers lost in the tutorial's lane and the product's."""
    print("fault      | simulated: tutorial, product | real: tutorial, product | Bo of the tutorial reads, really")
    async with stack:
        for fault in FAULTS:
            there, here = await on_real_servers(stack, fault), await run(fault)
            lost = f"{here.tutorial_lost:8}, {here.product_lost:7} | {there.tutorial_lost:8}, {there.product_lost:7}"
            print(f"{fault:10} | {lost} | {there.tutorial_reads}", flush=True)
