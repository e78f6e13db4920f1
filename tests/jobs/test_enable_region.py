"""An opt-in Region from the click until AWS is done: turned on once, watched, told once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from onboarding.jobs import operations
from onboarding.models import Installation, Mail, Operation, Status
from onboarding.services import regions
from tests.aws.simulated import SimulatedAws
from tests.jobs.quota_cases import Case, make_case

pytestmark = pytest.mark.django_db
KIND = Operation.Kind.ENABLE_REGION
HONG_KONG = "ap-east-1"
State = Operation.State


@pytest.fixture
def case(aws: SimulatedAws) -> Case:
    return of(make_case(aws))


def of(case: Case) -> Case:
    """The installation in Hong Kong, which the account has off."""
    Installation.objects.filter(pk=case.installation.pk).update(region=HONG_KONG)
    case.installation.region = HONG_KONG
    case.aws.set_region(case.account_id, HONG_KONG, "DISABLED")
    return case


def ask(case: Case) -> Operation:
    return regions.enable(case.installation, region=HONG_KONG, by=case.owner)


def work(case: Case) -> timedelta | None:
    waiting = case.installation.operations.unfinished().filter(kind=KIND)
    waiting.update(run_after=timezone.now() - timedelta(seconds=1))
    return operations.run(str(waiting.get().pk))


def operation(case: Case) -> Operation:
    return case.installation.operations.get(kind=KIND)


def turned_on(case: Case) -> int:
    return len(case.aws.calls(case.account_id, "^account:EnableRegion$"))


def events(case: Case) -> list[str]:
    about = case.installation.events.filter(kind__startswith="region_")
    return list(about.values_list("kind", flat=True))


def test_it_is_turned_on_once_and_watched_until_aws_is_done(case: Case) -> None:
    ask(case)
    assert work(case) == timedelta(seconds=10)
    assert (operation(case).state, operation(case).data["status"]) == (State.QUEUED, "ENABLING")
    assert case.checks_wait()  # the check says that it is AWS's turn
    case.forget_checks()
    assert work(case) is not None
    assert (turned_on(case), case.checks_wait()) == (1, False)
    case.aws.set_region(case.account_id, HONG_KONG, "ENABLED")

    assert work(case) is None

    assert operation(case).state == State.DONE
    assert events(case) == ["region_requested", "region_enabled"]
    assert case.mails() == ["region_enabled"]
    assert HONG_KONG in Mail.objects.get().subject
    assert case.checks_wait()


def test_one_that_is_on_already_is_told_on_the_page_alone(case: Case) -> None:
    case.aws.set_region(case.account_id, HONG_KONG, "ENABLED")
    ask(case)

    assert work(case) is None
    assert (turned_on(case), case.mails()) == (0, [])
    assert case.checks_wait()


@pytest.mark.parametrize("status", ["ENABLING", "DISABLING"])
def test_one_that_aws_works_on_is_only_watched(case: Case, status: str) -> None:
    case.aws.set_region(case.account_id, HONG_KONG, status)
    ask(case)

    assert work(case) is not None
    assert turned_on(case) == 0


def test_a_worker_that_dies_after_the_call_turns_nothing_on_twice(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(case)
    with monkeypatch.context() as broken:
        broken.setattr(Operation, "again", die)
        with pytest.raises(RuntimeError):
            work(case)
    Operation.objects.filter(kind=KIND).update(lease_until=timezone.now() - timedelta(minutes=1))

    operations.run(str(operation(case).pk))

    assert turned_on(case) == 1
    assert operation(case).data["status"] == "ENABLING"


def die(*_: object, **__: object) -> None:
    raise RuntimeError("killed")


def test_asked_twice_it_keeps_what_it_knows(case: Case) -> None:
    ask(case)
    work(case)
    since = operation(case).data["since"]
    ask(case)
    work(case)

    assert (operation(case).data["since"], turned_on(case)) == (since, 1)
    assert events(case) == ["region_requested"]


def test_without_the_permission_the_customer_gets_the_steps(aws: SimulatedAws) -> None:
    case = of(make_case(aws, actions=("account:GetRegionOptStatus",)))
    ask(case)

    assert work(case) is None
    failed = operation(case)
    assert failed.state == State.FAILED
    assert "account:EnableRegion" in failed.problem
    fix = failed.data["explanation"]["fix"]
    assert fix["command"] == f"aws account enable-region --region-name {HONG_KONG}"
    assert fix["steps"]
    assert fix["link"].startswith("https://us-east-1.console.aws.amazon.com/")
    assert (case.mails(), events(case)) == ([], ["region_requested"])


def test_a_busy_aws_is_asked_again_and_does_not_use_up_the_tries(case: Case) -> None:
    ask(case)
    work(case)
    case.aws.simulator.knobs(throttle={"account:*": 100})
    for _ in range(7):
        assert work(case) is not None
    case.aws.simulator.knobs(throttle={"account:*": 0})
    case.aws.set_region(case.account_id, HONG_KONG, "ENABLED")

    assert work(case) is None
    assert operation(case).state == State.DONE


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (timedelta(minutes=5), timedelta(seconds=30)),
        (timedelta(minutes=30), timedelta(minutes=2)),
        (timedelta(hours=9), timedelta(minutes=10)),
    ],
)
def test_it_looks_seldom_as_hours_pass(case: Case, age: timedelta, wait: timedelta) -> None:
    ask(case)
    Operation.objects.filter(kind=KIND).update(created_at=timezone.now() - age)
    assert work(case) == wait
    assert operation(case).attempt == 0


def test_after_a_day_the_customer_is_told_to_look(case: Case) -> None:
    case.aws.set_region(case.account_id, HONG_KONG, "ENABLING")
    ask(case)
    Operation.objects.filter(kind=KIND).update(created_at=timezone.now() - timedelta(hours=25))

    assert work(case) is None
    assert "for a day" in operation(case).problem


@pytest.mark.parametrize(
    "changed",
    [{"status": Status.CANCELLED}, {"region": "us-east-1"}, {"aws_account_id": "790987654321"}],
)
def test_what_is_no_longer_wanted_is_not_turned_on(case: Case, changed: dict[str, str]) -> None:
    ask(case)
    Installation.objects.filter(pk=case.installation.pk).update(**changed)
    before = len(case.aws.journal(case.account_id))

    assert work(case) is None
    assert len(case.aws.journal(case.account_id)) == before
    assert (case.mails(), case.checks_wait()) == ([], False)
