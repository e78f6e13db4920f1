"""What is no page says what it is, and no browser takes it for one (ASVS 5.0, 3.2.1).

The addresses come from the URLconf, each read and pressed by whoever gets most out of it: a new
download without a line in the table fails here.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.test_tenancy_elsewhere import path_of
from tests.views.addresses import Address, all_of_them, ours
from tests.views.cast import Cast, make_cast
from tests.views.handover_scene import confirmed, hand_over
from tests.views.providers.world import make_saml

pytestmark = pytest.mark.django_db

YAML, SHELL = "application/yaml; charset=utf-8", "text/x-shellscript; charset=utf-8"
PLAIN, JSON = "text/plain; charset=utf-8", "application/json"
CALLS = "aws-calls-210987654321"
EVIDENCE = "astro-evidence-210987654321"

SAVED: dict[str, tuple[str, str]] = {
    # name: what it is, and the name under which a browser saves it
    "role_template": (YAML, "astro-role.yaml"),
    "permissions_document": (JSON, "astro-permissions-v1.json"),
    "monitoring_template": (YAML, "astro-role-monitoring.yaml"),
    "script": (SHELL, "create-astro-role.sh"),
    "handover_script": (SHELL, "create-astro-role.sh"),
    "monitoring_script": (SHELL, "watch-astro-role.sh"),
    "update_script": (SHELL, "update-astro-role.sh"),
    "preflight_script": (SHELL, "astro-preflight.sh"),
    "terraform": (PLAIN, "astro-role.tf"),
    "calls_csv": ("text/csv; charset=utf-8", f"{CALLS}.csv"),
    "calls_json": (JSON, f"{CALLS}.json"),
    "evidence_json": (JSON, f"{EVIDENCE}.json"),
    "admin:onboarding_policyversion_evidence": (
        JSON,
        "astro-permissions-version-1-evidence.json",
    ),
    "evidence_pdf": ("application/pdf", f"{EVIDENCE}.pdf"),
}
READ: dict[str, tuple[str, str]] = {
    "role_script": (PLAIN, "create-astro-role.sh"),
    "role_module": (PLAIN, "astro-role.tf"),
}
"""The links say "Read it first": plain text, the same for everybody, that nothing is filled into."""
ASKED_BY_MACHINES = {
    "health_live": JSON,
    "saml_metadata": "application/samlmetadata+xml; charset=utf-8",
    "admin:jsi18n": 'text/javascript; charset="utf-8"',  # Django's words for its own scripts
}
"""Another program fetches them, and nobody opens them."""


@dataclass(frozen=True)
class Answer:
    name: str
    response: Any

    @property
    def is_page(self) -> bool:
        """Or one that leads elsewhere, or says that there is nothing."""
        kind = self.response.get("Content-Type", "")
        return self.response.status_code != 200 or kind.startswith("text/html")


@pytest.fixture
def cast() -> Cast:
    """With an AWS account and single sign-on; the role is still to be created."""
    cast = make_cast()
    make_saml(organization=cast.organization)
    return cast


def path(address: Address, cast: Cast, token: str) -> str:
    if "token" in address.names:
        return reverse(address.name, args=[token])
    if "organization_slug" in address.names:
        return reverse(address.name, args=["acme-saml"])
    return address.of(cast) if address in ours() else path_of(address)


def answers(cast: Cast) -> Iterator[Answer]:
    """Each address, read and pressed. What the pressing did does not stay."""
    token = hand_over(cast)
    owner, colleague, staff = cast.confirmed("owner"), confirmed(token), cast.confirmed("staff")
    for address in all_of_them():
        client: Client = staff if address.name.startswith("admin:") else owner
        client = colleague if "token" in address.names else client
        for method in (client.get, client.post):
            signed_in = deepcopy(client.cookies)
            with transaction.atomic():
                response = method(path(address, cast, token), headers={"host": "127.0.0.1:8000"})
                yield Answer(address.name, response)
                transaction.set_rollback(True)
            client.cookies = signed_in  # some of them sign out


@pytest.fixture
def no_pages(cast: Cast) -> list[Answer]:
    return [answer for answer in answers(cast) if not answer.is_page]


def test_asvs_3_2_1_whatever_is_no_page_has_its_line(no_pages: list[Answer]) -> None:
    found = {answer.name for answer in no_pages}
    assert found == {*SAVED, *READ, *ASKED_BY_MACHINES}


def test_asvs_3_2_1_each_says_what_it_is_and_is_not_guessed(no_pages: list[Answer]) -> None:
    for name, response in ((each.name, each.response) for each in no_pages):
        assert response["X-Content-Type-Options"] == "nosniff", name
        assert response["Content-Security-Policy"], name
        if name in ASKED_BY_MACHINES:
            assert response["Content-Type"] == ASKED_BY_MACHINES[name]
            continue
        kind, file = (SAVED | READ)[name]
        assert response["Content-Type"] == kind, name
        how = "attachment" if name in SAVED else "inline"
        assert response["Content-Disposition"] == f'{how}; filename="{file}"', name


def test_asvs_3_2_1_what_is_read_in_place_has_nothing_of_anybody_in_it(cast: Cast) -> None:
    """Whoever could fill something in could have a browser show it."""
    for name in READ:
        address = reverse(name)
        plain = Client().get(address).content
        asked = cast.confirmed("owner").get(f"{address}?external_id=<script>&name=<script>")
        assert asked.content == plain
        assert cast.organization.reveal_external_id().encode() not in plain


def test_asvs_3_2_1_json_is_no_script_that_another_page_could_run(no_pages: list[Answer]) -> None:
    """Those for machines say that all is well, and nothing else."""
    told = {each.name: each.response for each in no_pages if each.response["Content-Type"] == JSON}
    assert set(told) == {"health_live"} | {name for name in SAVED if SAVED[name][0] == JSON}
    assert told["health_live"].getvalue() == b'{"ok": true}'
    assert told["calls_json"]["Content-Disposition"].startswith("attachment")
