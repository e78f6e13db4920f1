"""The page while AWS decides for days: asked seldom, and nothing on it looks busy."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.urls import reverse

from onboarding.models import Operation
from onboarding.views.live import latest, running
from tests.views.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
WATCHES = pytest.mark.parametrize("kind", ["watch_quotas", "enable_region"])


@pytest.fixture
def cast() -> Cast:
    return make_cast(answered=True)


def fragment(cast: Cast, etag: str = "") -> Any:
    url = reverse("live", args=[cast.installation.pk, "checks"])
    headers = {"If-None-Match": etag} if etag else {}
    return cast.client("member").get(url, headers=headers)


def watching(cast: Cast, kind: str, *, sleeps: timedelta, since: timedelta) -> None:
    operation = Operation.request(
        cast.installation, Operation.Kind(kind), {"region": "ap-east-1", "status": "ENABLING"}
    )
    Operation.objects.filter(pk=operation.pk).update(
        run_after=Now() + sleeps, created_at=Now() - since
    )


@WATCHES
@pytest.mark.parametrize(
    ("sleeps", "since", "every"),
    [
        (timedelta(0), timedelta(0), "700ms"),
        (timedelta(minutes=2), timedelta(minutes=1), "5s"),
        (timedelta(hours=6), timedelta(days=3), "30s"),
    ],
)
def test_the_page_asks_the_more_seldom_the_longer_aws_takes(
    cast: Cast, kind: str, sleeps: timedelta, since: timedelta, every: str
) -> None:
    watching(cast, kind, sleeps=sleeps, since=since)
    assert f'hx-trigger="every {every}"' in fragment(cast).content.decode()


@WATCHES
def test_a_watcher_asleep_makes_nothing_look_busy(cast: Cast, kind: str) -> None:
    watching(cast, kind, sleeps=timedelta(0), since=timedelta(0))
    assert running(latest(cast.installation)) == {kind}
    watching(cast, kind, sleeps=timedelta(hours=1), since=timedelta(0))
    assert running(latest(cast.installation)) == set()


@WATCHES
def test_other_work_is_followed_as_ever_beside_a_watcher_asleep(cast: Cast, kind: str) -> None:
    watching(cast, kind, sleeps=timedelta(hours=6), since=timedelta(days=3))
    Operation.request(cast.installation, Operation.Kind.CHECK_ACCOUNT)
    assert 'hx-trigger="every 700ms"' in fragment(cast).content.decode()
    assert running(latest(cast.installation)) == {"check_account"}


@WATCHES
def test_what_the_page_shows_already_is_not_sent_again(cast: Cast, kind: str) -> None:
    watching(cast, kind, sleeps=timedelta(hours=6), since=timedelta(days=3))
    first = fragment(cast)
    assert fragment(cast, first["ETag"]).status_code == 304
