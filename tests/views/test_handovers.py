"""The Owner's side of a hand-over: who sends a link to whom, and who takes it back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from onboarding.models import (
    Event,
    Handover,
    Installation,
    Mail,
    User,
)
from onboarding.services import handover as service
from tests.views.cast import Cast, make_cast
from tests.views.handover_scene import (
    COLLEAGUE,
    hand_over,
    the,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def token(cast: Cast) -> str:
    return hand_over(cast)


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
