import re

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from onboarding.models import Membership, Organization
from onboarding.models.sealed import fingerprint, seal, seal_for, unseal, unseal_for
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db


def test_external_ids_are_of_aws_own_alphabet_and_never_the_same() -> None:
    values = set()
    for _ in range(500):
        organization = Organization()
        organization.make_external_id()
        values.add(organization.reveal_external_id())

    assert len(values) == 500
    assert all(re.fullmatch(r"astro-[a-z2-7]{32}", value, re.ASCII) for value in values)


def test_the_external_id_is_not_in_the_table() -> None:
    organization = make_organization()
    value = organization.reveal_external_id()

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM onboarding_organization")
        row = repr(cursor.fetchall())

    assert value not in row
    assert value.removeprefix("astro-") not in row


def test_two_organizations_cannot_share_an_external_id() -> None:
    first, second = make_organization(), make_organization()
    second.external_id_fingerprint = first.external_id_fingerprint

    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


def test_an_organization_has_one_founder() -> None:
    organization = make_organization()

    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(organization=organization, user=make_user(), is_founder=True)


def test_a_new_key_opens_what_an_old_one_sealed(settings: Settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.SEALING_KEYS = [old]
    sealed, print_before = seal("secret"), fingerprint("secret")

    settings.SEALING_KEYS = [new, old]

    assert unseal(sealed) == "secret"
    assert fingerprint("secret") == print_before


def test_what_is_sealed_for_one_purpose_does_not_open_for_another() -> None:
    sealed = seal_for("handoff:1", "secret", b"0" * 12)

    assert unseal_for("handoff:1", sealed) == "secret"
    with pytest.raises(InvalidTag):
        unseal_for("handoff:2", sealed)
