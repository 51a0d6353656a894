"""A chat for the lab: Ann and Cy on server A, Bo on server B, a layer between, and what can be done to them."""

from typing import Protocol

from learn.lab.reader import Reader


class Lane(Protocol):
    ann: Reader
    bo: Reader
    needs_layer: bool  # also to reach Ann, who is on the same server

    async def start(self) -> None:
        """Everybody connects."""

    async def close(self) -> None:
        """Nothing is left of it."""

    async def say(self, number: int) -> None:
        """Cy says it. It need not arrive."""

    async def say_again(self, number: int) -> None:
        """Cy's line broke before there was an answer."""

    async def cut_bo(self) -> None: ...

    async def bo_comes_back(self, server: str) -> None:
        """As his page does: in the tutorial as a stranger, in the product with the number that he has seen."""

    async def kill_b(self) -> None: ...

    async def start_b(self) -> None:
        """Again, knowing nothing of what was before."""

    async def break_bo(self) -> None:
        """The next event raises an exception in his consumer."""

    async def bo_reads(self, reads: bool) -> None: ...

    async def tamper(self, fault: str) -> None:
        """With the next event of the layer to server B: drop, twice, swap or delay."""

    async def layer_leaves(self) -> None: ...

    async def layer_returns(self) -> None: ...
