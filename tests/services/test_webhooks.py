"""Who may have which webhooks, and what they hear."""

import pytest
from django.db import transaction

from onboarding.models import Delivery, Event, Organization, User, Webhook
from onboarding.services import webhooks
from onboarding.services.webhooks import NotAcceptable
from tests.factories import make_installation, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db

URL = "https://hooks.example.com/services/T0/B0/secret"
Kind = Event.Kind


def make_webhook(
    organization: Organization | None, by: User, name: str = "Ours", events: tuple[str, ...] = ()
) -> Webhook:
    made, _ = webhooks.add(
        organization, name=name, format=Webhook.Format.SIGNED, url=URL, events=[*events], by=by
    )
    return made


def happen(organization: Organization, kind: Kind = Kind.SUBMITTED) -> None:
    Event.objects.create(organization=organization, kind=kind)


def heard(webhook: Webhook) -> list[str]:
    return list(webhook.deliveries.order_by("created_at").values_list("event__kind", flat=True))


@pytest.fixture
def owner(db: None) -> User:
    return make_user()


@pytest.fixture
def organization(owner: User) -> Organization:
    return make_organization(owner)


@pytest.fixture
def lead(db: None) -> User:
    return make_user("lead@support.example", is_staff=True, is_superuser=True)


def test_an_organization_hears_its_own_and_support_hears_all(
    owner: User, organization: Organization, lead: User
) -> None:
    own, support = make_webhook(organization, owner), make_webhook(None, lead)
    happen(organization)
    happen(make_organization(), Kind.READY)
    assert heard(own) == ["submitted"]
    assert heard(support) == ["submitted", "ready"]


def test_only_chosen_kinds_are_heard_and_only_what_is_told_at_all(
    owner: User, organization: Organization
) -> None:
    chosen = make_webhook(organization, owner, events=("ready", "external_id_shown", "nonsense"))
    every = make_webhook(organization, owner, "Every one")
    assert chosen.events == ["ready"]
    for kind in (Kind.SUBMITTED, Kind.READY, Kind.EXTERNAL_ID_SHOWN):
        happen(organization, kind)
    assert heard(chosen) == ["ready"]
    assert heard(every) == ["submitted", "ready"]


def test_one_that_is_turned_off_hears_nothing(owner: User, organization: Organization) -> None:
    webhook = make_webhook(organization, owner)
    webhooks.change(webhook, url="", events=[], is_enabled=False, by=owner)
    happen(organization)
    assert heard(webhook) == []
    assert webhooks.host_of(webhook) == "hooks.example.com"


def test_what_did_not_happen_after_all_is_not_told(owner: User, organization: Organization) -> None:
    make_webhook(organization, owner)

    @transaction.atomic
    def fail() -> None:
        happen(organization)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("who", ["member", "stranger", "foreign owner", "support"])
def test_nobody_but_an_owner_changes_those_of_an_organization(
    who: str, owner: User, organization: Organization
) -> None:
    webhook = make_webhook(organization, owner)
    happen(organization)
    delivery = webhook.deliveries.get()
    by = {
        "member": lambda: make_member(organization),
        "stranger": make_user,
        "foreign owner": lambda: make_organization().owners().get().user,
        "support": lambda: make_user(is_staff=True),
    }[who]()
    tries = (
        lambda: make_webhook(organization, by, "Another"),
        lambda: webhooks.change(webhook, url=URL, events=[], is_enabled=False, by=by),
        lambda: webhooks.renew_secret(webhook, by=by),
        lambda: webhooks.remove(webhook, by=by),
        lambda: webhooks.replay(delivery, by=by),
    )
    for each in tries:
        with pytest.raises(PermissionError):
            each()
    webhook.refresh_from_db()
    assert (webhook.is_enabled, Webhook.objects.count(), Delivery.objects.count()) == (True, 1, 1)


def test_an_owner_does_not_touch_supports(owner: User, lead: User) -> None:
    webhook = make_webhook(None, lead)
    with pytest.raises(PermissionError):
        webhooks.remove(webhook, by=owner)


@pytest.mark.parametrize(
    "url", ["http://hooks.example.com/x", "ftp://x.example", "https://a:b@x.example", "x", ""]
)
def test_an_address_that_may_not_be_asked_is_refused(
    url: str, owner: User, organization: Organization
) -> None:
    with pytest.raises(NotAcceptable):
        webhooks.add(
            organization, name="x", format=Webhook.Format.SLACK, url=url, events=[], by=owner
        )


def test_names_are_told_apart_and_there_is_an_end(owner: User, organization: Organization) -> None:
    make_webhook(organization, owner)
    with pytest.raises(NotAcceptable, match="of this name"):
        make_webhook(organization, owner)
    for number in range(webhooks.MOST - 1):
        make_webhook(organization, owner, f"Number {number}")
    with pytest.raises(NotAcceptable, match="10 webhooks"):
        make_webhook(organization, owner, "One too many")


def test_a_renewed_secret_is_another_one(owner: User, organization: Organization) -> None:
    webhook, first = webhooks.add(
        organization, name="x", format=Webhook.Format.SIGNED, url=URL, events=[], by=owner
    )
    assert webhooks.renew_secret(webhook, by=owner) != first


def test_the_history_tells_who_added_changed_and_removed_it(
    owner: User, organization: Organization
) -> None:
    webhook = make_webhook(organization, owner)
    webhooks.change(webhook, url="", events=[], is_enabled=True, by=owner)
    webhooks.remove(webhook, by=owner)
    kinds = organization.events.filter(kind__startswith="webhook").values_list("kind", "by")
    assert list(kinds) == [
        ("webhook_added", owner.pk), ("webhook_changed", owner.pk), ("webhook_removed", owner.pk),
    ]  # fmt: skip


def test_an_event_of_an_installation_has_one_delivery_a_webhook(
    owner: User, organization: Organization
) -> None:
    webhook = make_webhook(organization, owner)
    installation = make_installation(organization)
    assert heard(webhook) == ["started"]
    assert webhook.deliveries.get().body["installation"]["id"] == str(installation.pk)
