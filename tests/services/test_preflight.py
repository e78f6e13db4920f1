"""A report tells early and counts for nothing: what was seen in AWS stays, and wins."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.aws.checks import CHECKS
from onboarding.facts.preflight import NotAnswered, Preflight
from onboarding.models import CheckResult, Event, Installation, User
from onboarding.services import installations, preflight
from onboarding.wizard import flow
from onboarding.wizard.steps.checks import is_checked
from tests.factories import make_answered, make_installation, make_result
from tests.facts.reports import ACCOUNT, GOOD

pytestmark = pytest.mark.django_db
AWS, REPORTED = CheckResult.Source.AWS, CheckResult.Source.REPORTED


def report_of(installation: Installation, quota: int = 64, **errors: NotAnswered) -> Preflight:
    vpcs = GOOD["asked"]["vpcs us-east-1"]["answer"]
    answers = {
        "on_demand_quota": {"Quota": {"QuotaCode": "L-1216C47A", "Value": quota}},
        "vpcs us-east-1": vpcs,
    }
    return Preflight(
        ACCOUNT, installation.region, installation.node_type, timezone.now(), answers, errors
    )


def owner(installation: Installation) -> User:
    return installation.organization.owners().get().user


def hand_in(installation: Installation, **report: Any) -> int:
    made = report_of(installation, **report)
    return preflight.report(installation, made, by=owner(installation))


def fresh(installation: Installation) -> Installation:
    return Installation.objects.with_everything().get(pk=installation.pk)


def test_the_checks_judge_it_and_every_row_says_who_reported_it() -> None:
    installation = make_installation(aws_account_id=ACCOUNT)
    told = hand_in(installation, spot_quota=NotAnswered("AccessDeniedException"))
    results = {one.code: one for one in fresh(installation).check_results.all()}
    answered = [one for one in results.values() if one.status != "could_not_check"]
    assert told == len(answered) < len(results)
    assert {one.source for one in results.values()} == {REPORTED}
    assert results["on_demand_quota"].status == "passed"
    assert results["on_demand_quota"].saw == "64 vCPU in us-east-1"
    assert results["astro_cidr_free"].status == "failed"
    assert "warehouse" in results["astro_cidr_free"].saw
    assert results["spot_quota"].status == "could_not_check"
    assert results["spot_quota"].turn == "customer"
    assert results["on_demand_quota"].relied_on["region"] == "us-east-1"
    assert results["on_demand_quota"].title == "On-Demand vCPU quota"


def test_a_check_that_only_the_role_can_answer_stays_unanswered() -> None:
    installation = make_installation(aws_account_id=ACCOUNT)
    report = report_of(installation)
    report.answers["organization"] = {
        "Organization": {"Id": "o-abcdefghij", "MasterAccountId": "320987654321"}
    }
    preflight.report(installation, report, by=owner(installation))
    assert not installation.check_results.filter(code="organization_policies").exists()


def test_who_handed_it_in_is_recorded_and_nothing_of_it_but_its_time() -> None:
    installation = make_installation(aws_account_id=ACCOUNT)
    told = hand_in(installation)
    event = installation.events.get(kind=Event.Kind.PREFLIGHT_REPORTED)
    assert event.by == owner(installation)
    assert set(event.data) == {"made_at", "checks"}
    assert event.data["checks"] == told


def test_what_was_seen_in_aws_stays_unless_an_answer_has_changed() -> None:
    installation = make_installation(aws_account_id=ACCOUNT)
    make_result(installation, "on_demand_quota", ("region",), status="failed", saw="Seen: 5.")
    make_result(installation, "astro_cidr_free", ("astro_cidr",), status="passed", saw="Old.")
    Installation.objects.update(astro_cidr="172.20.0.0/18")
    hand_in(fresh(installation))
    results = {one.code: one for one in fresh(installation).check_results.all()}
    assert (results["on_demand_quota"].source, results["on_demand_quota"].saw) == (AWS, "Seen: 5.")
    assert results["astro_cidr_free"].source == REPORTED
    assert results["astro_cidr_free"].status == "failed"


def test_a_newer_report_takes_the_place_of_an_older_one() -> None:
    installation = make_installation(aws_account_id=ACCOUNT)
    first = hand_in(installation, quota=5)
    assert hand_in(fresh(installation), quota=64) == first
    result = installation.check_results.get(code="on_demand_quota")
    assert (result.status, result.saw) == ("passed", "64 vCPU in us-east-1")
    assert result.cause == ""
    assert result.fix["steps"] == []


def test_a_result_that_a_worker_writes_in_the_same_moment_wins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    installation = make_installation(aws_account_id=ACCOUNT)
    store = CheckResult.objects.bulk_create

    def beaten(rows: list[CheckResult], **how: Any) -> list[CheckResult]:
        make_result(installation, "on_demand_quota", status="failed", saw="Seen: 5.")
        return store(rows, **how)

    monkeypatch.setattr(CheckResult.objects, "bulk_create", beaten)
    hand_in(installation)
    assert installation.check_results.get(code="on_demand_quota").source == AWS


def test_a_reported_result_never_counts_as_checked() -> None:
    installation = make_answered()
    assert is_checked(installation)
    installation.check_results.of_account().update(source=REPORTED)
    reported = fresh(installation)
    assert not is_checked(reported)
    assert "checks" in {page.step.slug for page in flow(reported).missing}
    with pytest.raises(installations.NotAnswered):
        installations.submit(reported, by=owner(reported))


def test_one_result_reported_among_those_seen_is_enough_not_to_count() -> None:
    installation = make_answered()
    installation.check_results.filter(code="account_is_clean").update(source=REPORTED)
    assert not is_checked(fresh(installation))


def test_it_asks_the_database_as_often_for_the_first_report_as_for_all_checks_again() -> None:
    installation = make_installation(aws_account_id=ACCOUNT)
    counts = []
    for _ in range(2):
        again = fresh(installation)
        by = owner(again)
        with CaptureQueriesContext(connection) as asked:
            preflight.report(again, report_of(again), by=by)
        counts.append(len(asked))
    assert max(counts) <= 8
    assert fresh(installation).check_results.count() > len(CHECKS) / 2
