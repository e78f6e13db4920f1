"""A role has a version. Another one in effect is no fault of it: it says so, and what is new."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db.models import F

from onboarding.aws.verify import Probe, probe
from onboarding.facts import ROLE_NAME, role_arn
from onboarding.jobs import edition as editions
from onboarding.jobs import operations, verify_role
from onboarding.models import CheckResult, Installation, Operation
from onboarding.policy import document
from onboarding.policy.document import Edition
from onboarding.wizard.steps.access import is_complete
from tests.editions import propose, put_into_effect, with_grant, without_grant
from tests.factories import make_installation
from tests.harness.simulator import Simulator

pytestmark = pytest.mark.django_db

ACCOUNT = "210987654321"
KIND = Operation.Kind.VERIFY_ROLE
FIRST = document.shipped()
MORE = with_grant(2, ["eks:CreateAccessEntry"])
LESS = without_grant(2, "Ec2InstancesEnd")
MINE = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
)


class Role:
    """The role of the customer, as its administrator changes it, and as the portal sees it."""

    def __init__(self, simulator: Simulator, edition: Edition) -> None:
        self.installation = make_installation(aws_account_id=ACCOUNT)
        external_id = self.installation.organization.reveal_external_id()
        self.iam = simulator.session(ACCOUNT).client("iam")
        trust = json.dumps(document.trust_policy(external_id))
        self.iam.create_role(RoleName=ROLE_NAME, AssumeRolePolicyDocument=trust)
        for each in edition.policies:
            self.attach(each.name, json.dumps(each.document))

    def attach(self, name: str, text: str) -> None:
        made = self.iam.create_policy(PolicyName=name, PolicyDocument=text)
        self.iam.attach_role_policy(RoleName=ROLE_NAME, PolicyArn=made["Policy"]["Arn"])

    def arn(self, name: str) -> str:
        return role_arn(ACCOUNT).partition(":role/")[0] + f":policy/{name}"

    def set_text(self, name: str, content: dict[str, Any]) -> None:
        self.iam.create_policy_version(
            PolicyArn=self.arn(name), PolicyDocument=json.dumps(content), SetAsDefault=True
        )

    def update_to(self, edition: Edition) -> None:
        for each in edition.policies:
            self.set_text(each.name, each.document)

    def look(self) -> CheckResult:
        """As the worker does, but that the role is a day old and nobody waits."""
        operation = self.installation.operations.unfinished().filter(kind=KIND).first()
        operation = operation or Operation.request(self.installation, KIND)
        Operation.objects.filter(pk=operation.pk).update(run_after=F("created_at"))
        turned = timedelta(0)

        def sleep(seconds: float) -> None:
            nonlocal turned
            turned += timedelta(seconds=seconds)

        def look_at_role(*args: Any, **given: Any) -> Probe:
            seen = probe(*args, **given)
            at = seen.at + turned
            return replace(seen, at=at, began=at, role_made=at - timedelta(days=1))

        job = partial(verify_role.run, sleep=sleep, look_at_role=look_at_role)
        operations.run(str(operation.pk), jobs={KIND: job})
        self.installation = Installation.objects.with_everything().get(pk=self.installation.pk)
        return self.installation.check_results.get(code="role_permissions")

    def look_until_sure(self) -> CheckResult:
        """Three looks over more than two minutes: then a change is taken for one."""
        for _ in range(4):
            found = self.look()
            for waiting in self.installation.operations.unfinished().filter(kind=KIND):
                if "since" in waiting.data:
                    since = datetime.fromisoformat(waiting.data["since"])
                    waiting.data["since"] = (since - timedelta(seconds=60)).isoformat()
                    waiting.save()
        return found

    @property
    def version(self) -> int | None:
        return editions.standing_of(self.installation).number

    def told(self) -> list[tuple[str, int]]:
        events = self.installation.events.filter(kind__startswith="role_").order_by("at")
        return [(each.kind, int(each.data["version"])) for each in events]


def test_a_role_made_from_the_version_in_effect_has_that_version(simulator: Simulator) -> None:
    role = Role(simulator, FIRST)

    assert role.look().status == "passed"

    assert role.version == 1
    assert not editions.standing_of(role.installation).is_older
    assert role.told() == [("role_proved", 1)]


def test_another_version_in_effect_warns_and_says_what_is_new_and_why(simulator: Simulator) -> None:
    role = Role(simulator, FIRST)
    role.look()
    put_into_effect(MORE)

    found = role.look_until_sure()

    assert found.status == "warning"
    assert "of version 1. Version 2 is in effect." in found.saw
    assert found.cause == "Version 2 adds: Lets it do something new (Amazon EKS)."
    assert "eks:CreateAccessEntry" in found.fix["command"]
    assert found.fix["command"].count("create-policy-version") == 1
    assert is_complete(role.installation)
    assert role.version == 1
    assert editions.standing_of(role.installation).is_older
    assert role.told() == [("role_proved", 1)], "It is no change of the customer's."
    assert not role.installation.mails.exists()


def test_a_role_made_anew_from_an_older_file_is_enough_too(simulator: Simulator) -> None:
    put_into_effect(MORE)
    role = Role(simulator, FIRST)

    assert role.look().status == "warning"

    assert is_complete(role.installation)
    assert role.told() == [("role_proved", 1)]
    assert role.installation.events.get(kind="role_proved").data["permissions"] == "passed"


def test_a_version_that_asks_for_less_says_what_is_no_longer_needed(simulator: Simulator) -> None:
    role = Role(simulator, FIRST)
    put_into_effect(LESS)

    found = role.look()

    assert (found.status, role.version) == ("warning", 1)
    assert found.cause.startswith("Version 2 no longer asks for: ")
    assert "ec2:TerminateInstances" in found.cause


def test_after_the_update_the_role_has_the_new_version_and_that_is_noted(
    simulator: Simulator,
) -> None:
    role = Role(simulator, FIRST)
    role.look()
    put_into_effect(MORE)
    role.update_to(MORE)

    assert role.look().status == "passed"

    assert role.version == 2
    assert role.told() == [("role_proved", 1), ("role_proved", 2)]


def test_what_its_own_version_gives_and_the_role_lacks_blocks_and_is_drift(
    simulator: Simulator,
) -> None:
    role = Role(simulator, FIRST)
    role.look()
    put_into_effect(MORE)
    role.look()
    name = FIRST.policies[-1].name
    role.iam.detach_role_policy(RoleName=ROLE_NAME, PolicyArn=role.arn(name))

    found = role.look_until_sure()

    assert found.status == "failed"
    assert "published in version 1" in found.saw
    assert "CreateAccessEntry" not in found.needed, "What is new is not what the customer took."
    assert "eks:CreateAccessEntry" in found.fix["command"], "Once at it, up to the present version."
    assert not is_complete(role.installation)
    assert role.version is None
    assert role.told()[-1] == ("role_drifted", 1)
    assert role.installation.events.get(kind="role_drifted").data["change"] == "LESS"


def test_more_than_its_own_version_gives_is_drift_though_another_is_in_effect(
    simulator: Simulator,
) -> None:
    role = Role(simulator, FIRST)
    role.look()
    put_into_effect(LESS)
    role.look()
    role.attach("more", MINE)

    found = role.look_until_sure()

    assert found.status == "warning"
    assert "may do more than Astro needs: s3:*" in found.saw
    assert role.version == 1, "A policy beside them makes it no other version."
    assert role.installation.events.get(kind="role_drifted").data["change"] == "MORE"


def test_one_that_may_not_be_read_any_more_is_drift_though_another_is_in_effect(
    simulator: Simulator,
) -> None:
    role = Role(simulator, FIRST)
    role.look()
    put_into_effect(MORE)
    reads = FIRST.policies[0].name
    role.iam.detach_role_policy(RoleName=ROLE_NAME, PolicyArn=role.arn(reads))

    assert role.look_until_sure().status == "could_not_check"

    told = role.installation.events.get(kind="role_drifted")
    assert (told.data["change"], told.data["version"]) == ("LESS", "1")
    assert role.version == 1, "The one it was last seen to have."


def test_a_version_not_in_effect_yet_is_recognised_and_measures_nothing(
    simulator: Simulator,
) -> None:
    propose(MORE, expands=True)
    role = Role(simulator, MORE)

    found = role.look()

    assert (found.status, role.version) == ("warning", 2)
    assert "may do more than Astro needs: eks:CreateAccessEntry" in found.saw
    assert role.told() == [("role_proved", 1)]


def test_a_role_half_way_to_the_new_version_goes_on_working(simulator: Simulator) -> None:
    both = with_grant(2, ["eks:CreateAccessEntry"])
    both = with_grant(2, ["eks:DescribeAccessEntry"], FIRST.policies[0].name, base=both)
    role = Role(simulator, FIRST)
    role.look()
    put_into_effect(both)
    changed = [each for each in both.policies if each not in FIRST.policies]
    assert len(changed) == 2
    role.set_text(changed[0].name, changed[0].document)

    found = role.look_until_sure()

    assert (found.status, role.version) == ("warning", None)
    assert "Version 2 is in effect" in found.saw
    assert "role_drifted" not in dict(role.told())


def test_the_version_of_another_account_says_nothing_about_this_one(simulator: Simulator) -> None:
    role = Role(simulator, FIRST)
    role.look()
    installation = role.installation

    installation.aws_account_id = "310987654321"

    assert editions.standing_of(installation).number is None
