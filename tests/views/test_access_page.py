"""What the access step shows: the rows in order, how fresh they are, and what has changed."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from onboarding.models import CheckResult, Installation, Operation, Status
from onboarding.wizard.steps.access import ROLE_CODES
from tests.editions import put_into_effect, with_grant
from tests.factories import make_result
from tests.views.cast import Cast, make_cast, put

pytestmark = pytest.mark.django_db
PROVED_AT = "2031-05-01T12:00:00+00:00"
NOTE = "AWS refuses Astro, though it gives your external ID."


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return make_cast(account_is_dedicated=True, status_page_subscribed=True, domains_allowed=True)


def results(cast: Cast, **statuses: str) -> None:
    """Those given, the others passed; None leaves one out."""
    for position, code in enumerate(ROLE_CODES):
        make_result(
            cast.installation,
            code,
            ("aws_account_id",),
            status=statuses.get(code, "passed"),
            position=position,
        )


def page(cast: Cast, who: str = "member") -> str:
    url = reverse("step", args=[cast.installation.pk, "access"])
    return cast.client(who).get(url).content.decode()


def drifted(cast: Cast, **data: Any) -> None:
    values = {"account_id": cast.installation.aws_account_id, "change": "GONE"}
    cast.installation.events.create(
        organization=cast.organization,
        kind="role_drifted",
        note=NOTE,
        data=values | {"proved_at": PROVED_AT} | data,
    )


def has_version(cast: Cast, number: int | None) -> None:
    Installation.objects.filter(pk=cast.installation.pk).update(policy_version=number)


def test_the_version_of_the_role_stands_beside_the_one_in_effect(cast: Cast) -> None:
    results(cast)
    assert "version 1 of the permissions" not in page(cast), "None was recognised yet."
    has_version(cast, 1)
    assert "The role has version 1 of the permissions. " in page(cast)

    put_into_effect(with_grant(2, ["eks:CreateAccessEntry"]))

    assert "The role has version 1 of the permissions; version 2 is in effect. " in page(cast)
    review = reverse("step", args=[cast.installation.pk, "review"])
    answers = cast.client("member").get(review).content.decode()
    assert "Created and proved safe, permissions version 1" in answers


def test_the_version_of_another_accounts_role_is_not_shown(cast: Cast) -> None:
    results(cast)
    has_version(cast, 1)
    Installation.objects.filter(pk=cast.installation.pk).update(aws_account_id="310987654321")

    assert "version 1 of the permissions" not in page(cast)


def test_the_rows_stand_in_the_order_they_are_proved(cast: Cast) -> None:
    results(cast)

    assert re.findall(r'id="result-(role_\w+)"', page(cast)) == list(ROLE_CODES)


@pytest.mark.parametrize(
    ("statuses", "heading", "may_go_on"),
    [
        ({}, "The role is there and safe", True),
        ({"role_permissions": "warning"}, "The role is there and safe", True),
        ({"role_permissions": "failed"}, "The role is safe, but cannot do its work yet", False),
        ({"role_permissions": "could_not_check"}, "The role is safe, but cannot", False),
        ({"role_refuses_wrong": "failed"}, "The role is not safe yet", False),
        ({"role_exists": "waiting", "role_opens": "waiting"}, "Waiting for the role", False),
    ],
)
def test_the_heading_says_how_it_stands(
    cast: Cast, statuses: dict[str, str], heading: str, may_go_on: bool
) -> None:
    results(cast, **statuses)

    html = page(cast)

    assert f"<h2>{heading}" in html
    assert (">Continue</a>" in html) is may_go_on


def test_a_proof_says_since_when_it_holds(cast: Cast) -> None:
    results(cast)
    at = datetime(2031, 5, 1, 12, 30, tzinfo=UTC)
    CheckResult.objects.update(checked_at=at)

    html = page(cast)

    assert "Last proved 1 May 2031, 12:30 UTC" in html
    assert f'<time data-ago datetime="{at.isoformat()}">1 May, 12:30 UTC</time>' in html


def test_freshness_waits_until_the_looking_is_over(cast: Cast) -> None:
    """Each look would else send the page anew."""
    results(cast)
    Operation.request(cast.installation, Operation.Kind.VERIFY_ROLE)

    assert "data-ago" not in page(cast)


def test_a_doubt_is_said_before_anything_is_taken_for_changed(cast: Cast) -> None:
    results(cast)
    doubt = {"change": "GONE", "since": PROVED_AT, "looks": 1}
    Operation.request(cast.installation, Operation.Kind.VERIFY_ROLE, doubt)

    html = page(cast)

    assert "before we take it for a change" in html
    assert "The role is there and safe" in html


def test_a_change_is_shown_on_every_page_about_the_installation(cast: Cast) -> None:
    results(cast, role_exists="waiting", role_opens="waiting")
    drifted(cast)
    put(cast.installation, Status.CONFIRMED)
    staff = cast.people["staff"]
    assert staff.is_staff

    status = reverse("status", args=[cast.installation.pk])
    desk = reverse("admin:onboarding_installation_change", args=[cast.installation.pk])
    html = page(cast)

    assert "The role no longer opens" in html
    assert "since we proved it on 1 May 2031, 12:00 UTC" in html
    for shown in (html, cast.client("owner").get(status).content.decode(), dossier(cast, desk)):
        assert "has changed since we proved it" in shown
        assert NOTE in shown


def dossier(cast: Cast, url: str) -> str:
    return cast.client("staff").get(url).content.decode()


def test_a_proof_ends_it_and_another_account_has_none_of_it(cast: Cast) -> None:
    drifted(cast, account_id="999999999999")
    assert "has changed since" not in page(cast)
    drifted(cast)
    assert "has changed since" in page(cast)

    data = {"account_id": cast.installation.aws_account_id}
    cast.installation.events.create(organization=cast.organization, kind="role_proved", data=data)

    assert "has changed since" not in page(cast)


def look(cast: Cast) -> str:
    url = reverse("look_for_role", args=[cast.installation.pk])
    return cast.client("member").post(url, follow=True).content.decode()


def test_a_second_click_is_answered_calmly(cast: Cast) -> None:
    assert "We looked a few seconds ago" not in look(cast)
    assert "We looked a few seconds ago. What we found is below." in look(cast)
    assert cast.installation.operations.count() == 1


@pytest.mark.parametrize("status", [one for one in Status if one != Status.DRAFT])
def test_one_may_look_in_every_status_but_cancelled(cast: Cast, status: Status) -> None:
    put(cast.installation, status)

    look(cast)

    allowed = status != Status.CANCELLED
    assert cast.installation.operations.exists() is allowed
    assert ("Look now" in page(cast)) is allowed


def test_without_an_account_there_is_nothing_to_look_at(cast: Cast) -> None:
    Installation.objects.filter(pk=cast.installation.pk).update(aws_account_id="")

    look(cast)

    assert not cast.installation.operations.exists()
