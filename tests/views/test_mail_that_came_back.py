"""An Owner sees at whose address mail does not arrive."""

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from onboarding.models import Mail
from tests.views.cast import INVITED, Cast, make_cast

pytestmark = pytest.mark.django_db
State = Mail.State
SAID = "Mail to this address comes back."


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def owner(cast: Cast) -> Client:
    return cast.confirmed("owner")


def mailed(to: str, state: str) -> None:
    mail = Mail.objects.create(name="ready", to=to, state=state)
    if state in (State.ACCEPTED, State.BOUNCED):
        Mail.objects.filter(pk=mail.pk).update(accepted_at=Now())


def page(client: Client, cast: Cast) -> str:
    return client.get(reverse("organization", args=[cast.organization.pk])).text


@pytest.mark.parametrize("state", [State.BOUNCED, State.REFUSED])
def test_an_owner_sees_at_whose_address_mail_does_not_arrive(
    cast: Cast, owner: Client, state: str
) -> None:
    assert SAID not in page(owner, cast)
    mailed(cast.people["member"].email, state)
    shown = page(owner, cast)
    assert shown.count(SAID) == 1
    assert reverse("account_email") not in shown.partition(SAID)[2].partition("</p>")[0]
    mailed(cast.people["owner"].email, state)
    assert page(owner, cast).count(SAID) == 2


def test_a_mail_that_arrived_since_takes_it_away(cast: Cast, owner: Client) -> None:
    mailed(cast.people["member"].email, State.BOUNCED)
    mailed(cast.people["member"].email, State.ACCEPTED)
    assert SAID not in page(owner, cast)
    mailed(cast.people["member"].email, State.REFUSED)
    assert SAID in page(owner, cast)


def test_an_invitation_that_came_back_says_so(cast: Cast, owner: Client) -> None:
    assert "came back" not in page(owner, cast)
    mailed(INVITED, State.BOUNCED)
    assert "Our mail to this address came back." in page(owner, cast)


def test_members_and_other_organizations_are_not_told(cast: Cast, owner: Client) -> None:
    mailed(cast.people["member"].email, State.BOUNCED)
    mailed(cast.people["stranger"].email, State.BOUNCED)
    assert page(owner, cast).count(SAID) == 1
    assert SAID not in page(cast.client("member"), cast)
