"""A support agent at the desk, with the rights of support and no more."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from onboarding.models import User


@pytest.fixture
def agent(db: None) -> "User":
    from tests.factories import make_user  # noqa: PLC0415  (models need Django set up)

    return make_user("agent@support.example", is_staff=True)


@pytest.fixture
def desk(agent: "User") -> Client:
    """A browser in which the agent is signed in."""
    client = Client()
    client.force_login(agent)
    return client
