"""The ledger of the permissions at the desk: who sees which button, what it does, how fast it is."""

import json
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from onboarding.admin import policies as desk_pages
from onboarding.jobs import policies as job
from onboarding.models import Mail, Membership, Notice, Organization, PolicyVersion, User
from onboarding.policy import document
from onboarding.services import policies, policy_evidence
from tests import policy_ledger as ledger
from tests.factories import make_organization

pytestmark = pytest.mark.django_db
State = PolicyVersion.State
LIST = "/admin/onboarding/policyversion/"
WIDER = ledger.edition(more="eks:CreateFargateProfile")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(version: PolicyVersion) -> str:
    return reverse("admin:onboarding_policyversion_change", args=[version.pk])


def act(version: PolicyVersion, slug: str) -> str:
    return reverse("admin:onboarding_policyversion_act", args=[version.pk, slug])


def proposed() -> PolicyVersion:
    return policies.propose(WIDER, what="It may <tag>.", why="To count.", by=ledger.lead())


def announced() -> PolicyVersion:
    version = proposed()
    policies.approve(version, by=ledger.lead())
    job.tell_owners()
    version.refresh_from_db()
    return version


def test_a_newer_shipped_document_is_proposed_at_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "shipped", lambda: WIDER)
    by = ledger.lead()
    client, address = signed_in(by), reverse("admin:onboarding_policyversion_propose")
    assert address in client.get(LIST).content.decode()
    assert "Say what changes" in client.post(address, {"what": "", "why": "x"}).content.decode()
    client.post(address, {"what": "It may more.", "why": "To count."})
    version = PolicyVersion.objects.get(number=2)
    assert (version.proposed_by, version.expands, version.state) == (by, True, State.PROPOSED)
    assert LogEntry.objects.filter(user=by, object_id=str(version.pk)).exists()
    again = client.post(address, {"what": "It may more.", "why": "To count."})
    assert "in the ledger already" in again.content.decode()
    assert address not in client.get(LIST).content.decode()


def test_the_way_from_approval_into_effect_by_buttons() -> None:
    make_organization()
    version, second = proposed(), signed_in(ledger.lead())
    first = signed_in(version.proposed_by)  # type: ignore[arg-type]
    assert "Approve and announce" not in first.get(page(version)).content.decode()
    assert first.post(act(version, "approve")).status_code == 403
    assert "Approve and announce" in second.get(page(version)).content.decode()
    second.post(act(version, "approve"))
    job.tell_owners()
    shown = second.get(page(version)).content.decode()
    assert "1 of 1 Owners has not been told" in shown
    assert "Put into effect" not in shown
    refused = second.post(act(version, "activate"), follow=True).content.decode()
    assert "14 × 24 hours ago" in refused
    given = ledger.settle(Notice.objects.get(), Mail.State.ACCEPTED)
    assert "It can take effect on" in second.get(page(version)).content.decode()
    ledger.long_ago(given, "accepted_at", ledger.FORTNIGHT)
    assert "Put into effect" in second.get(page(version)).content.decode()
    second.post(act(version, "activate"))
    version.refresh_from_db()
    assert version.state == State.EFFECTIVE
    said = LogEntry.objects.filter(object_id=str(version.pk)).values_list(
        "change_message", flat=True
    )
    assert {"approve", "activate"} <= set(said)


def test_support_without_the_right_reads_and_presses_nothing(desk: Client) -> None:
    version = announced()
    shown = desk.get(page(version)).content.decode()
    assert "Expands access" in shown
    assert "It may &lt;tag&gt;." in shown
    for slug in desk_pages.VERBS:
        assert act(version, slug) not in shown
        assert desk.post(act(version, slug)).status_code == 403
    assert desk.get(reverse("admin:onboarding_policyversion_propose")).status_code == 403
    version.refresh_from_db()
    assert version.state == State.ANNOUNCED


def test_who_is_not_told_is_found_and_can_be_sent_to_again() -> None:
    lost, told = make_organization(), make_organization()
    version = announced()
    ledger.settle(Notice.objects.get(organization=told), Mail.State.ACCEPTED)
    ledger.settle(Notice.objects.get(organization=lost), Mail.State.REFUSED)
    client = signed_in(ledger.lead())
    shown = client.get(page(version), {"show": "failed"}).content.decode()
    assert lost.name in shown
    assert told.name not in shown
    client.post(act(version, "send-again"))
    assert Notice.objects.filter(organization=lost).count() == 2
    assert lost.name in client.get(page(version), {"show": "waiting"}).content.decode()
    assert client.get(page(version), {"show": "nonsense"}).status_code == 200


def many_owners(count: int) -> None:
    users = User.objects.bulk_create(User(email=f"many{n}@ledger.example") for n in range(count))
    organizations = Organization.objects.bulk_create(
        Organization(
            name=f"Many {n}",
            short_name=f"many{n}",
            external_id_sealed="sealed",
            external_id_fingerprint=f"many-{n}",
        )
        for n in range(count)
    )
    Membership.objects.bulk_create(
        Membership(organization=organization, user=user, role=Membership.Role.OWNER)
        for organization, user in zip(organizations, users, strict=True)
    )


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_a_version_asks_as_often_for_many_owners_as_for_one() -> None:
    make_organization()
    version, client = announced(), signed_in(ledger.lead())
    few = queries(client, page(version))
    many_owners(300)
    job.tell_owners()
    assert queries(client, page(version)) == few <= 12


def evidence_of(version: PolicyVersion, client: Client, folder: Path) -> Path:
    address = reverse("admin:onboarding_policyversion_evidence", args=[version.pk])
    path = folder / "evidence.json"
    path.write_bytes(client.post(address).content)
    return path


def test_the_evidence_pack_tells_all_of_it_and_is_whole(desk: Client, tmp_path: Path) -> None:
    make_organization()
    version = announced()
    given = ledger.settle(Notice.objects.get(), Mail.State.ACCEPTED)
    path = evidence_of(version, desk, tmp_path)
    call_command("verify_evidence", str(path))
    found = json.loads(path.read_text())
    kinds = [entry["kind"] for entry in found["entries"]]
    assert kinds == ["proposed", "approved", "wording", "notice", "accepted"]
    notice, accepted = found["entries"][3]["data"], found["entries"][4]["data"]
    assert (notice["address"], accepted["reply"]) == (given.address, given.accepted_reply)
    assert found["entries"][0]["data"]["source"] == version.source
    assert LogEntry.objects.filter(change_message__contains="Evidence").exists()


def test_a_later_pack_begins_with_the_earlier_one(desk: Client, tmp_path: Path) -> None:
    make_organization()
    version = announced()
    before = policy_evidence.pack(version, by=ledger.lead())["entries"]
    ledger.settle(Notice.objects.get(), Mail.State.ACCEPTED)
    ledger.settle(Notice.objects.get(), Mail.State.BOUNCED)
    after = policy_evidence.pack(version, by=ledger.lead())["entries"]
    assert after[: len(before)] == before
    assert [entry["kind"] for entry in after[len(before) :]] == ["accepted", "came_back"]


@pytest.mark.parametrize("spoil", ["change", "leave out", "swap", "cut", "not one", "recount"])
def test_a_pack_that_was_tampered_with_is_found_out(
    desk: Client, tmp_path: Path, spoil: str
) -> None:
    make_organization()
    version = announced()
    ledger.settle(Notice.objects.get(), Mail.State.ACCEPTED)
    path = evidence_of(version, desk, tmp_path)
    found = json.loads(path.read_text())
    entries = found["entries"]
    if spoil == "change":
        entries[4]["at"] = "2020-01-01T00:00:00+00:00"
    elif spoil == "leave out":
        del entries[3]
    elif spoil == "swap":
        entries[3], entries[4] = entries[4], entries[3]
    elif spoil == "cut":
        entries.pop()
    elif spoil == "not one":
        found = {"format": "else"}
    else:
        # With every digest made anew, what the digests are of still tells.
        entries[2]["data"]["text"] = "Nothing."
        found["entries"] = rechained(entries)
        found["head"] = found["entries"][-1]["sha256"]
    path.write_text(json.dumps(found))
    with pytest.raises(CommandError):
        call_command("verify_evidence", str(path))


def rechained(entries: list[policy_evidence.Entry]) -> list[policy_evidence.Entry]:
    previous, made = "", []
    for entry in entries:
        entry = entry | {"previous": previous}
        previous = policy_evidence.digest(entry)
        made.append(entry | {"sha256": previous})
    return made


def test_a_page_that_is_not_there_leads_back_to_the_list(desk: Client) -> None:
    for address in (f"{LIST}99999/change/", f"{LIST}x/change/"):
        assert desk.get(address, follow=True).redirect_chain[-1][0] == LIST
