from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from onboarding.models import LEASE, LostLease, Operation
from tests.factories import make_installation

pytestmark = pytest.mark.django_db

Kind, State = Operation.Kind, Operation.State


def make_operation() -> Operation:
    return Operation.request(make_installation(), Kind.CHECK_ACCOUNT)


def let_lease_run_out(operation: Operation) -> None:
    Operation.objects.filter(pk=operation.pk).update(lease_until=Now() - timedelta(seconds=1))


def test_an_operation_is_claimed_once() -> None:
    operation = make_operation()

    assert Operation.claim(str(operation.pk)) is not None
    assert Operation.claim(str(operation.pk)) is None


def test_a_claim_counts_the_attempt_before_any_work() -> None:
    operation = make_operation()

    Operation.claim(str(operation.pk))

    operation.refresh_from_db()
    assert operation.attempt == 1
    assert operation.state == State.RUNNING


def test_an_operation_is_not_to_be_had_before_its_time() -> None:
    operation = make_operation()
    Operation.objects.filter(pk=operation.pk).update(run_after=Now() + timedelta(seconds=30))

    assert Operation.claim(str(operation.pk)) is None


def test_an_abandoned_operation_is_taken_over() -> None:
    operation = make_operation()
    Operation.claim(str(operation.pk))
    let_lease_run_out(operation)

    taken = Operation.claim(str(operation.pk))

    assert taken is not None
    assert taken.attempt == 2


@pytest.mark.parametrize("late_write", ["finish", "renew", "hold"])
def test_a_worker_that_lost_its_lease_cannot_write(late_write: str) -> None:
    operation = make_operation()
    zombie = Operation.claim(str(operation.pk))
    let_lease_run_out(operation)
    Operation.claim(str(operation.pk))

    with pytest.raises(LostLease), transaction.atomic():
        getattr(zombie, late_write)()

    operation.refresh_from_db()
    assert operation.state == State.RUNNING


def test_a_lease_is_renewed_by_the_databases_clock() -> None:
    claimed = Operation.claim(str(make_operation().pk))
    assert claimed is not None
    let_lease_run_out(claimed)

    claimed.renew()

    almost_all = Now() + LEASE - timedelta(seconds=5)
    assert Operation.objects.filter(pk=claimed.pk, lease_until__gt=almost_all).exists()


def test_work_that_moved_on_starts_counting_attempts_again() -> None:
    claimed = Operation.claim(str(make_operation().pk))
    assert claimed is not None

    claimed.again(timedelta(0), {"seen": 1})

    claimed.refresh_from_db()
    assert (claimed.state, claimed.attempt, claimed.data) == (State.QUEUED, 0, {"seen": 1})


def test_asking_again_hurries_the_waiting_operation_instead_of_adding_one() -> None:
    operation = make_operation()
    Operation.objects.filter(pk=operation.pk).update(run_after=Now() + timedelta(hours=1))

    again = Operation.request(operation.installation, Kind.CHECK_ACCOUNT)

    assert again.pk == operation.pk
    assert Operation.claim(str(again.pk)) is not None


def test_two_unfinished_operations_of_a_kind_cannot_exist() -> None:
    operation = make_operation()

    with pytest.raises(IntegrityError), transaction.atomic():
        Operation.objects.create(installation=operation.installation, kind=Kind.CHECK_ACCOUNT)
