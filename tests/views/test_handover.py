"""A colleague's link: what it shows to whom, for how long, and that it shows nothing else."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onboarding.models import (
    Event,
    Handover,
    Installation,
    Mail,
    Membership,
    Status,
    User,
)
from onboarding.services import handover as service
from tests.views.cast import Cast, make_cast, put

pytestmark = pytest.mark.django_db

COLLEAGUE = "colleague@acme.example"
PARTS = ("handover", "handover_live")
POSTS = (
    "handover_code", "handover_confirm", "handover_external_id", "handover_console",
    "handover_script", "handover_look",
)  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def token(cast: Cast) -> str:
    return hand_over(cast)


def hand_over(cast: Cast, email: str = COLLEAGUE, installation: Installation | None = None) -> str:
    """Send a link as the Owner does, and take its secret out of the mail."""
    installation = installation or cast.installation
    url = reverse("handovers", args=[installation.pk])
    response = cast.confirmed("owner").post(url, {"email": email})
    assert response.status_code == 302, response.content.decode()
    return token_in(Mail.objects.filter(name="handover", to=email).latest("created_at"))


def token_in(mail: Mail) -> str:
    found = re.search(rf"{settings.SITE_URL}/handover/([\w-]+)/", mail.text)
    assert found
    return found[1]


def the() -> Handover:
    return Handover.objects.latest("created_at")


def post(client: Client, name: str, token: str, **data: str) -> Any:
    return client.post(reverse(name, args=[token]), data)


def code(client: Client, token: str) -> str:
    """Have a code sent, and read it in the mail."""
    assert post(client, "handover_code", token).status_code == 302
    mail = Mail.objects.filter(name="handover_code").latest("created_at")
    found = re.search(r"\b[0-9]{6}\b", mail.text)
    assert found
    return found[0]


def confirmed(token: str) -> Client:
    client = Client()
    response = post(client, "handover_confirm", token, code=code(client, token))
    assert response.status_code == 302
    return client


def told(response: Any) -> str:
    return response.content.decode() + str(response.headers) + str(response.cookies)


def shows(client: Client, cast: Cast, token: str) -> bool:
    response = post(client, "handover_external_id", token)
    return cast.organization.reveal_external_id() in told(response)


# Sending it


def test_an_owner_sends_a_link_to_one_person(cast: Cast, token: str) -> None:
    handover = the()
    assert (handover.email, handover.created_by) == (COLLEAGUE, cast.people["owner"])
    assert handover.expires_at - handover.created_at == timedelta(days=7)
    mail = Mail.objects.get(name="handover")
    assert mail.to == COLLEAGUE
    assert cast.organization.reveal_external_id() not in mail.text + mail.html
    event = Event.objects.get(kind="handed_over")
    assert (event.by, event.installation) == (cast.people["owner"], cast.installation)
    assert len(token) >= 43
    assert token not in str(Handover.objects.values().get()) + str(event.data)


def test_it_is_sent_only_after_the_password(cast: Cast) -> None:
    url = reverse("handovers", args=[cast.installation.pk])
    asked = cast.client("owner").post(url, {"email": COLLEAGUE})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not Handover.objects.exists()


def test_a_member_reads_why_an_owner_must_send_it(cast: Cast) -> None:
    url = reverse("handovers", args=[cast.installation.pk])
    client = cast.confirmed("member")
    assert "an Organization Owner" in told(client.get(url))
    assert client.post(url, {"email": COLLEAGUE}).status_code == 403
    assert not Handover.objects.exists()


def test_the_access_step_leads_there() -> None:
    cast = make_cast(answered=True)
    page = cast.client("member").get(reverse("step", args=[cast.installation.pk, "access"]))
    assert reverse("handovers", args=[cast.installation.pk]) in told(page)


@pytest.mark.parametrize("email", ["", "no address", "a@b.example, c@d.example", "a@b.example\n"])
def test_the_address_is_one_address(cast: Cast, email: str) -> None:
    url = reverse("handovers", args=[cast.installation.pk])
    response = cast.confirmed("owner").post(url, {"email": email})
    if email.strip() == "a@b.example":
        assert the().email == "a@b.example"
    else:
        assert response.status_code == 200
        assert not Handover.objects.exists()


def test_there_is_nothing_to_hand_over_once_the_role_is_proved() -> None:
    cast = make_cast(answered=True)
    url = reverse("handovers", args=[cast.installation.pk])
    response = cast.confirmed("owner").post(url, {"email": COLLEAGUE})
    assert "nothing to hand over" in told(response)
    assert not Handover.objects.exists()


def test_nor_before_the_account_is_known(cast: Cast) -> None:
    Installation.objects.update(aws_account_id="")
    url = reverse("handovers", args=[cast.installation.pk])
    cast.confirmed("owner").post(url, {"email": COLLEAGUE})
    assert not Handover.objects.exists()


def test_sent_again_to_the_same_address_the_link_before_opens_nothing(cast: Cast) -> None:
    first = hand_over(cast)
    second = hand_over(cast, COLLEAGUE.upper().replace("ACME.EXAMPLE", "acme.example"))
    assert Client().get(reverse("handover", args=[first])).status_code == 404
    assert Client().get(reverse("handover", args=[second])).status_code == 200


def test_an_organization_sends_twenty_a_day_and_an_address_gets_five(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = cast.people["owner"]
    for _ in range(service.TO_ONE_ADDRESS_A_DAY):
        service.hand_over(cast.installation, email=COLLEAGUE, by=by)
    with pytest.raises(service.TooMany):
        service.hand_over(cast.installation, email=COLLEAGUE, by=by)
    monkeypatch.setattr(service, "A_DAY", 6)
    service.hand_over(cast.installation, email="sixth@acme.example", by=by)
    with pytest.raises(service.TooMany):
        service.hand_over(cast.installation, email="seventh@acme.example", by=by)
    theirs = User.objects.get(email="stranger@example.net").memberships.get().organization
    other = theirs.installations.get()
    Installation.objects.filter(pk=other.pk).update(aws_account_id="730000000001")
    other.refresh_from_db()
    assert service.hand_over(other, email="a@other.example", by=cast.people["stranger"])


# Opening it


def test_nobody_needs_an_account_and_the_page_hides_what_it_may(cast: Cast, token: str) -> None:
    response = Client().get(reverse("handover", args=[token]))
    page = told(response)
    assert response.status_code == 200
    assert cast.organization.reveal_external_id() not in page
    assert COLLEAGUE not in page
    assert "c…@acme.example" in page
    assert "Create it for me" not in page
    assert "secret_access_key" not in page
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "strict-origin"


@pytest.mark.parametrize("case", ["withdrawn", "expired", "guessed", "cancelled", "no Owner now"])
def test_links_that_do_not_work_are_told_apart_by_nothing(
    cast: Cast, token: str, case: str
) -> None:
    client = confirmed(token)
    client.get(reverse("handover", args=[token]))
    if case == "withdrawn":
        service.withdraw(the(), by=cast.people["owner"])
    elif case == "expired":
        Handover.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif case == "cancelled":
        put(cast.installation, Status.CANCELLED)
    elif case == "no Owner now":
        Membership.objects.filter(user=cast.people["owner"]).update(role="member")
    else:
        token = token[:-1] + ("A" if token[-1] != "A" else "B")
    never = Client().get(reverse("handover", args=["x" * 43]))
    before = Event.objects.count(), Mail.objects.count()
    for name in (*PARTS, *POSTS):
        url = reverse(name, args=[token])
        response = client.get(url) if name in PARTS else client.post(url, {"code": "123456"})
        assert response.status_code == 404, name
        if name in PARTS:
            assert page_of(response) == page_of(never)
            assert response["Referrer-Policy"] == never["Referrer-Policy"]
    assert (Event.objects.count(), Mail.objects.count()) == before


def page_of(response: Any) -> str:
    return re.sub(r"csrf\S+", "", response.content.decode())


def test_each_visit_is_recorded_and_the_first_is_told_to_the_owners(cast: Cast, token: str) -> None:
    url = reverse("handover", args=[token])
    for _ in range(3):
        Client().get(url)
    Client().head(url)
    Client().get(reverse("handover_live", args=[token]))
    assert [visit.kind for visit in the().visits.all()] == ["opened"]
    the().visits.update(at=F("at") - timedelta(minutes=11))
    Client().get(url)
    assert [visit.kind for visit in the().visits.all()] == ["opened", "opened"]
    mail = Mail.objects.get(name="handover_opened")
    assert mail.to == "owner@example.com"
    assert token not in mail.text
    page = told(cast.client("owner").get(reverse("handovers", args=[cast.installation.pk])))
    assert page.count("Opened <time") == 2


def test_the_owner_withdraws_it_and_a_member_does_not(cast: Cast, token: str) -> None:
    url = reverse("handover_withdraw", args=[cast.installation.pk, the().pk])
    assert cast.client("member").post(url).status_code == 403
    assert cast.client("stranger").post(url).status_code == 404
    assert Client().get(reverse("handover", args=[token])).status_code == 200
    assert cast.client("owner").post(url).status_code == 302
    assert Client().get(reverse("handover", args=[token])).status_code == 404
    assert Event.objects.get(kind="handover_withdrawn").by == cast.people["owner"]


def test_a_hand_over_of_another_installation_is_not_withdrawn(cast: Cast, token: str) -> None:
    theirs = Installation.objects.exclude(pk=cast.installation.pk).get()
    url = reverse("handover_withdraw", args=[theirs.pk, the().pk])
    assert cast.client("stranger").post(url).status_code == 404
    assert the().revoked_at is None
