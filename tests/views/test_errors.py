"""What went wrong is told calmly, with what to do next, and never with how it broke."""

import pytest
from django.test import Client
from django.urls import reverse

from onboarding.services import installations
from tests.views.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.mark.parametrize(
    ("who", "way"), [("anonymous", "Sign in"), ("member", "Your installations")]
)
def test_a_page_that_is_not_there_says_why_it_may_be_so(cast: Cast, who: str, way: str) -> None:
    response = cast.client(who).get("/nowhere/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "The address may be mistyped, or it belongs to an Organization you are not in." in page
    assert f'<a class="btn" href="/">{way}</a>' in page


def test_what_only_owners_may_do_says_so(cast: Cast) -> None:
    url = reverse("external_id", args=[cast.organization.pk])
    response = cast.client("member").post(url)
    assert response.status_code == 403
    assert "Ask an Owner of your Organization" in response.content.decode()


def test_a_page_that_was_open_for_too_long_says_that_nothing_is_lost(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.people["owner"])
    response = client.post(reverse("installation_new"))
    assert response.status_code == 403
    assert "Nothing was lost: go back, and send it again." in response.content.decode()


def test_a_fault_of_ours_shows_a_plain_page_and_keeps_what_was_stored(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **values: object) -> None:
        raise RuntimeError("the-secret-of-the-machine")

    monkeypatch.setattr(installations, "start", broken)
    client = Client(raise_request_exception=False)
    client.force_login(cast.people["owner"])
    response = client.post(reverse("installation_new"))
    page = response.content.decode()
    assert response.status_code == 500
    assert "What you had saved is safe." in page
    for word in ("the-secret-of-the-machine", "Traceback", "RuntimeError", ".py"):
        assert word not in page
