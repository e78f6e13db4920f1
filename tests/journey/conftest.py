"""What every journey starts with."""

from itertools import count

import pytest

from tests.harness.demo import Demo
from tests.harness.mail import Mailbox
from tests.harness.simulator import Simulator
from tests.journey.cloud import CustomerAccount, new_account, simulator_of
from tests.journey.inbox import Inbox

numbers = count(1)


@pytest.fixture
def cloud(demo: Demo) -> Simulator:
    """The simulated AWS of the demo."""
    return simulator_of(demo)


@pytest.fixture
def account(cloud: Simulator) -> CustomerAccount:
    return new_account(cloud)


@pytest.fixture
def cluster() -> str:
    """A name that no other test has given to its cluster."""
    return f"analytics-{next(numbers)}"


@pytest.fixture
def inbox(demo_mailbox: Mailbox) -> Inbox:
    """Reads what arrives from now on."""
    return Inbox(demo_mailbox, {mail.name for mail in demo_mailbox.mails()})
