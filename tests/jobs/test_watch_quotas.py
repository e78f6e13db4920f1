"""A quota request until AWS has decided: looked at for days, told once, never lost."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from onboarding.facts import ROLE_NAME, SPOT_QUOTA
from onboarding.jobs import quota_news
from onboarding.models import Installation, Operation, QuotaRequest, Status
from tests.aws.simulated import SimulatedAws
from tests.jobs.quota_cases import WATCH, Case, make_case, trust

pytestmark = pytest.mark.django_db
State = QuotaRequest.State


@pytest.fixture
def asked(aws: SimulatedAws) -> Case:
    """AWS has been asked for 80, and has not answered."""
    case = make_case(aws)
    case.ask(80)
    case.watch()
    case.forget_checks()
    return case


def test_what_is_asked_for_while_the_watcher_looks_is_not_left_for_hours(
    asked: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked.later(timedelta(days=2))
    store = quota_news.store

    def meanwhile(*args: object) -> None:
        store(*args)  # type: ignore[arg-type]
        asked.ask(40, SPOT_QUOTA)

    monkeypatch.setattr(quota_news, "store", meanwhile)

    assert asked.watch() == timedelta(0)


def test_a_case_is_named_and_linked(asked: Case) -> None:
    asked.decide("CASE_OPENED")
    asked.watch()

    request = asked.request()
    assert request.state == State.CASE_OPENED
    assert request.case_id in request.fix["link"]
    assert "support" in request.fix["link"]
    assert asked.mails() == []


def test_granted_is_told_once_and_the_checks_run_again(asked: Case) -> None:
    asked.decide("APPROVED")
    wait = asked.watch()

    request = asked.request()
    assert (request.state, request.granted, wait) == (State.GRANTED, 80, None)
    assert request.decided_at is not None
    assert asked.mails() == ["quota_granted"]
    assert asked.events() == ["quota_requested", "quota_decided"]
    assert asked.checks_wait()


def test_the_value_itself_is_an_answer(asked: Case) -> None:
    asked.set_quota(80)
    asked.watch()

    assert (asked.request().state, asked.mails()) == (State.GRANTED, ["quota_granted"])


@pytest.mark.parametrize("status", ["APPROVED", "CASE_CLOSED", "DENIED"])
def test_granted_less_is_told_as_that(asked: Case, status: str) -> None:
    if status == "APPROVED":
        asked.decide(status, 40)
    else:
        asked.decide(status)
        asked.set_quota(40)
    asked.watch()

    request = asked.request()
    assert (request.state, request.granted) == (State.GRANTED_LESS, 40)
    assert asked.mails() == ["quota_granted_less"]
    assert asked.checks_wait()


@pytest.mark.parametrize("status", ["DENIED", "NOT_APPROVED"])
def test_refused_is_told(asked: Case, status: str) -> None:
    asked.decide(status)
    wait = asked.watch()

    request = asked.request()
    assert (request.state, request.granted, wait) == (State.REFUSED, 5, None)
    assert asked.mails() == ["quota_refused"]


def test_a_closed_case_is_waited_for_until_the_value_had_time_to_rise(asked: Case) -> None:
    asked.decide("CASE_CLOSED")
    assert asked.watch() is not None
    assert asked.request().state == State.CASE_OPENED
    asked.set_quota(80)

    asked.watch()

    assert asked.request().state == State.GRANTED


def test_a_part_granted_while_aws_still_decides_shows_at_once(asked: Case) -> None:
    asked.decide("CASE_OPENED")
    asked.set_quota(40)
    asked.watch()

    assert (asked.request().state, asked.request().granted) == (State.CASE_OPENED, 40)
    assert asked.checks_wait()
    assert asked.mails() == []


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (timedelta(0), timedelta(seconds=30)),
        (timedelta(minutes=5), timedelta(minutes=2)),
        (timedelta(minutes=50), timedelta(minutes=10)),
        (timedelta(hours=20), timedelta(hours=1)),
        (timedelta(days=3), timedelta(hours=6)),
        (timedelta(days=29), timedelta(hours=6)),
    ],
)
def test_it_looks_often_at_first_and_seldom_for_days(
    asked: Case, age: timedelta, wait: timedelta
) -> None:
    asked.later(age)
    assert asked.watch() == wait
    operation = asked.installation.operations.get(kind=WATCH)
    assert (operation.state, operation.attempt) == (Operation.State.QUEUED, 0)
    asleep = operation.run_after - timezone.now()
    assert abs(asleep - wait) < timedelta(seconds=20)


def test_after_thirty_days_the_customer_is_told_to_look(asked: Case) -> None:
    asked.later(timedelta(days=30, minutes=1))

    assert asked.watch() is None
    assert asked.request().state == State.UNWATCHED
    assert asked.mails() == ["quota_unanswered"]


def test_an_answer_on_the_last_day_counts(asked: Case) -> None:
    asked.later(timedelta(days=30, minutes=1))
    asked.decide("APPROVED")
    asked.watch()

    assert asked.request().state == State.GRANTED


def test_a_role_that_is_gone_loses_no_row(asked: Case) -> None:
    iam = asked.aws.admin(asked.account_id, "iam")
    arn = iam.list_attached_role_policies(RoleName=ROLE_NAME)["AttachedPolicies"][0]["PolicyArn"]
    iam.detach_role_policy(RoleName=ROLE_NAME, PolicyArn=arn)
    iam.delete_role(RoleName=ROLE_NAME)
    wait = asked.watch()
    assert wait == timedelta(seconds=30)
    assert asked.request().state == State.OPEN
    assert "We could not look just now." in asked.request().problem
    iam.create_role(
        RoleName=ROLE_NAME, AssumeRolePolicyDocument=json.dumps(trust(asked.installation))
    )
    iam.attach_role_policy(RoleName=ROLE_NAME, PolicyArn=arn)
    asked.decide("APPROVED")

    asked.watch()

    assert (asked.request().state, asked.request().problem) == (State.GRANTED, "")


def test_a_request_that_aws_keeps_no_longer_is_judged_by_the_value(asked: Case) -> None:
    asked.installation.quota_requests.update(aws_request_id="0" * 32)
    assert asked.watch() is not None
    assert asked.request().state == State.OPEN
    asked.set_quota(80)
    asked.watch()

    assert asked.request().state == State.GRANTED


def test_a_cancelled_installation_is_left_alone(asked: Case) -> None:
    Installation.objects.update(status=Status.CANCELLED)
    before = len(asked.aws.journal(asked.account_id))

    assert asked.watch() is None
    assert asked.request().state == State.UNWATCHED
    assert len(asked.aws.journal(asked.account_id)) == before
    assert asked.mails() == []


def test_an_account_no_longer_answered_is_left_alone(asked: Case) -> None:
    Installation.objects.update(aws_account_id="790987654321")
    before = len(asked.aws.journal(asked.account_id))

    assert asked.watch() is None
    assert asked.request().state == State.UNWATCHED
    assert len(asked.aws.journal(asked.account_id)) == before
    assert asked.mails() == []


def test_a_worker_that_lost_its_lease_writes_nothing(
    asked: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked.decide("APPROVED")
    store = quota_news.store

    def overtaken(*args: object) -> None:
        Operation.objects.filter(kind=WATCH).update(lease_token=99)
        store(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(quota_news, "store", overtaken)
    asked.watch()

    assert (asked.request().state, asked.mails()) == (State.OPEN, [])


def test_every_call_is_written_down_for_the_customer(asked: Case) -> None:
    actions = set(asked.installation.aws_calls.values_list("action", flat=True))
    assert {"AssumeRole", "GetServiceQuota", "RequestServiceQuotaIncrease"} <= actions
