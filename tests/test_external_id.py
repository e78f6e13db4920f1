"""The external ID: shown to Owners who gave their password, on the record, and nowhere else."""

from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from onboarding.models import (
    CheckResult,
    Event,
    Installation,
    Mail,
    Membership,
    Organization,
    Status,
    User,
)
from onboarding.services import external_id, handover
from onboarding.wizard import STEPS
from tests.factories import PASSWORD
from tests.views.addresses import ours
from tests.views.cast import Cast, everything_stored, make_cast, put

PAYLOADS = """
//evil.example
///evil.example
////evil.example/%2f..
/\\evil.example
\\\\evil.example
\\/evil.example
https:evil.example
https:/evil.example
https://evil.example
http://evil.example/organizations/
HTTPS://EVIL.EXAMPLE
ftp://evil.example
javascript:alert(1)
JaVaScRiPt:alert(1)
data:text/html,<script>alert(1)</script>
vbscript:msgbox
//127.0.0.1@evil.example
https://127.0.0.1:8000@evil.example/
//evil.example\\@127.0.0.1
/\t/evil.example
\x00//evil.example
\t//evil.example
\x01//evil.example
http:///evil.example
evil.example
""".strip("\n").split("\n")

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(answered=True)


def show(client: Client, cast: Cast, **posted: str) -> Any:
    return client.post(reverse("external_id", args=[cast.organization.pk]), posted)


def told(response: Any) -> str:
    body = response.getvalue()  # of a page, and of a download that comes piece by piece
    return body.decode() + str(response.headers) + str(response.cookies)


def pressed(client: Client, path: str, data: Any = None) -> Any:
    """The answer to a button; what it did does not stay, so that the next one is pressed too."""
    with transaction.atomic():
        response = client.post(path, data or {})
        transaction.set_rollback(True)
    return response


def renewing(cast: Cast) -> Organization:
    """In the middle of a renewal: two IDs are valid, and both are secret."""
    external_id.renew(cast.organization, by=cast.people["owner"])
    return Organization.objects.get(pk=cast.organization.pk)


def secrets_of(organization: Organization) -> tuple[str, ...]:
    return (
        organization.reveal_external_id(),
        organization.reveal_former_external_id(),
        organization.external_id_sealed,
        organization.external_id_fingerprint,
        organization.retiring_external_id_sealed,
    )


def reachable(cast: Cast, who: str) -> dict[str, str]:
    """All that this person gets from any address, with the installation at every stage."""
    client, found = cast.client(who), {}
    steps = [reverse("step", args=[cast.installation.pk, step.slug]) for step in STEPS]
    for status in (Status.DRAFT, Status.READY):
        put(cast.installation, status)
        CheckResult.objects.filter(code__startswith="role_").update(
            status="failed" if status == Status.DRAFT else "passed"
        )
        for path in {*steps, *(address.of(cast) for address in ours())}:
            found[f"{status} GET {path}"] = told(client.get(path))
    put(cast.installation, Status.DRAFT)
    for path in (address.of(cast) for address in ours()):
        found[f"POST {path}"] = told(pressed(client, path))
    link = reverse("handover", args=[handed_over(cast)])
    return found | {f"{who} GET hand-over": told(client.get(link))}


def handed_over(cast: Cast) -> str:
    """The secret of a link to a colleague, sent just now."""
    CheckResult.objects.filter(code="role_exists").update(status="waiting")
    handover.hand_over(cast.fresh(), email="colleague@acme.example", by=cast.people["owner"])
    mail = Mail.objects.filter(name="handover").latest("created_at")
    return mail.text.partition("/handover/")[2].partition("/")[0]


@pytest.mark.parametrize("who", ["anonymous", "member", "owner", "staff"])
def test_asvs_8_2_3_it_is_in_nothing_anybody_gets_without_showing_it(
    cast: Cast, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    secrets = secrets_of(renewing(cast))
    assert all(secrets)
    pages = reachable(cast, who)
    assert len(pages) > 80
    pages["the log"] = caplog.text
    assert [where for where, text in pages.items() if any(each in text for each in secrets)] == []


def test_it_is_in_no_row_but_its_own_and_in_no_mail(cast: Cast) -> None:
    organization = renewing(cast)
    handed_over(cast)
    show(cast.confirmed("owner"), cast)
    external_id.retire_former(organization, by=cast.people["owner"])
    known = secrets_of(organization)[:2]
    rows = {label: str(stored) for label, stored in everything_stored().items()}
    assert Mail.objects.count() >= 3
    assert [label for label, text in rows.items() if any(each in text for each in known)] == []


def test_t2_nothing_that_is_posted_anywhere_becomes_or_changes_it(cast: Cast) -> None:
    columns = (
        "external_id_sealed",
        "external_id_fingerprint",
        "retiring_external_id_sealed",
        "external_id_rotated_at",
    )
    stored = Organization.objects.order_by("pk").values_list(*columns)
    before, chosen = list(stored), hostile(cast)
    for who in ("owner", "member", "stranger"):
        client = cast.client(who)
        for address in ours():
            with transaction.atomic():
                client.post(address.of(cast), chosen)
                assert list(stored) == before, (who, address.name)
                transaction.set_rollback(True)


def test_t2_a_renewal_makes_its_own_whatever_is_posted(cast: Cast) -> None:
    chosen = hostile(cast)
    url = reverse("external_id_renewal", args=[cast.organization.pk])
    assert cast.confirmed("owner").post(url, chosen).status_code == 302
    organization = Organization.objects.get(pk=cast.organization.pk)
    assert organization.is_renewing_external_id
    made = {organization.reveal_external_id(), cast.organization.reveal_external_id()}
    assert len(made) == 2
    assert chosen["external_id"] not in made


def test_an_owner_who_gave_the_password_sees_it_and_the_look_is_recorded(cast: Cast) -> None:
    response = show(cast.confirmed("owner"), cast)
    assert cast.organization.reveal_external_id() in told(response)
    assert response["Cache-Control"] == "no-store"
    look = Event.objects.get(kind=Event.Kind.EXTERNAL_ID_SHOWN)
    assert (look.by, look.data) == (cast.people["owner"], {"reason": "shown"})
    assert cast.organization.reveal_external_id() not in str(look.data)


def test_in_place_the_password_is_asked_for_on_its_own_page(cast: Cast) -> None:
    client = cast.client("owner")
    url, back = reverse("external_id", args=[cast.organization.pk]), "/permissions/"
    response = client.post(url, {"back": back}, headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == "/accounts/reauthenticate/?next=%2Fpermissions%2F"
    assert not Event.objects.filter(kind=Event.Kind.EXTERNAL_ID_SHOWN).exists()


def test_the_password_of_some_time_ago_does_not_count(cast: Cast) -> None:
    client = cast.confirmed("owner")
    session = client.session
    for method in session["account_authentication_methods"]:
        method["at"] -= 301
    session.save()
    assert show(client, cast).status_code == 302


@pytest.mark.parametrize("who", ["member", "stranger", "staff"])
def test_nobody_else_sees_it_whatever_they_gave(cast: Cast, who: str) -> None:
    response = show(cast.confirmed(who), cast)
    assert response.status_code == (403 if who == "member" else 404)
    assert not Event.objects.filter(kind=Event.Kind.EXTERNAL_ID_SHOWN).exists()


def test_there_are_25_ways_to_try_to_lead_away() -> None:
    assert len(set(PAYLOADS)) == 25


def test_asvs_3_7_2_back_leads_nowhere_else(cast: Cast) -> None:
    client = cast.confirmed("owner")
    home = reverse("organization", args=[cast.organization.pk])
    for payload in PAYLOADS:
        assert show(client, cast, back=payload).context["back"] == home, payload
    assert show(client, cast, back="/permissions/").context["back"] == "/permissions/"


def test_asvs_3_7_2_signing_in_leads_nowhere_else(cast: Cast, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # 25 times
    User.objects.update(password=make_password(PASSWORD))
    for payload in PAYLOADS:
        client = cast.client("anonymous")
        known = {"login": "owner@example.com", "password": PASSWORD}
        location = client.post("/accounts/login/", known | {"next": payload})["Location"]
        leads_to = urlsplit(urljoin("http://testserver/accounts/login/", location))
        assert (leads_to.scheme, leads_to.netloc) == ("http", "testserver"), payload
        assert not location.startswith(("//", "/\\", "\\")), payload


def hostile(cast: Cast) -> dict[str, str]:
    """A value for every field of the tables that such forms are near, as somebody would post it who
    knows them. Of all tables it would be more than any form may have.
    """
    near = (Installation, Organization, User, Membership)
    names = {field.name for model in near for field in model._meta.get_fields()}
    names |= {f"{name}_id" for name in names} | {"external_id", "role_arn", "pk"}
    chosen = {
        "status": "confirmed",
        "organization": str(cast.people["stranger"].memberships.get().organization_id),
        "assignee": str(cast.people["owner"].pk),
        "role": "owner",
        "external_id": "astro-" + "a" * 32,
    }
    return dict.fromkeys(names, "1") | chosen


POSTED: dict[str, dict[str, str]] = {
    "account": {
        "aws_account_id": "320987654321",
        "account_is_dedicated": "on",
        "status_page_subscribed": "on",
        "domains_allowed": "on",
    },
    "cluster": {
        "cluster_name": "etl",
        "region": "eu-west-1",
        "node_type": "m5.2xlarge",
        "max_nodes": "9",
    },
    "network": {"connectivity": "public", "astro_cidr": "172.24.0.0/19", "dns_servers": ""},
}
SAVED = {"version", "saved_at"}


def stored_row(cast: Cast) -> dict[str, Any]:
    return dict(Installation.objects.values().get(pk=cast.installation.pk))


@pytest.mark.parametrize("slug", POSTED)
def test_asvs_15_3_3_a_step_stores_its_own_fields_and_no_others(cast: Cast, slug: str) -> None:
    before, tables = stored_row(cast), everything_stored()
    extra = hostile(cast) | POSTED[slug] | {"version": str(before["version"])}
    url = reverse("step", args=[cast.installation.pk, slug])
    response = cast.client("member").post(url, extra)
    assert response.status_code == 302
    after = stored_row(cast)
    changed = {name for name, value in after.items() if value != before[name]}
    assert changed <= {*POSTED[slug], *SAVED}
    assert changed > SAVED
    stored = everything_stored()
    moved = {label for label in tables if tables[label] != stored[label]}
    others = {"onboarding.Event", "onboarding.Operation", "onboarding.User"}  # User: last_login
    assert moved - others == {"onboarding.Installation"}


def test_asvs_15_3_3_nobody_signs_up_as_support_or_chooses_an_external_id(cast: Cast) -> None:
    known = {"email": "new@example.com", "password1": "a long and plain sentence"}
    cast.client("anonymous").post("/accounts/signup/", hostile(cast) | known | {"name": "New"})
    user = User.objects.get(email="new@example.com")
    assert (user.is_staff, user.is_superuser, user.memberships.count()) == (False, False, 0)
    founding = hostile(cast) | {"name": "Umbrella", "short_name": "umbrella"}
    cast.client("stranger").post("/organizations/new/", founding)
    organization = Organization.objects.get(short_name="umbrella")
    assert organization.reveal_external_id() != founding["external_id"]
    assert organization.pk != cast.organization.pk
