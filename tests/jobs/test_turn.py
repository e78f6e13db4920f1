"""Whose turn it is, and what is promised until when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from onboarding.jobs import quota_news, turn
from onboarding.models import Installation, Operation, QuotaRequest, Status, Turn, turn_of
from onboarding.services import installations, quotas, regions
from onboarding.wizard import flow
from onboarding.wizard.steps import account
from tests.factories import let_pass, make_answered, make_result, make_user

QUOTA = "L-1216C47A"
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def short_of_quota(**answers: Any) -> Installation:
    """All is answered, and one quota is too low; the check offers to have AWS asked."""
    installation = make_answered(**answers)
    offer = {
        "kind": "ask_quota",
        "label": "Ask AWS for 80",
        "data": {"service": "ec2", "code": QUOTA, "desired": 80},
    }
    installation.check_results.filter(code="on_demand_quota").update(
        status="failed", turn="customer", fix={"offer": offer}
    )
    return Installation.objects.with_everything().get(pk=installation.pk)


def ask(installation: Installation) -> QuotaRequest:
    owner = installation.organization.owners().get().user
    return quotas.ask(
        installation, service="ec2", code=QUOTA, desired=80, name="On-demand", by=owner
    )


def whose(installation: Installation) -> str:
    return Installation.objects.get(pk=installation.pk).waits_for


def decide(installation: Installation, request: QuotaRequest, state: str) -> None:
    """As the worker that looks writes it down."""
    operation = installation.operations.get(kind=Operation.Kind.WATCH_QUOTAS)
    claimed = Operation.claim(str(operation.pk))
    assert claimed is not None
    quota_news.store(claimed, request, {"state": state, "granted": 80, "aws_request_id": "r-1"})


@pytest.mark.django_db
def test_it_is_awss_turn_from_asking_until_it_has_decided() -> None:
    installation = short_of_quota()
    before = installation.waits_since
    assert whose(installation) == Turn.CUSTOMER
    request = ask(installation)
    assert whose(installation) == Turn.AWS
    assert installation.waits_since > before
    decide(installation, request, QuotaRequest.State.REFUSED)
    assert whose(installation) == Turn.CUSTOMER


@pytest.mark.django_db
def test_settling_again_does_not_begin_the_wait_anew() -> None:
    installation = short_of_quota()
    ask(installation)
    since = installation.waits_since
    turn.settle(installation)
    assert Installation.objects.get(pk=installation.pk).waits_since == since


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answers",
    [{"cluster_name": ""}, {"connectivity": ""}, {"connectivity": "peering"}]
    + [{name: False} for name in account.STEP.form.Meta.fields if name != "aws_account_id"],  # type: ignore[union-attr,dict-item]
)
def test_it_stays_the_customers_turn_while_an_answer_is_missing(answers: dict[str, Any]) -> None:
    installation = short_of_quota(**answers)
    missing = {page.step.slug for page in flow(installation).missing}
    assert missing > {"checks"}
    ask(installation)
    assert whose(installation) == Turn.CUSTOMER


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["role_opens", "node_type_offered"])
def test_it_stays_the_customers_turn_while_something_else_stops(code: str) -> None:
    installation = short_of_quota()
    installation.check_results.filter(code=code).update(status="failed", turn="customer")
    ask(installation)
    assert whose(installation) == Turn.CUSTOMER


@pytest.mark.django_db
def test_what_support_let_pass_stops_nobody() -> None:
    installation = short_of_quota()
    failed = installation.check_results.filter(code="node_type_offered")
    failed.update(status="failed", turn="customer")
    by = make_user()
    let_pass(installation, "node_type_offered", by)
    ask(installation)
    assert whose(installation) == Turn.AWS


@pytest.mark.django_db
def test_it_stays_the_customers_turn_while_a_change_is_asked_for() -> None:
    installation = short_of_quota(status=Status.CHANGES_REQUESTED)
    installation.change_requests.create(field="region", text="Please.", by=make_user())
    ask(installation)
    assert whose(installation) == Turn.CUSTOMER


@pytest.mark.django_db
def test_a_quota_that_only_warns_does_not_keep_the_customer_from_submitting() -> None:
    installation = short_of_quota()
    installation.check_results.filter(code="on_demand_quota").update(blocking=False)
    ask(installation)
    assert whose(installation) == Turn.CUSTOMER


@pytest.mark.django_db
def test_a_region_asked_for_is_awss_turn_until_the_answers_name_another() -> None:
    installation = make_answered(region="ap-east-1")
    make_result_wait(installation, {"region": "ap-east-1"})
    owner = installation.organization.owners().get().user
    regions.enable(installation, region="ap-east-1", by=owner)
    assert whose(installation) == Turn.AWS
    Installation.objects.filter(pk=installation.pk).update(region="us-east-1")
    turn.settle(installation)
    assert whose(installation) == Turn.CUSTOMER  # the results are stale: look again


def make_result_wait(installation: Installation, data: dict[str, str]) -> None:
    installation.check_results.filter(code="region_enabled").delete()
    fix = {"offer": {"kind": "enable_region", "label": "Turn it on", "data": data}}
    make_result(installation, "region_enabled", ("region",), status="failed", fix=fix)


@pytest.mark.django_db
def test_saving_a_step_may_take_the_turn_back() -> None:
    installation = short_of_quota()
    ask(installation)
    step = account.STEP
    assert step.form is not None
    typed = {"aws_account_id": installation.aws_account_id, "account_is_dedicated": "on"}
    form = step.form(installation, typed, partial=True)
    assert form.is_valid()
    owner = installation.organization.owners().get().user
    saved = installations.save_step(
        installation, step, form, by=owner, version=installation.version
    )
    assert saved.waits_for == Turn.CUSTOMER


@pytest.mark.django_db
def test_support_keeps_its_turn_whatever_aws_has_to_decide() -> None:
    installation = short_of_quota(status=Status.IN_REVIEW, waits_for=Turn.SUPPORT)
    ask(installation)
    assert whose(installation) == Turn.SUPPORT


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-23 14:00", 1, "2026-11-24 14:00"),
        ("2026-11-27 14:00", 1, "2026-11-30 14:00"),  # over a weekend
        ("2026-11-26 14:00", 2, "2026-11-30 14:00"),
        ("2026-11-28 09:00", 1, "2026-12-01 00:00"),  # a Saturday counts from Monday on
        ("2026-11-29 23:59", 0, "2026-11-30 00:00"),
    ],
)
def test_working_days_are_monday_to_friday_in_utc(start: str, days: int, end: str) -> None:
    assert turn.working_days_after(at(start), days) == at(end)


def test_looking_back_finds_what_is_due_and_nothing_else() -> None:
    """`working_days_before` is the border that `working_days_after` draws."""
    first = at("2026-11-20 00:30")
    for days in (0, 1, 2, 5):
        for end in (first + n * HOUR for n in range(24 * 16)):
            border = turn.working_days_before(end, days)
            for start in (end - n * HOUR for n in range(24 * 12)):
                due = turn.working_days_after(start, days) <= end
                assert due == (start <= border), (days, start, end)


def test_a_promise_says_the_time_and_is_kept_or_openly_late() -> None:
    one = Installation(status=Status.SUBMITTED, status_since=at("2026-11-26 14:00"))
    kept = turn.promise(one, at("2026-11-27 13:59"))
    assert kept.sentence == "Support starts its review by Friday 27 November, 14:00 UTC."
    late = turn.promise(one, at("2026-11-27 14:01"))
    assert late.is_overdue
    assert "later than promised: it was due by Friday 27 November, 14:00 UTC." in late.sentence
    one.status_since = at("2026-11-28 09:00")
    assert turn.promise(one).when == "the end of Monday 30 November UTC"


@pytest.mark.parametrize("status", [*Status])
def test_every_status_has_a_sentence(status: Status) -> None:
    sentence = turn.promise(Installation(status=status, status_since=timezone.now())).sentence
    assert sentence.endswith(".") or turn_of(status) == Turn.NOBODY
    assert " by " in sentence or status not in turn.PROMISED


def test_the_days_are_settings(settings: Any) -> None:
    settings.PROMISED_DAYS = settings.PROMISED_DAYS | {"submitted": 3}
    one = Installation(status=Status.SUBMITTED, status_since=at("2026-11-23 14:00"))
    assert turn.promise(one).until == at("2026-11-26 14:00")
    draft = Installation(status=Status.DRAFT, status_since=at("2026-11-23 14:00"))
    assert "within 3 working days" in turn.promise(draft).sentence
