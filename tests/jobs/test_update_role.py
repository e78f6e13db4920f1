"""The role updated to the version in effect, with pasted credentials: then proved, and known."""

import pytest
from django.test import Client
from django.urls import reverse

from onboarding.aws.actions.create_role import Credentials
from onboarding.facts import ROLE_NAME
from onboarding.jobs import edition as editions
from onboarding.jobs import handoff, update_role
from onboarding.jobs.create_role import DONE
from onboarding.models import Event, Operation
from onboarding.policy import document
from onboarding.services import update_role as service
from onboarding.services import with_credentials
from tests.editions import put_into_effect, with_grant, without_grant
from tests.factories import make_installation
from tests.harness import canary
from tests.harness.simulator import Simulator
from tests.harness.work import RunTasks
from tests.jobs.test_create_role import keys, writes
from tests.jobs.test_role_versions import MINE, Role

pytestmark = pytest.mark.django_db

OTHER = "320987654321"
FIRST = document.shipped()
NEXT = with_grant(2, ["eks:CreateAccessEntry"], base=without_grant(2, "Ec2InstancesEnd"))
CHANGED = [each.name for each in NEXT.policies if each not in FIRST.policies]


@pytest.fixture
def role(simulator: Simulator) -> Role:
    """Of the first version and proved; the second has taken effect since."""
    role = Role(simulator, FIRST)
    role.look()
    put_into_effect(NEXT)
    return role


def update(
    simulator: Simulator, role: Role, credentials: Credentials | None = None, version: int = 2
) -> Operation:
    owner = role.installation.organization.owners().get().user
    given = credentials or keys(simulator)
    return service.update(role.installation, given, version=version, by=owner)


def texts(role: Role) -> dict[str, object]:
    found = {}
    for each in role.iam.list_attached_role_policies(RoleName=ROLE_NAME)["AttachedPolicies"]:
        version = role.iam.get_policy(PolicyArn=each["PolicyArn"])["Policy"]["DefaultVersionId"]
        answer = role.iam.get_policy_version(PolicyArn=each["PolicyArn"], VersionId=version)
        found[each["PolicyName"]] = answer["PolicyVersion"]["Document"]
    return found


def test_the_role_is_updated_and_proved_and_its_version_known(
    simulator: Simulator, run_tasks: RunTasks, role: Role
) -> None:
    operation = update(simulator, role)

    run_tasks()

    operation.refresh_from_db()
    assert (operation.state, operation.problem) == (Operation.State.DONE, "")
    assert texts(role) == {each.name: each.document for each in NEXT.policies}
    installation = role.installation
    installation.refresh_from_db()
    assert installation.policy_version == 2
    assert editions.standing_of(installation) == editions.RoleVersion(2, 2)
    found = installation.check_results.get(code="role_permissions")
    assert (found.status, found.saw.endswith("published in version 2.")) == ("passed", True)
    event = installation.events.get(kind=Event.Kind.ROLE_UPDATED)
    assert event.by == installation.organization.owners().get().user
    assert event.data["version"] == 2
    assert f"Updated the policy {CHANGED[0]}" in event.data["steps"]
    assert not installation.events.filter(kind=Event.Kind.ROLE_DRIFTED).exists()
    tags = role.iam.list_role_tags(RoleName=ROLE_NAME)["Tags"]
    assert NEXT.tags.items() <= {tag["Key"]: tag["Value"] for tag in tags}.items()


def test_asking_twice_updates_once(simulator: Simulator, run_tasks: RunTasks, role: Role) -> None:
    update(simulator, role)
    run_tasks()
    once = writes(simulator, role.installation.aws_account_id)

    again = update(simulator, role)
    run_tasks()

    again.refresh_from_db()
    assert again.state == Operation.State.DONE
    assert writes(simulator, role.installation.aws_account_id) == once


def test_a_newer_request_takes_the_place_of_one_that_waits(
    simulator: Simulator, role: Role
) -> None:
    first = update(simulator, role)
    second = update(simulator, role)
    first.refresh_from_db()
    assert first.state == Operation.State.FAILED
    assert role.installation.operations.unfinished().filter(kind=first.kind).get() == second


def test_credentials_of_another_account_write_nothing(
    simulator: Simulator, run_tasks: RunTasks, role: Role
) -> None:
    before = writes(simulator, role.installation.aws_account_id)

    operation = update(simulator, role, keys(simulator, OTHER))
    run_tasks()

    operation.refresh_from_db()
    assert operation.state == Operation.State.FAILED
    assert OTHER in operation.problem.replace("-", "")
    assert not writes(simulator, OTHER)
    assert writes(simulator, role.installation.aws_account_id) == before


def test_a_text_of_somebody_elses_is_left_alone_and_the_difference_shown(
    simulator: Simulator, run_tasks: RunTasks, role: Role
) -> None:
    role.iam.create_policy_version(
        PolicyArn=role.arn(CHANGED[0]), PolicyDocument=MINE, SetAsDefault=True
    )
    before = texts(role)

    operation = update(simulator, role)
    run_tasks()

    operation.refresh_from_db()
    assert operation.state == Operation.State.FAILED
    assert any("s3:*" in line for line in operation.data["details"])
    assert texts(role) == before


def test_what_was_done_before_it_stopped_is_told_and_the_next_run_goes_on(
    simulator: Simulator, run_tasks: RunTasks, role: Role
) -> None:
    simulator.knobs(fail={"iam:TagRole": ["AccessDenied", 1]})
    operation = update(simulator, role)
    run_tasks()

    operation.refresh_from_db()
    assert operation.state == Operation.State.FAILED
    assert operation.data["details"][0] == DONE
    assert f"Updated the policy {CHANGED[0]}" in operation.data["details"]

    again = update(simulator, role)
    run_tasks()
    again.refresh_from_db()
    assert again.state == Operation.State.DONE


def test_a_version_that_took_effect_meanwhile_is_not_given_unread(
    simulator: Simulator, run_tasks: RunTasks, role: Role
) -> None:
    operation = update(simulator, role)
    put_into_effect(with_grant(3, ["eks:DeleteAccessEntry"], base=NEXT))
    before = writes(simulator, role.installation.aws_account_id)

    run_tasks()

    operation.refresh_from_db()
    assert operation.problem == update_role.ANOTHER_VERSION
    assert writes(simulator, role.installation.aws_account_id) == before


def test_a_worker_that_died_with_the_credentials_asks_for_them_again(
    simulator: Simulator, run_tasks: RunTasks, role: Role
) -> None:
    operation = update(simulator, role)
    assert handoff.take(str(operation.pk)) is not None

    run_tasks()

    operation.refresh_from_db()
    assert operation.problem == update_role.PASTE_AGAIN


@pytest.mark.parametrize("mine", [True, False], ids=["updated", "refused"])
def test_the_credentials_are_found_nowhere_afterwards(
    mine: bool,
    simulator: Simulator,
    run_tasks: RunTasks,
    everything_logged: list[str],
    redis_url: str,
    role: Role,
) -> None:
    credentials = keys(simulator) if mine else keys(simulator, OTHER)
    operation = update(simulator, role, credentials)
    run_tasks()

    client = Client()
    client.force_login(role.installation.organization.owners().get().user)
    page = client.get(reverse("update_role", args=[role.installation.pk])).content.decode()
    places = {
        "database": canary.whole_database(),
        "Redis": canary.whole_redis(),
        "logs": "\n".join(everything_logged),
        "operation": repr(Operation.objects.filter(pk=operation.pk).values().get()),
        "pages": canary.pages_of(operation.installation) + page,
    }

    assert "GetCallerIdentity" in places["database"], "the search must be able to find something"
    assert "Update the role" in places["pages"]
    for place, text in places.items():
        for secret in (credentials.secret_access_key, credentials.session_token):
            assert secret not in text, place
        assert credentials.access_key_id not in text, place


def test_an_installation_without_an_account_is_not_updated() -> None:
    assert not with_credentials.may_ask(make_installation())
