from collections.abc import Callable
from typing import Any

import pytest

from onboarding.aws.actions.create_role import Credentials
from onboarding.aws.checks import CHECKS
from onboarding.models import Installation, Operation
from onboarding.services import access
from onboarding.wizard.steps.checks import is_checked
from tests.factories import make_installation
from tests.harness.simulator import Simulator
from tests.harness.work import RunTasks

pytestmark = pytest.mark.django_db

Check = Callable[..., Installation]
HEALTHY, NEW, NOT_CLEAN = "210987654321", "320987654321", "430987654321"


@pytest.fixture
def check(simulator: Simulator, run_tasks: RunTasks) -> Check:
    """Create the role with pasted credentials, then run the checks; gives the installation."""

    def run(account_id: str, **answers: Any) -> Installation:
        installation = make_installation(aws_account_id=account_id, **answers)
        keys = simulator.credentials(account_id)
        access.create_role(
            installation,
            Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]),
            by=installation.organization.owners().get().user,
        )
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


def test_checking_again_keeps_one_row_a_check(check: Check, run_tasks: RunTasks) -> None:
    installation = check(HEALTHY)
    Operation.request(installation, Operation.Kind.CHECK_ACCOUNT)
    run_tasks()

    assert installation.check_results.of_account().count() == len(CHECKS)
    assert installation.check_results.get(code="on_demand_quota").attempts == 2
