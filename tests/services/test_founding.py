"""Founding in the same moment: whoever the database lets through is the one Owner."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection

from onboarding.facts.text import looks_like
from onboarding.models import Event, Membership, Organization, User
from onboarding.services import members, organizations
from tests.factories import make_organization, make_user
from tests.services.together import at_once

ORGANIZATIONS, THREADS = 100, 6


@pytest.mark.django_db(transaction=True)
def test_asvs_2_3_4_of_six_who_found_one_organization_at_once_one_does() -> None:
    people = [make_user() for _ in range(THREADS)]
    told: Counter[str] = Counter()

    def found(user: User, number: int) -> None:
        try:
            organizations.found(name="Race", short_name=f"race-{number}", by=user)
        except organizations.ShortNameTaken:
            told["taken"] += 1
        else:
            told["founded"] += 1

    def in_turn(user: User) -> Callable[[], None]:
        def work() -> None:
            for number in range(ORGANIZATIONS):
                found(user, number)

        return work

    at_once(in_turn(user) for user in people)
    assert told == {"founded": ORGANIZATIONS, "taken": ORGANIZATIONS * (THREADS - 1)}
    assert Organization.objects.count() == ORGANIZATIONS
    founders = Membership.objects.filter(is_founder=True, role=Membership.Role.OWNER)
    assert founders.values("organization").distinct().count() == ORGANIZATIONS
    assert Membership.objects.count() == founders.count() == ORGANIZATIONS
    assert Event.objects.filter(kind=Event.Kind.FOUNDED).count() == ORGANIZATIONS


@pytest.mark.django_db(transaction=True)
def test_asvs_2_3_4_the_database_itself_takes_one_founder_an_organization() -> None:
    """Without any code of ours between: six founders inserted at once into each of a hundred."""
    made = [
        Organization.objects.create(
            name="Race", short_name=f"race-{number}", external_id_fingerprint=str(number)
        )
        for number in range(ORGANIZATIONS)
    ]
    people = [make_user() for _ in range(THREADS)]
    refused: Counter[str] = Counter()

    def insert_everywhere(user: User) -> Callable[[], None]:
        def insert() -> None:
            for organization in made:
                try:
                    Membership.objects.create(
                        organization=organization, user=user, role="owner", is_founder=True
                    )
                except IntegrityError:
                    refused["refused"] += 1

        return insert

    at_once(insert_everywhere(user) for user in people)
    assert Membership.objects.count() == ORGANIZATIONS
    assert Membership.objects.values("organization").distinct().count() == ORGANIZATIONS
    assert refused["refused"] == ORGANIZATIONS * (THREADS - 1)


@pytest.mark.django_db
def test_who_has_confirmed_no_address_founds_nothing() -> None:
    with pytest.raises(members.NotVerified):
        organizations.found(name="Acme", short_name="acme", by=make_user(verified=False))
    assert not Organization.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("there", "near"),
    [
        ("acme", "acrne"),
        ("acme", "ac-me"),
        ("globex", "g1obex"),
        ("globex", "giobex"),
        ("inite", "lnlte"),
        ("soylent", "s0ylent"),
        ("wayne", "vvayne"),
        ("corner", "comer"),
        ("a-i0rn", "al-om"),
    ],
)
def test_a_short_name_that_looks_like_another_is_taken(there: str, near: str) -> None:
    make_organization(short_name=there)
    assert looks_like(there) == looks_like(near)
    assert Organization.objects.looking_like(near).get().short_name == there
    with pytest.raises(organizations.ShortNameTaken):
        organizations.found(name="Twin", short_name=near, by=make_user())


@pytest.mark.django_db
@pytest.mark.parametrize("other", ["acne", "acmes", "akme", "acme2", "adcme"])
def test_a_short_name_that_reads_otherwise_is_free(other: str) -> None:
    make_organization(short_name="acme")
    assert not Organization.objects.looking_like(other).exists()
    organizations.found(name="Other", short_name=other, by=make_user())


def test_the_races_are_run_where_production_runs(db: None) -> None:
    assert connection.vendor == "postgresql"
