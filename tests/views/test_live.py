"""Fragments that keep themselves fresh: 304 while nothing changed, and quiet when all is done."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from onboarding.models import Operation
from onboarding.wizard import STEPS
from tests.factories import make_result
from tests.views.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
LIVE = [step.slug for step in STEPS if step.live]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def address(cast: Cast, slug: str = "access") -> str:
    return reverse("live", args=[cast.installation.pk, slug])


def ask(client: Client, cast: Cast, etag: str = "", slug: str = "access") -> Any:
    headers = {"If-None-Match": etag} if etag else {}
    return client.get(address(cast, slug), headers=headers)


def working(cast: Cast, minutes: int = 0) -> Operation:
    operation = Operation.request(cast.installation, Operation.Kind.VERIFY_ROLE)
    since = Now() - timedelta(minutes=minutes)
    Operation.objects.filter(pk=operation.pk).update(created_at=since)
    return operation


@pytest.mark.parametrize("slug", LIVE)
def test_what_the_page_shows_already_is_not_sent_again(cast: Cast, slug: str) -> None:
    client = cast.client("member")
    first = ask(client, cast, slug=slug)
    assert first.status_code == 200
    again = ask(client, cast, first["ETag"], slug)
    assert (again.status_code, again.content) == (304, b"")


def test_a_result_a_worker_wrote_shows_at_the_next_ask(cast: Cast) -> None:
    client = cast.client("member")
    working(cast)
    etag = ask(client, cast)["ETag"]
    make_result(cast.installation, "role_exists", ("aws_account_id",), saw="The role is there.")
    response = ask(client, cast, etag)
    assert response.status_code == 200
    assert response["ETag"] != etag
    page = response.content.decode()
    assert "The role is there." in page
    assert 'id="rail"' in page
    assert 'hx-swap-oob="true"' in page


@pytest.mark.parametrize("slug", LIVE)
def test_the_page_starts_with_the_same_fragment(cast: Cast, slug: str) -> None:
    client = cast.client("owner")
    working(cast)
    make_result(cast.installation, "role_exists", ("aws_account_id",))
    for done in ("aws_account_id", "cluster_name", "domains_allowed"):
        assert hasattr(cast.installation, done)
    page = client.get(reverse("step", args=[cast.installation.pk, slug])).content.decode()
    if 'id="live"' in page:
        etag = ask(client, cast, slug=slug)["ETag"].strip('"')
        assert f'"If-None-Match": "\\"{etag}\\""' in page


@pytest.mark.parametrize(
    ("minutes", "every"), [(0, "700ms"), (11, "700ms"), (13, "5s"), (600, "5s")]
)
def test_the_page_asks_often_at_first_and_seldom_later(
    cast: Cast, minutes: int, every: str
) -> None:
    working(cast, minutes)
    page = ask(cast.client("member"), cast).content.decode()
    assert f'hx-trigger="every {every}"' in page
    assert f'hx-get="{address(cast)}"' in page


def test_the_page_stops_asking_when_nothing_is_under_way(cast: Cast) -> None:
    client, operation = cast.client("member"), working(cast)
    etag = ask(client, cast)["ETag"]
    Operation.objects.filter(pk=operation.pk).update(state=Operation.State.DONE)
    response = ask(client, cast, etag)
    assert response.status_code == 200
    assert "hx-get" not in response.content.decode()


def test_a_failure_is_told_with_its_details_and_not_after_a_newer_try(cast: Cast) -> None:
    client = cast.client("member")
    failed = Operation.objects.create(
        installation=cast.installation,
        kind=Operation.Kind.CREATE_ROLE,
        state=Operation.State.FAILED,
        problem="A role of that name is there already.",
        data={"details": ["- Effect: Deny"]},
    )
    page = ask(client, cast).content.decode()
    assert failed.problem in page
    assert "- Effect: Deny" in page
    Operation.request(cast.installation, Operation.Kind.CREATE_ROLE)
    assert failed.problem not in ask(client, cast).content.decode()


@pytest.mark.parametrize(("slug", "seconds"), [("access", 10), ("checks", 5)])
def test_without_scripts_the_page_reloads_itself_while_work_is_under_way(
    slug: str, seconds: int
) -> None:
    cast = make_cast(answered=True)
    client = cast.client("member")
    reload = f'<noscript><meta http-equiv="refresh" content="{seconds}"></noscript>'
    url = reverse("step", args=[cast.installation.pk, slug])
    assert reload not in client.get(url).content.decode()
    Operation.request(cast.installation, Operation.Kind.VERIFY_ROLE)
    assert reload in client.get(url).content.decode()


def test_steps_without_anything_live_have_no_fragment(cast: Cast) -> None:
    for step in STEPS:
        if not step.live:
            assert ask(cast.client("owner"), cast, slug=step.slug).status_code == 404


def test_the_status_page_follows_support(cast: Cast) -> None:
    client = cast.client("member")
    url = reverse("status_live", args=[cast.installation.pk])
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    cast.installation.events.create(
        organization=cast.organization, kind="building", note="We began.", by=cast.people["staff"]
    )
    response = client.get(url, headers={"If-None-Match": etag})
    assert response.status_code == 200
    assert "We began." in response.content.decode()
