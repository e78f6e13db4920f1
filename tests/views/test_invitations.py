"""From the invitation in the mail to belonging: with an account, without one, with a wrong one."""

import re
from html import unescape
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from onboarding.models import Mail, User
from onboarding.services import invitations
from tests.factories import PASSWORD
from tests.views.cast import INVITED, SECRET, Cast, make_cast, person

pytestmark = pytest.mark.django_db
LINK = f"/invitations/{SECRET}/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def text(response: Any) -> str:
    return unescape(response.content.decode())


def invite(cast: Cast, who: str = "owner", **posted: str) -> Any:
    url = reverse("organization_invite", args=[cast.organization.pk])
    posted = {"email": "new@example.com", "role": "member"} | posted
    return cast.client(who).post(url, posted, follow=True)


def link_in_mail(name: str, to: str, pattern: str) -> str:
    mail = Mail.objects.filter(name=name, to__iexact=to).latest("created_at")
    found = re.search(rf"http://127\.0\.0\.1:8000({pattern})", mail.text)
    assert found is not None
    return found[1]


def test_an_invitation_is_sent_listed_and_leads_from_the_mail_to_the_page(cast: Cast) -> None:
    shown = text(invite(cast))
    assert "Invitation sent to new@example.com." in shown
    assert "owner@example.com invited new@example.com as Member" in shown
    mail = Mail.objects.get(name="invitation")
    assert mail.to == "new@example.com"
    assert "Acme" in mail.subject
    page = text(Client().get(link_in_mail("invitation", mail.to, r"/invitations/[\w-]+/")))
    assert "owner@example.com invites you as Member." in re.sub(r"</?b>", "", page)


@pytest.mark.parametrize(
    ("posted", "told"),
    [
        ({"email": ""}, "Type your e-mail address."),
        ({"email": "nobody"}, "Type one e-mail address"),
        ({"email": "a@b.example, c@d.example"}, "Type one e-mail address"),
        ({"email": "a@example.com\r\nBcc: b@example.com"}, "Type one e-mail address"),
        ({"role": "founder"}, "Choose a role."),
        ({"role": ""}, "Choose a role."),
        ({"email": "Member@example.com"}, "belongs to the Organization already"),
    ],
)
def test_what_cannot_be_invited_is_told_at_its_field(
    cast: Cast, posted: dict[str, str], told: str
) -> None:
    response = invite(cast, **posted)
    assert response.status_code == 200
    assert told in text(response)
    assert not Mail.objects.filter(name="invitation").exists()


def test_too_many_are_told_calmly(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "AN_HOUR", 1)
    invite(cast)
    response = invite(cast, email="second@example.com")
    assert "1 invitations an hour are the most we send." in text(response)
    sent = cast.organization.invitations.get(email="new@example.com")
    url = reverse("invitation_send", args=[cast.organization.pk, sent.pk])
    again = cast.client("owner").post(url, follow=True)
    assert "are the most we send" in text(again)
    assert Mail.objects.filter(name="invitation").count() == 1


def test_inviting_an_owner_asks_once_more_who_one_is(cast: Cast) -> None:
    response = cast.client("owner").post(
        reverse("organization_invite", args=[cast.organization.pk]),
        {"email": "new@example.com", "role": "owner"},
    )
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert not cast.organization.invitations.filter(email="new@example.com").exists()


def test_sending_again_voids_the_link_and_withdrawing_closes_it(cast: Cast) -> None:
    invitation, client = cast.organization.invitations.get(), cast.client("owner")
    again = client.post(
        reverse("invitation_send", args=[cast.organization.pk, invitation.pk]), follow=True
    )
    assert f"Sent again to {INVITED}. The link before is void." in text(again)
    assert Client().get(LINK).status_code == 404
    link = link_in_mail("invitation", INVITED, r"/invitations/[\w-]+/")
    assert Client().get(link).status_code == 200
    url = reverse("invitation_withdraw", args=[cast.organization.pk, invitation.pk])
    assert f"Withdraw the invitation to {INVITED}?" in text(client.get(url))
    assert f"The invitation to {INVITED} is withdrawn." in text(client.post(url, follow=True))
    assert Client().get(link).status_code == 404
    assert "is not open any more" in text(client.post(url, follow=True))


def test_a_link_that_is_over_and_one_that_never_was_look_the_same(cast: Cast) -> None:
    cast.organization.invitations.update(expires_at="2020-01-01T00:00:00Z")
    over, never = Client().get(LINK), Client().get("/invitations/never-there/")
    assert over.status_code == never.status_code == 404
    assert "This invitation does not work" in text(over)
    assert text(over).replace(SECRET, "") == text(never).replace("never-there", "")


def test_whoever_it_is_for_is_asked_and_then_joins(cast: Cast) -> None:
    cast.people["invited"] = person(INVITED)
    client = cast.client("invited")
    assert "Join Acme" in text(client.get(LINK))
    assert not cast.organization.memberships.filter(user=cast.people["invited"]).exists()
    before = client.session.session_key
    joined = client.post(LINK, follow=True)
    assert "You belong to Acme now, as Member." in text(joined)
    assert client.session.session_key != before
    assert (
        client.get(reverse("status", args=[cast.installation.pk]), follow=True).status_code == 200
    )
    assert Mail.objects.get(name="joined").to == "owner@example.com"
    assert client.get(LINK).status_code == 404


def test_somebody_else_is_told_calmly_and_may_sign_out_and_come_back(cast: Cast) -> None:
    client = cast.client("stranger")
    page = text(client.get(LINK))
    assert f"This invitation is for {INVITED}." in page
    assert "You are signed in as stranger@example.net" in page
    assert ">Join Acme</button>" not in page
    assert client.post(LINK).status_code == 403
    assert cast.organization.memberships.count() == 2
    out = client.post(reverse("account_logout"), {"next": LINK})
    assert out["Location"] == LINK
    assert "sign in with this address" in text(client.get(LINK))


def test_who_signs_in_from_the_page_comes_back_to_it(cast: Cast) -> None:
    person(INVITED)
    client = Client()
    page = text(client.get(LINK))
    login = f"{reverse('account_login')}?next={LINK}"
    assert f'href="{login}"' in page
    assert client.post(LINK)["Location"] == login
    back = client.post(login, {"login": INVITED, "password": PASSWORD, "next": LINK})
    assert back["Location"] == LINK


def sign_up(client: Client) -> str:
    """Create the sign-in from the invitation's page; the link in the mail that confirms it."""
    address = f"{reverse('account_signup')}?next={LINK}"
    assert f'href="{address}"' in text(client.get(LINK))
    form = client.get(address).content.decode()
    assert f'name="next" value="{LINK}"' in form
    typed = {"email": INVITED, "password1": "a long and plain sentence", "next": LINK}
    assert client.post(address, typed).status_code == 302
    return link_in_mail("sign_in_email_confirmation_signup", INVITED, r"/accounts/[^\s]+/")


def test_sign_up_from_an_invitation_leads_back_to_it(cast: Cast) -> None:
    client = Client()
    confirm = sign_up(client)
    assert not User.objects.get(email=INVITED).memberships.exists()
    confirmed = client.post(confirm, follow=True)
    assert confirmed.redirect_chain[-1][0] == LINK
    assert ">Join Acme</button>" in text(confirmed)
    client.post(LINK)
    assert cast.organization.memberships.filter(user__email=INVITED).exists()


def test_who_confirms_in_another_browser_still_finds_the_invitation(cast: Cast) -> None:
    confirm = sign_up(Client())
    elsewhere = Client()
    elsewhere.post(confirm)
    assert EmailAddress.objects.get(email=INVITED).verified
    typed = {"login": INVITED, "password": "a long and plain sentence"}
    page = elsewhere.post(reverse("account_login"), typed, follow=True)
    assert "You are invited into Acme." in text(page)
    listed = text(elsewhere.get(reverse("invitations")))
    pk = cast.organization.invitations.get().pk
    assert f'value="{pk}"' in listed
    joined = elsewhere.post(reverse("invitations"), {"invitation": str(pk)}, follow=True)
    assert "You belong to Acme now" in text(joined)


def test_the_list_joins_nobody_by_an_invitation_of_somebody_else(cast: Cast) -> None:
    pk = str(cast.organization.invitations.get().pk)
    for posted in (pk, "x", "", "\x00"):
        page = cast.client("stranger").post(
            reverse("invitations"), {"invitation": posted}, follow=True
        )
        assert "This invitation is not open any more." in text(page)
    assert cast.organization.memberships.count() == 2
    assert "There is none that is open" in text(cast.client("stranger").get("/invitations/"))


def test_an_invitation_waits_on_the_home_page_of_who_belongs_elsewhere(cast: Cast) -> None:
    cast.organization.invitations.update(email="stranger@example.net")
    assert "You are invited into Acme." in text(cast.client("stranger").get("/"))
    assert "You are invited" not in text(cast.client("member").get("/"))


def test_a_member_without_a_confirmed_address_founds_nothing(cast: Cast) -> None:
    cast.people["new"] = person("new@example.com")
    EmailAddress.objects.filter(user=cast.people["new"]).update(verified=False)
    posted = {"name": "Umbrella", "short_name": "umbrella"}
    response = cast.client("new").post(reverse("organization_new"), posted)
    assert response["Location"] == reverse("account_email")
    assert not cast.people["new"].memberships.exists()
