"""Looking on demand: not faster than it tells anything new, and never at another's cost."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache

from onboarding.models import Installation, Operation, Status
from onboarding.services import access, installations
from tests.factories import make_answered, make_installation, make_organization, make_user

pytestmark = pytest.mark.django_db
NOON = datetime(2031, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nobody_has_looked() -> None:
    cache.clear()


@pytest.fixture
def installation() -> Installation:
    return make_installation(aws_account_id="760000000001")


def looks(installation: Installation, seconds: float) -> None:
    with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
        access.look_for_role(installation)


def test_two_looks_are_ten_seconds_apart(installation: Installation) -> None:
    looks(installation, 0)
    for soon in (0, 3, 9):
        with pytest.raises(access.LookedJustNow, match="a few seconds ago"):
            looks(installation, soon)
    looks(installation, 11)

    assert installation.operations.count() == 1


def test_thirty_looks_an_hour_are_enough(installation: Installation) -> None:
    for number in range(30):
        looks(installation, number * 20)
    with pytest.raises(access.LookedJustNow, match="30 times in an hour"):
        looks(installation, 620)
    looks(installation, 3601)


def test_the_limit_is_the_accounts_whichever_installation_asks(installation: Installation) -> None:
    second = make_installation(installation.organization, aws_account_id="760000000001")
    other = make_installation(installation.organization, aws_account_id="760000000002")
    looks(installation, 0)

    with pytest.raises(access.LookedJustNow):
        looks(second, 1)
    looks(other, 1)


def test_another_organization_is_not_held_up(installation: Installation) -> None:
    theirs = make_installation(make_organization(), aws_account_id=installation.aws_account_id)
    for number in range(30):
        looks(installation, number * 20)

    looks(theirs, 590)


def test_what_earlier_looks_saw_is_kept(installation: Installation) -> None:
    seen = {"change": "GONE", "since": NOON.isoformat(), "looks": 2}
    Operation.request(installation, Operation.Kind.VERIFY_ROLE, seen)

    access.look_for_role(installation)

    assert installation.operations.get().data == seen


@pytest.mark.parametrize(
    ("start", "verb"),
    [
        (Status.IN_REVIEW, installations.start_building),
        (Status.BUILDING, installations.report_ready),
    ],
)
@pytest.mark.parametrize("kind", ["role_proved", "role_drifted", None])
def test_support_builds_on_a_fresh_proof(start: Status, verb: object, kind: str | None) -> None:
    installation = make_answered(status=start, cluster_id="c-1")
    if kind:
        data = {"account_id": installation.aws_account_id}
        installation.events.create(organization=installation.organization, kind=kind, data=data)

    verb(installation, by=make_user(is_staff=True))  # type: ignore[operator]

    asked = installation.operations.unfinished().filter(kind=Operation.Kind.VERIFY_ROLE)
    assert asked.exists() is (kind is not None)
