"""Who gets where at the desk: every address, for each group, and for who belongs to none."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.socialaccount.models import SocialApp
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLResolver, reverse
from django.utils import timezone

from onboarding.models import (
    AwsCall,
    Domain,
    Installation,
    Mail,
    PolicyVersion,
    SharedProvider,
    SsoConnection,
    User,
    Webhook,
)
from onboarding.models.groups import AUDITOR, SUPPORT
from onboarding.models.groups import LEAD as SUPPORT_LEAD
from onboarding.services import access, conversation, webhooks
from tests.factories import make_answered, make_user
from tests.policy_ledger import first

pytestmark = pytest.mark.django_db
PEOPLE = ("nobody", "customer", "groupless", "auditor", "support", "lead", "superuser")

# Who gets in.
STAFF = frozenset(PEOPLE[2:])
READS = frozenset(PEOPLE[3:])
HANDLES = frozenset(PEOPLE[4:])
LEADS = frozenset(PEOPLE[5:])
CHIEF = frozenset(PEOPLE[6:])
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scene:
    """One row of everything, and a browser for each of the people."""

    installation: Installation
    webhook: Webhook
    clients: dict[str, Client]

    def key(self, model: type[Model]) -> Any:
        """Of a row that the desk shows."""
        return self.webhook.pk if model is Webhook else model._default_manager.order_by("pk")[0].pk


@pytest.fixture
def scene() -> Scene:
    installation = make_answered()
    customer = installation.organization.owners().get().user
    people = {
        "customer": customer,
        "groupless": make_user(is_staff=True, group=""),
        "auditor": make_user(is_staff=True, group=AUDITOR),
        "support": make_user(is_staff=True, group=SUPPORT),
        "lead": make_user(is_staff=True, group=SUPPORT_LEAD),
        "superuser": make_user(is_staff=True, is_superuser=True),
    }
    clients = {name: Client() for name in PEOPLE}
    for name, user in people.items():
        clients[name].force_login(user)
    add_rows(installation, customer)
    return Scene(installation, add_webhook(people["superuser"]), clients)


def add_rows(installation: Installation, customer: User) -> None:
    access.check_account(installation)
    conversation.write_to_support(installation, text="Hello.", by=customer)
    first()
    Domain.objects.create(organization=installation.organization, name="acme.example")
    SocialApp.objects.create(provider="github", name="GitHub", client_id="an-id")
    app = SocialApp.objects.create(provider="openid_connect", provider_id="acme", name="Acme")
    SsoConnection.objects.create(organization=installation.organization, app=app)
    Mail.objects.create(name="ready", to="a@b.example", subject="S", installation=installation)
    AwsCall.objects.create(
        installation=installation, at=timezone.now(), service="sts", action="AssumeRole",
        region="us-east-1", outcome="ok", milliseconds=1,
    )  # fmt: skip
    LogEntry.objects.create(
        user=customer, content_type=ContentType.objects.get_for_model(Installation),
        object_repr="x", action_flag=CHANGE, change_message="Looked",
    )  # fmt: skip


def add_webhook(by: User) -> Webhook:
    """Of support's own."""
    webhook, _ = webhooks.add(
        None, name="Channel", format=Webhook.Format.SIGNED,
        url="https://hooks.example.com/of-support", events=["ready"], by=by,
    )  # fmt: skip
    webhooks.try_out(webhook, by=by)
    return webhook


def gets_in(answer: HttpResponseBase) -> bool:
    """Refusals are 403, 405 and the way to the sign-in. That there is no such row, is told inside."""
    elsewhere = answer.get("Location", "").startswith(("/admin/login/", "/accounts/"))
    return answer.status_code not in (403, 405) and not elsewhere


STANDARD = {"changelist": READS, "history": READS, "change": READS, "add": NONE, "delete": NONE}
"""What Django has for every model; the desk's own pages are below."""
OTHERWISE: dict[tuple[type[Model], str], frozenset[str]] = {
    (Domain, "add"): HANDLES,
    (SsoConnection, "add"): HANDLES,
    (SharedProvider, "add"): LEADS,
    (SharedProvider, "delete"): LEADS,
}
CHANGES: dict[type[Model], frozenset[str]] = {
    Domain: HANDLES,
    SsoConnection: HANDLES,
    SharedProvider: LEADS,
    User: CHIEF,
    Webhook: LEADS,
    Installation: READS,  # the dossier, which takes nothing from a POST
}
"""Who may post to the page of a row; nobody where a model is not named."""
MODELS = sorted(admin.site._registry, key=lambda model: model.__name__)

OWN: dict[str, tuple[str, dict[str, Any], dict[str, str], frozenset[str]]] = {
    # name: method, what the address holds besides the row, what is sent, who gets in
    "index": ("get", {}, {}, STAFF),
    "installation_log": ("get", {"pk": Installation}, {}, READS),
    "installation_evidence": ("post", {"pk": Installation, "kind": "json"}, {}, READS),
    "installation_export": ("post", {"kind": "csv"}, {}, READS),
    "installation_save_view": ("post", {}, {"name": "Mine"}, READS),
    "installation_remove_view": ("post", {"view": 1}, {}, READS),
    "installation_bulk": ("post", {"slug": "assign"}, {}, LEADS),
    "message_talk": ("post", {"pk": Installation}, {"text": "Hello."}, HANDLES),
    "message_seen": ("post", {"pk": Installation}, {}, READS),
    "mail_previews": ("get", {}, {}, READS),
    "mail_preview": ("get", {"name": "ready"}, {}, READS),
    "mail_preview_html": ("get", {"name": "ready"}, {}, READS),
    "policyversion_propose": ("get", {}, {}, LEADS),
    "policyversion_act": ("post", {"object_id": PolicyVersion, "slug": "withdraw"}, {}, LEADS),
    "policyversion_evidence": ("post", {"object_id": PolicyVersion}, {}, READS),
    "webhook_new": ("get", {}, {}, LEADS),
    "webhook_secret": ("post", {"object_id": Webhook}, {}, LEADS),
    "webhook_test": ("post", {"object_id": Webhook}, {}, LEADS),
    "webhook_remove": ("post", {"object_id": Webhook}, {}, LEADS),
}
ELSEWHERE = {
    "installation_act",  # act by act in test_groups.py
    "login", "logout", "password_change", "password_change_done",  # everybody's own
    "autocomplete", "jsi18n", "view_on_site", "app_list",  # nothing but names
}  # fmt: skip


def names(patterns: Any) -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from names(each.url_patterns)
        elif each.name:
            yield each.name.removeprefix("onboarding_")


def test_every_address_of_the_desk_is_in_a_table() -> None:
    standard = {
        f"{model._meta.app_label}_{model._meta.model_name}_{what}".removeprefix("onboarding_")
        for model in MODELS
        for what in STANDARD
    }
    assert set(names(admin.site.get_urls())) == standard | set(OWN) | ELSEWHERE


def test_groups_are_changed_in_the_source_alone() -> None:
    assert not admin.site.is_registered(Group)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_pages_of_a_model_open_for_these_people_alone(scene: Scene, model: type[Model]) -> None:
    key, meta = scene.key(model), model._meta
    for what, usual in STANDARD.items():
        held = [] if what in ("changelist", "add") else [key]
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_{what}", args=held)
        who = {name for name in PEOPLE if gets_in(scene.clients[name].get(url))}
        assert who == OTHERWISE.get((model, what), usual), what
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[key])
    who = {name for name in PEOPLE if gets_in(scene.clients[name].post(url, {}))}
    assert who == CHANGES.get(model, NONE)


@pytest.mark.parametrize("name", OWN)
def test_a_page_of_the_desks_own_opens_for_these_people_alone(scene: Scene, name: str) -> None:
    method, held, said, expected = OWN[name]
    keys = {
        part: scene.key(value) if isinstance(value, type) else value for part, value in held.items()
    }
    url = reverse(f"admin:{name if name == 'index' else f'onboarding_{name}'}", kwargs=keys)
    # Whoever may do most comes last: what they do, nobody before them had done.
    who = {each for each in PEOPLE if gets_in(getattr(scene.clients[each], method)(url, said))}
    assert who == expected
