from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from onboarding.aws.actions.create_role import Credentials, RoleSpec, create_role
from onboarding.aws.checks import CHECKS
from onboarding.aws.run import run_checks
from onboarding.jobs import check_account
from onboarding.models import Installation, Operation, PeerVpc
from onboarding.policy import document
from onboarding.policy.role import role_spec
from onboarding.services import access
from onboarding.wizard.steps.checks import is_checked
from tests.aws.simulated import SimulatedAws
from tests.factories import make_installation, make_result
from tests.harness.simulator import Simulator
from tests.harness.work import RunTasks

EDITION = document.shipped()

pytestmark = pytest.mark.django_db

Check = Callable[..., Installation]
HEALTHY, NEW, NOT_CLEAN = "210987654321", "320987654321", "430987654321"


@pytest.fixture
def check(simulator: Simulator, run_tasks: RunTasks) -> Check:
    """Run the checks of an account where the role stands; gives the installation."""
    aws = SimulatedAws(simulator)

    def run(account_id: str, **answers: Any) -> Installation:
        installation = make_installation(aws_account_id=account_id, **answers)
        spec = role_spec(EDITION, installation.organization.reveal_external_id())
        wanted = RoleSpec(spec.role_name, spec.trust_policy, spec.policies, spec.tags)
        create_role(aws.credentials(account_id), wanted, account_id=account_id)
        access.check_account(installation)
        run_tasks()
        return Installation.objects.with_everything().get(pk=installation.pk)

    return run


def test_a_healthy_account_passes(check: Check) -> None:
    installation = check(HEALTHY)

    assert {
        code: status for code, status in results(installation).items() if status != "passed"
    } == {}
    assert is_checked(installation)


def test_a_new_account_lacks_quota_and_says_what_is_needed(check: Check) -> None:
    installation = check(NEW)

    assert results(installation)["on_demand_quota"] == "failed"
    assert results(installation)["spot_quota"] == "failed"
    quota = installation.check_results.get(code="on_demand_quota")
    assert "5" in quota.saw
    assert "40" in quota.saw + quota.needed
    assert quota.turn in ("customer", "aws")
    assert quota.fix["steps"]
    assert "request-service-quota-increase" in quota.fix["command"]
    assert quota.request_ids
    assert not is_checked(installation)


def test_an_overlapping_network_is_named(check: Check) -> None:
    installation = check(NOT_CLEAN)

    overlap = installation.check_results.get(code="astro_cidr_free")
    assert overlap.status == "failed"
    assert "172.20.0.0/16" in overlap.saw


def test_a_region_that_is_off_is_told_and_the_rest_could_not_be_checked(check: Check) -> None:
    installation = check("540987654321", region="ap-east-1")

    found = results(installation)
    assert found["region_enabled"] == "failed"
    assert "passed" not in {found["on_demand_quota"], found["node_type_offered"]}


def test_a_changed_answer_makes_only_what_relied_on_it_stale(check: Check) -> None:
    installation = check(HEALTHY)
    Installation.objects.filter(pk=installation.pk).update(astro_cidr="10.60.0.0/19")

    changed = Installation.objects.with_everything().get(pk=installation.pk)
    stale = {
        result.code for result in changed.check_results.all() if result.is_stale(changed.answers())
    }

    assert stale == {check.code for check in CHECKS if "astro_cidr" in check.relies_on}
    assert stale
    assert not is_checked(changed)


def results(installation: Installation) -> dict[str, str]:
    return dict(installation.check_results.of_account().values_list("code", "status"))


def again(installation: Installation, run_tasks: RunTasks, **data: Any) -> set[str]:
    """Check once more, an hour later in appearance; gives what was asked again."""
    installation.check_results.update(checked_at=F("checked_at") - timedelta(hours=1))
    before = dict(installation.check_results.of_account().values_list("code", "checked_at"))
    access.check_account(installation, **data)
    run_tasks()
    after = dict(installation.check_results.of_account().values_list("code", "checked_at"))
    assert set(after) == {check.code for check in CHECKS}
    return {code for code, at in after.items() if at != before.get(code)}


def test_what_passed_is_not_asked_again(check: Check, run_tasks: RunTasks) -> None:
    installation = check(HEALTHY)
    calls = installation.aws_calls.count()

    assert again(installation, run_tasks) == set()
    assert installation.aws_calls.count() == calls
    assert installation.events.filter(kind="checked").count() == 1
    assert Operation.objects.filter(kind="check_account", state="done").count() == 2


def test_everything_is_asked_again_when_everything_is_wanted(
    check: Check, run_tasks: RunTasks
) -> None:
    installation = check(HEALTHY)

    assert again(installation, run_tasks, everything=True) == {one.code for one in CHECKS}
    assert set(installation.check_results.of_account().values_list("attempts", flat=True)) == {2}


@pytest.mark.parametrize(
    "values",
    [
        {"status": "failed"},
        {"status": "warning"},
        {"status": "could_not_check"},
        {"status": "waiting"},
        {"source": "reported"},
        {"relied_on": {"region": "eu-west-1"}},
        {"checked_at": timezone.now() - timedelta(hours=25)},
    ],
    ids=["failed", "warning", "could not check", "waiting", "reported", "stale", "a day old"],
)
def test_only_what_did_not_pass_in_aws_lately_with_these_answers_is_asked_again(
    check: Check, run_tasks: RunTasks, values: dict[str, Any]
) -> None:
    installation = check(HEALTHY)
    installation.check_results.filter(code="spot_quota").update(**values)

    assert again(installation, run_tasks) == {"spot_quota"}
    told = installation.check_results.get(code="spot_quota")
    assert (told.status, told.source) == ("passed", "aws")


def test_a_check_without_a_result_is_asked(check: Check, run_tasks: RunTasks) -> None:
    installation = check(HEALTHY)
    installation.check_results.filter(code="vpc_quota").delete()

    assert again(installation, run_tasks) == {"vpc_quota"}


def test_what_was_reported_before_does_not_keep_the_first_run_from_starting(
    simulator: Simulator, run_tasks: RunTasks
) -> None:
    installation = make_installation(aws_account_id=HEALTHY)
    make_result(installation, "spot_quota", ("region",), source="reported")
    keys = simulator.credentials(HEALTHY)

    access.create_role(
        installation,
        Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]),
        by=installation.organization.owners().get().user,
    )
    run_tasks()

    sources = installation.check_results.of_account().values_list("source", flat=True)
    assert list(sources) == ["aws"] * len(CHECKS)


def test_a_result_relies_on_the_answers_its_run_began_with(
    check: Check, monkeypatch: pytest.MonkeyPatch, run_tasks: RunTasks
) -> None:
    """A peer VPC saved while the checks run makes their results stale, as it must."""
    installation = check(HEALTHY, connectivity="peering")

    def saved_meanwhile(*args: Any) -> Any:
        PeerVpc.objects.create(
            installation=installation,
            vpc="vpc-0a1b2c3d",
            account_id="111122223333",
            region="us-east-1",
            cidrs="10.60.0.0/16",
        )
        return run_checks(*args)

    monkeypatch.setattr(check_account, run_checks.__name__, saved_meanwhile)
    access.check_account(installation, everything=True)
    run_tasks()

    fresh = Installation.objects.with_everything().get(pk=installation.pk)
    result = fresh.check_results.get(code="astro_cidr_free")
    assert result.relied_on["peers"] == []
    assert result.is_stale(fresh.answers())


def test_titles_name_the_answers(check: Check) -> None:
    installation = check(HEALTHY)

    titles = set(installation.check_results.values_list("title", flat=True))

    assert {"172.20.0.0/19 is free", "m5.xlarge is offered in us-east-1"} <= titles


def test_a_role_that_may_ask_nothing_leaves_a_report_in_every_result(
    check: Check, simulator: Simulator, run_tasks: RunTasks
) -> None:
    installation = check(HEALTHY)
    simulator.knobs(fail={"ec2:*": ["UnauthorizedOperation", 50]})

    again(installation, run_tasks, everything=True)

    result = installation.check_results.get(code="vpc_quota")
    assert result.status == "could_not_check"
    assert result.report["action"] == "ec2:DescribeVpcs"
    assert result.report["code"] == "UnauthorizedOperation"
    passed = {code for code, status in results(installation).items() if status == "passed"}
    assert {"on_demand_quota", "spot_quota", "cluster_name_free"} <= passed
