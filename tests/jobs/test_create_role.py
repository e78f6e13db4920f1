import pytest
from django.test import Client
from django.urls import reverse

from onboarding.aws.actions.create_role import Credentials
from onboarding.aws.actions.iam import Iam
from onboarding.facts import ROLE_NAME
from onboarding.jobs import handoff
from onboarding.models import Installation, Operation
from onboarding.services import access
from tests.factories import make_installation
from tests.harness import canary
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


@pytest.mark.parametrize("account_id", [HEALTHY, NEW], ids=["created", "refused"])
def test_the_credentials_are_found_nowhere_afterwards(
    account_id: str,
    simulator: Simulator,
    run_tasks: RunTasks,
    everything_logged: list[str],
    redis_url: str,
) -> None:
    credentials = keys(simulator, account_id)
    operation = create(credentials)
    run_tasks()

    places = {
        "database": canary.whole_database(),
        "Redis": canary.whole_redis(),
        "logs": "\n".join(everything_logged),
        "operation": repr(Operation.objects.filter(pk=operation.pk).values().get()),
        "repr": repr(credentials),
        "pages": canary.pages_of(operation.installation),
    }

    assert "Give Astro access" in places["pages"]
    assert "GetCallerIdentity" in places["database"], "the search must be able to find something"
    for place, text in places.items():
        for secret in (credentials.secret_access_key, credentials.session_token):
            assert secret not in text, place
        assert credentials.access_key_id not in text, place


def pasted(credentials: Credentials) -> dict[str, str]:
    """The form as the browser posts it."""
    return {
        "access_key_id": credentials.access_key_id,
        "secret_access_key": credentials.secret_access_key,
        "session_token": credentials.session_token,
    }


@pytest.mark.parametrize("address", ["create_role", "update_role_start", "monitoring_create"])
@pytest.mark.parametrize("as_block", [False, True], ids=["fields", "block"])
def test_an_error_report_about_the_form_holds_no_credentials(
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    everything_logged: list[str],
    address: str,
    as_block: bool,
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("the hand-off broke")

    monkeypatch.setattr(handoff, "put", breaks)
    credentials = keys(simulator)
    given = pasted(credentials)
    if as_block:
        given = {"paste": "\n".join(f"aws_{name}={value}" for name, value in given.items())}
    installation = make_installation(aws_account_id=HEALTHY)
    client = Client(raise_request_exception=False)
    client.force_login(installation.organization.owners().get().user)

    with canary.error_reports() as reports:
        response = client.post(reverse(address, args=[installation.pk]), given | {"version": "1"})

    assert response.status_code == 500
    assert "the hand-off broke" in reports[0]
    for text in (*reports, *everything_logged, response.content.decode()):
        for secret in (credentials.secret_access_key, credentials.session_token):
            assert secret not in text


def test_a_worker_that_breaks_down_logs_no_credentials(
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    everything_logged: list[str],
    run_tasks: RunTasks,
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("the worker broke down")

    monkeypatch.setattr(Iam, "ask", breaks)
    credentials = keys(simulator)
    create(credentials)

    run_tasks()

    logged = "\n".join(everything_logged)
    assert "the worker broke down" in logged
    for secret in (credentials.secret_access_key, credentials.session_token):
        assert secret not in logged
