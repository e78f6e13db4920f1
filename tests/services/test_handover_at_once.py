"""Many at once, on the database that production uses: one code counts once, one renewal begins."""

import re
from collections import Counter

import pytest

from onboarding.models import Handover, HandoverVisit, Mail, Organization
from onboarding.services import external_id, handover
from tests.factories import make_installation
from tests.services.together import at_once

THREADS = 6
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent() -> Handover:
    installation = make_installation(aws_account_id="740000000055")
    owner = installation.organization.owners().get().user
    return handover.hand_over(installation, email="colleague@acme.example", by=owner)


def code_in_the_mail() -> str:
    found = re.search(r"\b[0-9]{6}\b", Mail.objects.get(name="handover_code").text)
    assert found
    return found[0]


def test_asvs_2_3_4_a_code_that_is_given_six_times_at_once_counts_once(sent: Handover) -> None:
    handover.send_code(sent)
    given, told = code_in_the_mail(), Counter[bool]()

    def confirm() -> None:
        told[handover.confirm(Handover.objects.get(pk=sent.pk), given)] += 1

    at_once([confirm] * THREADS)
    assert told[True] == 1


def test_asvs_2_3_4_no_more_than_five_tries_are_had_by_trying_at_once(sent: Handover) -> None:
    handover.send_code(sent)
    wrong = f"{(int(code_in_the_mail()) + 1) % 1_000_000:06}"

    def guess() -> None:
        for _ in range(3):
            handover.confirm(Handover.objects.get(pk=sent.pk), wrong)

    at_once([guess] * THREADS)
    assert HandoverVisit.objects.filter(kind="wrong_code").count() == handover.TRIES


def test_asvs_2_4_1_no_more_than_five_codes_are_sent_by_asking_at_once(sent: Handover) -> None:
    def ask() -> None:
        for _ in range(3):
            try:
                handover.send_code(Handover.objects.get(pk=sent.pk))
            except handover.TooMany:
                return

    at_once([ask] * THREADS)
    assert Mail.objects.filter(name="handover_code").count() == handover.CODES_AN_HOUR


def test_asvs_2_4_1_no_more_links_are_sent_by_sending_at_once(
    sent: Handover, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "A_DAY", 3)

    def send() -> None:
        try:
            handover.hand_over(sent.installation, email="another@acme.example", by=sent.created_by)
        except handover.TooMany:
            return

    at_once([send] * THREADS)
    assert Handover.objects.count() == 3
    assert Handover.objects.open().filter(email="another@acme.example").count() == 1


def test_asvs_2_3_4_of_six_renewals_at_once_one_begins(sent: Handover) -> None:
    organization = sent.installation.organization
    former, told = organization.reveal_external_id(), Counter[str]()

    def renew() -> None:
        try:
            external_id.renew(organization, by=sent.created_by)
        except external_id.RenewalUnderWay:
            told["under way"] += 1
        else:
            told["begun"] += 1

    at_once([renew] * THREADS)
    assert told == {"begun": 1, "under way": THREADS - 1}
    kept = Organization.objects.get(pk=organization.pk)
    assert kept.reveal_former_external_id() == former
