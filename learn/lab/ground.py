"""Where the lab's two chats run: in this process, unless `make lab` has real servers for them."""

from collections.abc import Callable
from dataclasses import dataclass

from learn.lab.lane import Lane
from learn.lab.product import ProductLane
from learn.lab.tutorial import TutorialLane


@dataclass(frozen=True)
class Ground:
    tutorial: Callable[[str], Lane]  # for a fault, "" for any
    product: Callable[[str], Lane]
    about: str  # for the page
    sandboxes: int  # at once
    is_shared: bool = False  # by both lanes: then a script runs in one after the other


IN_MEMORY = Ground(
    lambda fault: TutorialLane(),
    lambda fault: ProductLane(),
    "A sandbox of your own in this process: two servers, a layer and a log in memory.",
    sandboxes=5,
)
_chosen = [IN_MEMORY]


def ground() -> Ground:
    return _chosen[-1]


def choose(other: Ground) -> None:
    _chosen.append(other)
