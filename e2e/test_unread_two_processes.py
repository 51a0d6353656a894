"""Two people with two devices each, on two processes: each shows the right numbers, also while Redis is killed."""

import pytest

from e2e.conftest import NewPage
from e2e.faults.unread import Devices, two_servers


@pytest.mark.faults
def test_all_devices_of_two_people_on_two_processes_come_to_the_right_numbers_whatever_is_done(
    visitor: NewPage,
) -> None:
    with two_servers() as stack:
        Devices(stack, visitor).run()  # how soon: python -m e2e.faults.unread
