"""Asking AWS for a quota: once, whatever happens in between, and told where it may not be asked."""

import json
from datetime import timedelta

import pytest

from onboarding.aws.actions import ask_quota
from onboarding.facts import ROLE_NAME, SPOT_QUOTA
from onboarding.jobs import quota_news
from onboarding.models import QuotaRequest
from onboarding.services import access
from tests.aws.simulated import SimulatedAws
from tests.jobs.quota_cases import WATCH, Case, allow, make_case

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
    find = ask_quota.find_open
    answers = iter([None])
    monkeypatch.setattr(ask_quota, "find_open", lambda *args: next(answers, find(*args)))
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


def test_checking_again_looks_at_once_what_aws_says(case: Case) -> None:
    case.ask(80)
    case.watch()
    case.later(timedelta(days=2))
    case.watch()
    sleeping = case.installation.operations.get(kind=WATCH).run_after

    access.check_account(case.installation)

    assert case.installation.operations.get(kind=WATCH).run_after < sleeping


def test_checking_again_watches_nothing_where_nothing_is_undecided(case: Case) -> None:
    access.check_account(case.installation)

    assert not case.installation.operations.filter(kind=WATCH).exists()
