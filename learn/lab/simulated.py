"""What both simulated lanes have: two servers on one layer that can be tampered with, and two who read."""

from learn.lab.layer import Port, Shared
from learn.lab.reader import Reader


class Simulated:
    """See learn.lab.lane.Lane for what each of these does."""

    def __init__(self) -> None:
        self.shared = Shared()
        self.ports = {"A": Port(self.shared), "B": Port(self.shared)}
        self.ann, self.bo = Reader(), Reader()

    async def bo_reads(self, reads: bool) -> None:
        self.bo.reads.set() if reads else self.bo.reads.clear()

    async def tamper(self, fault: str) -> None:
        self.ports["B"].fault = fault

    async def layer_leaves(self) -> None:
        self.shared.is_away = True

    async def layer_returns(self) -> None:
        self.shared.is_away = False
