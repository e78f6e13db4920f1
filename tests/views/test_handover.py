"""A colleague's link: what it shows to whom, for how long, and that it shows nothing else."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import time_machine
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
    Operation,
    Status,
    User,
)
from onboarding.policy import shell
from onboarding.services import handover as service
from onboarding.services import members
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


# The code


def test_the_external_id_is_shown_after_the_code_and_each_look_recorded(
    cast: Cast, token: str
) -> None:
    assert not shows(Client(), cast, token)
    client = confirmed(token)
    assert cast.organization.reveal_external_id() not in told(
        client.get(reverse("handover", args=[token]))
    )
    assert shows(client, cast, token)
    look = Event.objects.get(kind="external_id_shown")
    assert look.by is None
    assert COLLEAGUE in look.note
    assert cast.organization.reveal_external_id() not in str(look.data) + look.note
    page = told(cast.client("owner").get(reverse("organization", args=[cast.organization.pk])))
    assert f"To {COLLEAGUE}, by hand-over." in page
    kinds = [visit.kind for visit in the().visits.all()]
    assert kinds == ["code_sent", "confirmed", "opened", "shown"]


def test_the_code_goes_to_the_addressee_alone(cast: Cast, token: str) -> None:
    code(Client(), token)
    mail = Mail.objects.get(name="handover_code")
    assert mail.to == COLLEAGUE
    assert not re.search("[0-9]{6}", mail.subject), "Support reads the subjects of mails."
    assert cast.organization.reveal_external_id() not in mail.text + mail.html


def test_what_is_kept_of_it_is_a_keyed_digest(token: str) -> None:
    given = code(Client(), token)
    assert given not in str(Handover.objects.values().get())


@pytest.mark.parametrize("typed", ["123 456", "123-456", " 123456 "])
def test_a_code_may_be_grouped(token: str, typed: str) -> None:
    given = code(Client(), token)
    client, spaced = Client(), typed.replace("123", given[:3]).replace("456", given[3:])
    assert post(client, "handover_confirm", token, code=spaced).status_code == 302


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "٢٣٤٥٦٧"])
def test_what_is_no_code_uses_up_no_try(token: str, typed: str) -> None:
    client = Client()
    given = code(client, token)
    for _ in range(10):
        assert post(client, "handover_confirm", token, code=typed).status_code == 200
    assert post(client, "handover_confirm", token, code=given).status_code == 302


def wrong(given: str) -> str:
    return f"{(int(given) + 1) % 1_000_000:06}"


def test_after_five_wrong_codes_the_right_one_no_longer_counts(cast: Cast, token: str) -> None:
    client = Client()
    given = code(client, token)
    for _ in range(service.TRIES):
        assert post(client, "handover_confirm", token, code=wrong(given)).status_code == 200
    assert post(client, "handover_confirm", token, code=given).status_code == 200
    assert not shows(client, cast, token)


def test_a_code_of_ten_minutes_ago_no_longer_counts(cast: Cast, token: str) -> None:
    client = Client()
    given = code(client, token)
    Handover.objects.update(code_sent_at=F("code_sent_at") - timedelta(minutes=10, seconds=1))
    assert post(client, "handover_confirm", token, code=given).status_code == 200
    assert not shows(client, cast, token)


def test_a_code_counts_once_and_a_newer_one_voids_it(cast: Cast, token: str) -> None:
    first, client = Client(), Client()
    given = code(first, token)
    assert post(first, "handover_confirm", token, code=given).status_code == 302
    assert post(client, "handover_confirm", token, code=given).status_code == 200
    old, new = code(client, token), code(client, token)
    if old != new:
        assert post(client, "handover_confirm", token, code=old).status_code == 200
    assert not shows(client, cast, token)
    assert post(client, "handover_confirm", token, code=new).status_code == 302


def test_five_codes_an_hour_are_the_most(token: str) -> None:
    client = Client()
    for _ in range(service.CODES_AN_HOUR):
        code(client, token)
    sent = Mail.objects.filter(name="handover_code").count()
    response = client.post(reverse("handover_code", args=[token]), follow=True)
    assert "Ask for another one later" in told(response)
    assert Mail.objects.filter(name="handover_code").count() == sent
    the().visits.update(at=F("at") - timedelta(minutes=61))
    code(client, token)


def test_twenty_wrong_codes_close_the_link_and_the_owners_are_told(cast: Cast, token: str) -> None:
    client = Client()
    for _ in range(service.WRONG_IN_ALL // service.TRIES):
        given = code(client, token)
        answers = [
            post(client, "handover_confirm", token, code=wrong(given)).status_code
            for _ in range(service.TRIES)
        ]
    assert answers == [200, 200, 200, 200, 404]
    assert Client().get(reverse("handover", args=[token])).status_code == 404
    assert Mail.objects.get(name="handover_locked").to == "owner@example.com"
    assert "wrong codes" in Event.objects.get(kind="handover_withdrawn").note


def test_a_code_of_one_hand_over_is_none_of_another(cast: Cast) -> None:
    mine, theirs = hand_over(cast), hand_over(cast, "other@acme.example")
    client = Client()
    given = code(client, mine)
    other = code(client, theirs)
    if given != other:
        assert post(client, "handover_confirm", theirs, code=given).status_code == 200
    assert not shows(client, cast, theirs)


# What the browser remembers


def test_one_hand_over_opens_no_other_in_the_same_browser(cast: Cast) -> None:
    mine, theirs = hand_over(cast), hand_over(cast, "other@acme.example")
    client = confirmed(mine)
    assert shows(client, cast, mine)
    for name in ("handover_external_id", "handover_console", "handover_script"):
        response = post(client, name, theirs)
        assert cast.organization.reveal_external_id() not in told(response)
        assert response["Location"] == reverse("handover", args=[theirs])


def test_the_code_counts_in_that_browser_alone(cast: Cast, token: str) -> None:
    assert shows(confirmed(token), cast, token)
    assert not shows(Client(), cast, token)


def test_it_counts_for_half_an_hour(cast: Cast, token: str) -> None:
    client = confirmed(token)
    with time_machine.travel(timezone.now() + timedelta(minutes=29), tick=True):
        assert shows(client, cast, token)
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=True):
        assert not shows(client, cast, token)


def test_whoever_knew_the_session_before_does_not_know_it_afterwards(token: str) -> None:
    client = Client()
    given = code(client, token)
    session = client.session
    session["here"] = True
    session.save()
    before = client.cookies["session"].value if "session" in client.cookies else session.session_key
    post(client, "handover_confirm", token, code=given)
    assert client.session.session_key != before


def test_an_owner_who_opens_the_link_stays_signed_in_and_sees_no_more_by_it(
    cast: Cast, token: str
) -> None:
    client = cast.client("owner")
    key = client.session.session_key
    assert not shows(client, cast, token), "An Owner uses the Organization's page."
    assert post(client, "handover_confirm", token, code=code(client, token)).status_code == 302
    assert client.session.session_key == key
    assert client.get(reverse("organization", args=[cast.organization.pk])).status_code == 200
    asked = client.post(reverse("external_id", args=[cast.organization.pk]))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))


def test_the_link_opens_no_other_page(cast: Cast, token: str) -> None:
    client = confirmed(token)
    for url in (
        reverse("home"),
        reverse("status", args=[cast.installation.pk]),
        reverse("step", args=[cast.installation.pk, "access"]),
        reverse("organization", args=[cast.organization.pk]),
    ):
        assert client.get(url)["Location"].startswith("/accounts/login/")


# Doing it


def test_the_console_opens_with_the_id_behind_the_hash(cast: Cast, token: str) -> None:
    response = post(confirmed(token), "handover_console", token)
    parts = urlsplit(response["Location"])
    external_id = cast.organization.reveal_external_id()
    assert external_id not in parts._replace(fragment="").geturl()
    filled_in = parse_qs(parts.fragment.partition("?")[2])
    assert filled_in["param_ExternalId"] == [external_id]
    assert Event.objects.get(kind="external_id_shown").data["reason"] == "AWS console"


def test_the_script_comes_with_the_id_and_we_look_from_then_on(cast: Cast, token: str) -> None:
    response = post(confirmed(token), "handover_script", token)
    assert response.content.decode() == shell.script(cast.organization.reveal_external_id())
    assert response["Content-Disposition"].startswith("attachment")
    assert cast.installation.operations.get().kind == Operation.Kind.VERIFY_ROLE


def test_looking_now_is_limited_as_on_the_access_step(cast: Cast, token: str) -> None:
    client = Client()
    assert post(client, "handover_look", token).status_code == 302
    assert cast.installation.operations.count() == 1
    again = client.post(reverse("handover_look", args=[token]), follow=True)
    assert "We looked a few seconds ago" in told(again)


def test_once_the_role_is_proved_the_page_says_thanks_and_nothing_more(
    cast: Cast, token: str
) -> None:
    client = confirmed(token)
    Handover.objects.update(done_at=timezone.now())
    page = told(client.get(reverse("handover", args=[token])))
    assert "Thank you" in page
    assert cast.installation.aws_account_id[:4] not in page
    before = Event.objects.count(), Mail.objects.count(), the().visits.count()
    for name in POSTS:
        response = post(client, name, token, code="123456")
        assert response["Location"] == reverse("handover", args=[token])
    assert (Event.objects.count(), Mail.objects.count(), the().visits.count()) == before


def test_every_form_of_it_needs_a_token_of_ours(token: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("handover", args=[token]))
    for name in POSTS:
        assert post(client, name, token).status_code == 403


def test_one_more_of_everything_asks_the_database_no_more_often(
    cast: Cast, token: str, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        the().visits.create(kind="opened")
    Client().get(reverse("handover", args=[token]))
    with django_assert_max_num_queries(12):
        Client().get(reverse("handover", args=[token]))
    client = cast.client("owner")
    for number in range(30):
        Handover.objects.create(
            installation=cast.installation,
            email=f"{number}@acme.example",
            token_fingerprint=uuid4().hex,
            created_by=cast.people["owner"],
            expires_at=timezone.now(),
        )
    with django_assert_max_num_queries(12):
        client.get(reverse("handovers", args=[cast.installation.pk]))


def test_an_owner_who_was_removed_shows_nothing_any_more(cast: Cast, token: str) -> None:
    second = cast.organization.memberships.get(user=cast.people["member"])
    members.change_role(second, Membership.Role.OWNER, by=cast.people["owner"])
    leaving = cast.organization.memberships.get(user=cast.people["owner"])
    members.remove(leaving, by=cast.people["member"])
    assert Client().get(reverse("handover", args=[token])).status_code == 404
