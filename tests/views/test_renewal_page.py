"""The page on which Owners renew the external ID: what is left to do, and what follows from what."""

from typing import Any

import pytest
from django.urls import reverse

from onboarding.models import CheckResult, Event, Installation, Organization
from onboarding.services import external_id
from tests.factories import make_answered
from tests.views.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = make_cast(answered=True)
    proved(cast.installation)
    return cast


def proved(installation: Installation) -> None:
    Event.objects.create(
        organization=installation.organization,
        installation=installation,
        kind=Event.Kind.ROLE_PROVED,
        data={"account_id": installation.aws_account_id},
    )


def page_of(cast: Cast, who: str = "owner") -> str:
    url = reverse("external_id_renewal", args=[cast.organization.pk])
    return str(cast.client(who).get(url).content.decode())


def now(cast: Cast) -> Organization:
    return Organization.objects.get(pk=cast.organization.pk)


def renew(cast: Cast) -> Any:
    url = reverse("external_id_renewal", args=[cast.organization.pk])
    return cast.confirmed("owner").post(url, follow=True)


def test_it_says_first_what_will_happen(cast: Cast) -> None:
    page = page_of(cast)
    assert "You update one role in AWS" in page
    assert "The former one stays valid" in page


def test_it_begins_only_after_the_password(cast: Cast) -> None:
    url = reverse("external_id_renewal", args=[cast.organization.pk])
    asked = cast.client("owner").post(url)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not now(cast).is_renewing_external_id


def test_it_then_shows_the_steps_for_each_way_and_role(cast: Cast) -> None:
    page = renew(cast).content.decode()
    assert now(cast).is_renewing_external_id
    account = cast.installation.aws_account_id
    for step in (
        "Use existing template",
        "aws cloudformation update-stack",
        "aws iam update-assume-role-policy",
        f"= {account}",
        "export TF_VAR_external_id=",
        "Edit trust policy",
    ):
        assert step in page
    assert now(cast).reveal_external_id() not in page
    assert now(cast).reveal_former_external_id() not in page


def test_a_second_one_is_refused_while_one_is_under_way(cast: Cast) -> None:
    renew(cast)
    before = now(cast).external_id_fingerprint
    assert "renewed already" in renew(cast).content.decode()
    assert now(cast).external_id_fingerprint == before


def test_what_shows_is_the_new_one(cast: Cast) -> None:
    former = now(cast).reveal_external_id()
    renew(cast)
    url = reverse("external_id", args=[cast.organization.pk])
    back = reverse("external_id_renewal", args=[cast.organization.pk])
    shown = cast.confirmed("owner").post(url, {"back": back})
    assert now(cast).reveal_external_id() in shown.content.decode()
    assert former not in shown.content.decode()
    assert shown.context["back"] == back


def test_a_role_is_left_until_it_is_seen_with_the_new_one_alone(cast: Cast) -> None:
    renew(cast)
    assert "Not seen yet" in page_of(cast)
    opens = CheckResult.objects.filter(installation=cast.installation, code="role_opens")
    opens.update(status="warning")
    assert "Still the former one" in page_of(cast)
    opens.update(status="passed")
    Event.objects.create(
        organization=cast.organization,
        installation=cast.installation,
        kind=Event.Kind.EXTERNAL_ID_ROTATED,
        data={
            "account_id": cast.installation.aws_account_id,
            "version": now(cast).external_id_version,
        },
    )
    assert "Every role is updated" in page_of(cast)
    assert "Has the new one alone" in page_of(cast)


def test_retiring_by_hand_asks_for_the_password_and_says_what_follows(cast: Cast) -> None:
    renew(cast)
    assert "no longer opens for Astro" in page_of(cast)
    url = reverse("external_id_renewal_end", args=[cast.organization.pk])
    asked = cast.client("owner").post(url)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert now(cast).is_renewing_external_id
    assert cast.confirmed("owner").post(url).status_code == 302
    assert not now(cast).is_renewing_external_id


def test_the_access_step_says_that_it_is_being_renewed(cast: Cast) -> None:
    external_id.renew(cast.organization, by=cast.people["owner"])
    url = reverse("step", args=[cast.installation.pk, "access"])
    here = reverse("external_id_renewal", args=[cast.organization.pk])
    assert here in cast.client("owner").get(url).content.decode()
    member = cast.client("member").get(url).content.decode()
    assert "being renewed" in member
    assert here not in member


def test_it_asks_the_database_as_often_for_thirty_roles_as_for_one(
    cast: Cast, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    renew(cast)
    client = cast.client("owner")
    url = reverse("external_id_renewal", args=[cast.organization.pk])
    client.get(url)
    with django_assert_max_num_queries(12) as few:
        client.get(url)
    for number in range(30):
        proved(make_answered(cast.organization, cluster_name=f"more-{number}"))
    with django_assert_num_queries(len(few)):
        client.get(url)
