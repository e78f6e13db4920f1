import logging
from collections.abc import Generator

import pytest
import redis
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from onboarding.aws.actions.create_role import Credentials
from onboarding.facts import ROLE_NAME
from onboarding.jobs import handoff
from onboarding.models import Installation, Operation
from onboarding.services import access
from tests.factories import make_installation
from tests.harness.simulator import Simulator
from tests.harness.work import RunTasks

pytestmark = pytest.mark.django_db

HEALTHY, NEW = "210987654321", "320987654321"


def keys(simulator: Simulator, account_id: str = HEALTHY) -> Credentials:
    found = simulator.credentials(account_id)
    return Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])


def create(credentials: Credentials, installation: Installation | None = None) -> Operation:
    installation = installation or make_installation(aws_account_id=HEALTHY)
    owner = installation.organization.owners().get().user
    return access.create_role(installation, credentials, by=owner)


def writes(simulator: Simulator, account_id: str) -> list[str]:
    verbs = ("Create", "Attach", "Put", "Update", "Delete", "Tag")
    return [
        call["action"]
        for call in simulator.journal(account_id)
        if call["service"] == "iam" and call["action"].startswith(verbs)
    ]


def test_the_role_is_created_and_then_proved(simulator: Simulator, run_tasks: RunTasks) -> None:
    operation = create(keys(simulator))

    run_tasks()

    operation.refresh_from_db()
    assert operation.state == Operation.State.DONE
    kinds = operation.installation.events.values_list("kind", flat=True)
    assert {"role_created", "role_proved"} <= set(kinds)
    role = simulator.session(HEALTHY).client("iam").get_role(RoleName=ROLE_NAME)["Role"]
    tags = {tag["Key"]: tag["Value"] for tag in role["Tags"]}
    assert tags["astro:installation"] == str(operation.installation_id)


def test_asking_twice_makes_one_role(simulator: Simulator, run_tasks: RunTasks) -> None:
    installation = make_installation(aws_account_id=HEALTHY)
    create(keys(simulator), installation)
    run_tasks()
    first = writes(simulator, HEALTHY)

    again = create(keys(simulator), installation)
    run_tasks()

    again.refresh_from_db()
    assert again.state == Operation.State.DONE
    assert writes(simulator, HEALTHY).count("CreateRole") == first.count("CreateRole")


def test_credentials_of_another_account_write_nothing(
    simulator: Simulator, run_tasks: RunTasks
) -> None:
    operation = create(keys(simulator, NEW))

    run_tasks()

    operation.refresh_from_db()
    assert operation.state == Operation.State.FAILED
    assert NEW in operation.problem.replace("-", "")
    assert not writes(simulator, NEW)
    assert not writes(simulator, HEALTHY)


def test_a_worker_that_died_with_the_credentials_asks_for_them_again(
    simulator: Simulator, run_tasks: RunTasks
) -> None:
    operation = create(keys(simulator))
    assert handoff.take(str(operation.pk)) is not None

    run_tasks()

    operation.refresh_from_db()
    assert operation.state == Operation.State.FAILED
    assert "Paste them again" in operation.problem


def test_a_foreign_role_of_that_name_is_left_alone_and_the_difference_shown(
    simulator: Simulator, run_tasks: RunTasks
) -> None:
    iam = simulator.session(HEALTHY).client("iam")
    theirs = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",'
        f' "Principal": {{"AWS": "arn:aws:iam::{HEALTHY}:root"}}}}]}}'
    )
    iam.create_role(RoleName=ROLE_NAME, AssumeRolePolicyDocument=theirs)
    before = iam.get_role(RoleName=ROLE_NAME)["Role"]["AssumeRolePolicyDocument"]

    operation = create(keys(simulator))
    run_tasks()

    operation.refresh_from_db()
    assert operation.state == Operation.State.FAILED
    assert operation.data["details"]
    assert iam.get_role(RoleName=ROLE_NAME)["Role"]["AssumeRolePolicyDocument"] == before


@pytest.fixture
def everything_logged() -> Generator[list[str]]:
    """All that any logger says, at DEBUG."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    root, handler = logging.getLogger(), Keep(logging.DEBUG)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(level)
    root.removeHandler(handler)


def whole_database() -> str:
    text = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  (our own table names)
            text.append(repr(cursor.fetchall()))
    return "\n".join(text)


def pages_of(installation: Installation) -> str:
    """What its Owner may see of it afterwards."""
    client = Client()
    client.force_login(installation.organization.owners().get().user)
    addresses = [
        reverse("status", args=[installation.pk]),
        reverse("status_live", args=[installation.pk]),
        *(reverse(name, args=[installation.pk, "access"]) for name in ("step", "live")),
    ]
    return "\n".join(client.get(address, follow=True).content.decode() for address in addresses)


def whole_redis(settings: Settings) -> str:
    store = redis.Redis.from_url(settings.HANDOFF_REDIS_URL)
    return "\n".join(repr(store.dump(key)) for key in store.keys("*"))


@pytest.mark.parametrize("account_id", [HEALTHY, NEW], ids=["created", "refused"])
def test_the_credentials_are_found_nowhere_afterwards(
    account_id: str,
    simulator: Simulator,
    run_tasks: RunTasks,
    everything_logged: list[str],
    settings: Settings,
    redis_url: str,
) -> None:
    credentials = keys(simulator, account_id)
    operation = create(credentials)
    run_tasks()

    places = {
        "database": whole_database(),
        "Redis": whole_redis(settings),
        "logs": "\n".join(everything_logged),
        "operation": repr(Operation.objects.filter(pk=operation.pk).values().get()),
        "repr": repr(credentials),
        "pages": pages_of(operation.installation),
    }

    assert "Give Astro access" in places["pages"]
    assert "GetCallerIdentity" in places["database"], "the search must be able to find something"
    for place, text in places.items():
        for secret in (credentials.secret_access_key, credentials.session_token):
            assert secret not in text, place
        assert credentials.access_key_id not in text, place
