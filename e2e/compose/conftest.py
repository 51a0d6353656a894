"""Each test finds the stack as `docker compose up` leaves it, whatever the one before did to it."""

import logging

import pytest

from e2e.compose.stack import up

logging.getLogger("httpx").setLevel(logging.WARNING)  # thousands of polls


@pytest.fixture(scope="module", autouse=True)
def stack() -> None:
    up()
