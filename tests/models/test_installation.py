import pytest
from django.db import IntegrityError, transaction

from onboarding.facts import CONTROL_PLANE_ACCOUNT
from onboarding.models import MOVES, IllegalMove, Installation, Status
from tests.factories import make_installation, make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("start", list(Status))
@pytest.mark.parametrize("to", list(MOVES))
def test_only_the_moves_in_the_table_are_possible(start: Status, to: Status) -> None:
    installation = make_installation(status=start)

    if start in MOVES[to]:
        installation.move(to)
    else:
        with pytest.raises(IllegalMove):
            installation.move(to)

    stored = Installation.objects.get(pk=installation.pk)
    assert stored.status == (to if start in MOVES[to] else start)


def test_a_move_made_meanwhile_by_somebody_else_is_not_made_again() -> None:
    mine = make_installation(status=Status.SUBMITTED)
    theirs = Installation.objects.get(pk=mine.pk)
    theirs.move(Status.IN_REVIEW)

    with pytest.raises(IllegalMove):
        mine.move(Status.IN_REVIEW)


def test_the_database_refuses_astros_own_account() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_installation(aws_account_id=CONTROL_PLANE_ACCOUNT)


def test_an_open_cluster_name_is_unique_in_its_organization_whatever_its_case() -> None:
    organization = make_organization()
    make_installation(organization, cluster_name="Prod")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_installation(organization, cluster_name="prod")
    make_installation(make_organization(), cluster_name="prod")


def test_the_name_of_a_cancelled_installation_is_free_again() -> None:
    organization = make_organization()
    make_installation(organization, cluster_name="prod", status=Status.CANCELLED)

    make_installation(organization, cluster_name="prod")


def test_only_people_of_the_organization_see_an_installation() -> None:
    owner, stranger = make_user(), make_user()
    make_organization(stranger)
    installation = make_installation(make_organization(owner))

    assert list(Installation.objects.visible_to(owner)) == [installation]
    assert not Installation.objects.visible_to(stranger)
