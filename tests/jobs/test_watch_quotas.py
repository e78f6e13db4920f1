"""A quota request from the click to AWS's answer: asked once, watched for days, told once."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from onboarding.facts import ROLE_NAME, SPOT_QUOTA
from onboarding.jobs import quota_news, watch_quotas
from onboarding.models import Installation, Operation, QuotaRequest, Status
from tests.aws.simulated import SimulatedAws
from tests.jobs.quota_cases import ALL, WATCH, Case, allow, make_case, trust

pytestmark = pytest.mark.django_db
State = QuotaRequest.State
READ_ONLY = ("servicequotas:Get*", "servicequotas:List*")


@pytest.fixture
def case(aws: SimulatedAws) -> Case:
    return make_case(aws)


@pytest.fixture
def asked(case: Case) -> Case:
    """AWS has been asked for 80, and has not answered."""
    case.ask(80)
    case.watch()
    case.forget_checks()
    return case


# ── asking ──────────────────────────────────────────────────────────────────────────────────────


def test_aws_is_asked_once_and_the_row_says_so(case: Case) -> None:
    case.ask(80)
    wait = case.watch()

    request = case.request()
    assert (request.state, request.before, request.desired) == (State.OPEN, 5, 80)
    assert request.aws_request_id
    assert request.asked_at is not None
    assert request.by == case.owner
    assert request.quota_name.startswith("Running On-Demand Standard")
    assert (case.asked(), case.events(), case.mails()) == (1, ["quota_requested"], [])
    assert wait == timedelta(seconds=30)
    assert case.checks_wait()


def test_looking_twice_asks_nothing_twice(asked: Case) -> None:
    asked.watch()
    asked.ask(80)
    asked.watch()

    assert asked.asked() == 1
    assert QuotaRequest.objects.count() == 1
    assert asked.events() == ["quota_requested"]
    assert not asked.checks_wait()


def test_a_worker_that_dies_between_the_call_and_the_write_has_asked_once(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.ask(80)
    with monkeypatch.context() as broken:
        broken.setattr(quota_news, "store", die)
        case.watch()
    assert (case.request().state, case.asked()) == (State.TO_ASK, 1)

    case.watch()

    request = case.request()
    assert (request.state, case.asked()) == (State.OPEN, 1)
    assert request.by == case.owner  # the role itself had asked


def die(*_: object) -> None:
    raise RuntimeError("killed")


def test_a_request_the_customer_made_by_hand_is_taken_over(case: Case) -> None:
    by_hand = case.asked_by_hand(60)
    case.ask(80)
    case.watch()

    request = case.request()
    assert (request.aws_request_id, request.desired, request.state) == (by_hand, 60, State.OPEN)
    assert request.was_found
    assert case.asked() == 1  # by hand
    note = case.installation.events.get(kind="quota_requested").note
    assert "open at AWS already" in note


def test_a_request_made_in_the_same_moment_is_taken_over(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AWS says ResourceAlreadyExists: it is there now, although it was not found before."""
    case.asked_by_hand(60)
    find = watch_quotas.ask.__globals__["find_open"]
    answers = iter([None])
    monkeypatch.setitem(
        watch_quotas.ask.__globals__, "find_open", lambda *args: next(answers, find(*args))
    )
    case.ask(80)
    case.watch()

    assert (case.request().desired, case.request().state) == (60, State.OPEN)


@pytest.mark.parametrize("value", [80, 120])
def test_what_is_there_already_is_not_asked_for(case: Case, value: int) -> None:
    case.set_quota(value)
    case.ask(80)
    wait = case.watch()

    request = case.request()
    assert (request.state, request.granted, wait) == (State.GRANTED, value, None)
    assert (case.asked(), case.events(), case.mails()) == (0, [], [])
    assert case.checks_wait()


def test_without_the_permission_the_customer_is_told_how_to_ask(aws: SimulatedAws) -> None:
    case = make_case(aws, actions=READ_ONLY)
    case.ask(80)
    wait = case.watch()

    request = case.request()
    assert (request.state, wait) == (State.NOT_ASKED, None)
    assert "servicequotas:RequestServiceQuotaIncrease" in request.problem
    assert "--desired-value 80 --region us-east-1" in request.fix["command"]
    assert request.fix["link"].startswith("https://us-east-1.console.aws.amazon.com/servicequotas/")
    assert (case.events(), case.mails()) == ([], [])


def test_a_denied_request_may_be_asked_again(aws: SimulatedAws) -> None:
    case = make_case(aws, actions=READ_ONLY)
    case.ask(80)
    case.watch()
    iam = aws.admin(case.account_id, "iam")
    iam.put_role_policy(
        RoleName=ROLE_NAME, PolicyName="more", PolicyDocument=json.dumps(allow("servicequotas:*"))
    )
    case.ask(80)
    case.watch()

    states = [each.state for each in QuotaRequest.objects.all()]
    assert states == [State.OPEN, State.NOT_ASKED]


def test_a_busy_aws_is_asked_later(case: Case) -> None:
    case.aws.simulator.knobs(throttle={"servicequotas:*": 50})
    case.ask(80)
    wait = case.watch()
    assert (case.request().state, wait) == (State.TO_ASK, timedelta(seconds=30))
    assert "We could not ask AWS yet." in case.request().problem
    case.aws.simulator.knobs(throttle={"servicequotas:*": 0})

    case.watch()

    assert (case.request().state, case.request().problem) == (State.OPEN, "")


@pytest.mark.parametrize("code", ["DependencyAccessDeniedException", "QuotaExceededException"])
def test_whatever_aws_refuses_is_told(case: Case, code: str) -> None:
    case.aws.fail("servicequotas:RequestServiceQuotaIncrease", code)
    case.ask(80)
    case.watch()

    request = case.request()
    assert request.state == State.NOT_ASKED
    assert request.problem
    assert request.fix["command"]


def test_one_watcher_serves_all_requests_of_an_installation(case: Case) -> None:
    case.aws.set_quota(case.account_id, SPOT_QUOTA, 5, "us-east-1")
    case.ask(80)
    case.ask(40, SPOT_QUOTA)
    case.watch()

    assert case.installation.operations.filter(kind=WATCH).count() == 1
    assert {each.state for each in QuotaRequest.objects.all()} == {State.OPEN}
    assert case.asked() == 2


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


# ── watching ────────────────────────────────────────────────────────────────────────────────────


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


def test_only_quotas_are_touched(asked: Case) -> None:
    assert ALL[0] == "servicequotas:*"
    called = asked.aws.calls(asked.account_id, ":(Create|Put|Delete|Update|Enable|Request)")
    assert set(called) <= {"servicequotas:RequestServiceQuotaIncrease"} | {
        one for one in called if one.startswith("iam:")
    }
