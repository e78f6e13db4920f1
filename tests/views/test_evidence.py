"""The evidence pack of an installation, as people take it from the portal and from the desk."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from onboarding.models import Event
from onboarding.services import evidence_json
from tests.views.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
BY_EVERYBODY_INSIDE = pytest.mark.parametrize("name", ["owner", "member"])


@pytest.fixture
def cast() -> Cast:
    return make_cast(answered=True)


def taken(cast: Cast) -> list[Any]:
    events = cast.installation.events.filter(kind=Event.Kind.EVIDENCE_EXPORTED)
    return [(event.by, event.data["format"]) for event in events]


def press(client: Client, cast: Cast, name: str) -> Any:
    return client.post(reverse(name, args=[cast.installation.pk]))


@BY_EVERYBODY_INSIDE
def test_the_page_offers_both_files_to_everybody_inside(cast: Cast, name: str) -> None:
    page = cast.client(name).get(reverse("evidence", args=[cast.installation.pk])).content.decode()
    for each in ("evidence_json", "evidence_pdf"):
        assert f'action="{reverse(each, args=[cast.installation.pk])}"' in page
    assert taken(cast) == []


@BY_EVERYBODY_INSIDE
def test_the_files_are_saved_and_it_is_written_down(cast: Cast, name: str) -> None:
    client = cast.client(name)
    found, printed = press(client, cast, "evidence_json"), press(client, cast, "evidence_pdf")
    assert evidence_json.problems(json.loads(found.getvalue())) == []
    assert printed.getvalue().startswith(b"%PDF-")
    file = f"astro-evidence-{cast.installation.aws_account_id}"
    for response, kind in ((found, "json"), (printed, "pdf")):
        assert response["Content-Type"] == f"application/{kind}"
        assert response["Content-Disposition"] == f'attachment; filename="{file}.{kind}"'
        assert "no-store" in response["Cache-Control"]
    assert taken(cast) == [(cast.people[name], "json"), (cast.people[name], "pdf")]


def test_a_link_takes_nothing(cast: Cast) -> None:
    assert (
        cast.client("owner").get(reverse("evidence_pdf", args=[cast.installation.pk])).status_code
        == 405
    )
    assert taken(cast) == []


def test_the_status_page_leads_there(cast: Cast) -> None:
    cast.installation.events.all()
    type(cast.installation).objects.update(status="submitted")
    page = cast.client("member").get(reverse("status", args=[cast.installation.pk]))
    assert reverse("evidence", args=[cast.installation.pk]) in page.content.decode()


@pytest.mark.parametrize("kind", ["json", "pdf"])
def test_support_takes_it_from_the_dossier(cast: Cast, kind: str) -> None:
    client = cast.client("staff")
    args = [cast.installation.pk]
    dossier = client.get(reverse("admin:onboarding_installation_change", args=args))
    address = reverse("admin:onboarding_installation_evidence", args=[*args, kind])
    assert f'action="{address}"' in dossier.content.decode()
    response: Any = client.post(address)
    assert response["Content-Type"] == f"application/{kind}"
    assert b"agent@support.example" not in response.getvalue()
    assert taken(cast) == [(cast.people["staff"], kind)]


def test_the_desk_has_no_other_kind_and_gives_nothing_to_customers(cast: Cast) -> None:
    name, pk = "admin:onboarding_installation_evidence", cast.installation.pk
    staff = cast.client("staff")
    assert staff.post(reverse(name, args=[pk, "csv"])).status_code == 302
    assert staff.get(reverse(name, args=[pk, "json"])).status_code == 405
    for person in ("owner", "stranger", "anonymous"):
        assert cast.client(person).post(reverse(name, args=[pk, "json"])).status_code == 302
    assert taken(cast) == []
