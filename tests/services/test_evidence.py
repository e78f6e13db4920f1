"""The evidence pack of an installation: whole, true, verifiable, and without anything secret."""

import json
import re
import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onboarding.jobs.edition import in_effect
from onboarding.models import Event, Installation, User
from onboarding.services import evidence, evidence_json, evidence_pdf
from onboarding.services.evidence_file import take
from onboarding.services.evidence_log import LATEST
from tests.factories import make_installation, make_user
from tests.services.evidence_scene import SECRETS, log, scene
from tests.services.pdf_text import pages

pytestmark = pytest.mark.django_db


def owner_of(installation: Installation) -> User:
    return installation.organization.owners().get().user


def as_json(installation: Installation, by: User | None = None) -> Any:
    pieces = evidence_json.stream(installation, by=by or owner_of(installation))
    return json.loads("".join(pieces))


def as_pages(installation: Installation, by: User | None = None) -> list[str]:
    return pages(evidence_pdf.pdf(installation, by=by or owner_of(installation)))


def as_text(installation: Installation) -> str:
    """Without what stands below each page; lines that were broken to fit are whole again."""
    below = re.compile(r"Evidence pack of [^\n]* UTC\nPage \d+ of\s+\d+")
    return re.sub(r"\s+", " ", below.sub("", "\n".join(as_pages(installation))))


@pytest.fixture
def installation() -> Installation:
    return scene()


def test_the_json_is_what_its_digest_says(installation: Installation) -> None:
    found = as_json(installation)
    assert found["format"] == "astro-installation-evidence/1"
    assert evidence_json.problems(found) == []
    found["content"]["organization"]["name"] = "Another"
    assert evidence_json.problems(found) == ["The content is not what its digest says."]
    assert evidence_json.problems({}) == ["This is not an evidence pack of an installation."]


def test_every_action_stands_there_with_its_purpose_and_limits(installation: Installation) -> None:
    found, edition = as_json(installation)["content"]["permissions"], in_effect()
    assert (found["version"], found["checksum"]) == (edition.number, edition.checksum)
    grants = [grant for service in found["services"] for grant in service["grants"]]
    assert [one["statement"] for one in found["never"]] == [d.statement for d in edition.denials]
    assert [grant["statement"] for grant in grants] == [
        grant.statement for group in edition.groups for grant in group.grants
    ]
    printed = as_text(installation)
    for grant in grants:
        assert grant["purpose"] in printed
        assert grant["limit"] in printed
        for action in grant["actions"]:
            assert action in printed


def test_the_version_is_the_one_that_the_role_was_seen_to_have(installation: Installation) -> None:
    installation.policy_version = 1
    assert as_json(installation)["content"]["permissions"]["version"] == 1


def test_it_tells_of_the_role_the_account_and_who_did_what(installation: Installation) -> None:
    found = as_json(installation)["content"]
    (proof,) = found["role_proofs"]
    assert proof["looks"][1] == {
        "at": "2026-03-01T12:01:00+00:00",
        "right": "req-right-1",
        "without": "req-1",
    }
    overridden = next(check for check in found["account_checks"] if check["status"] == "Blocks")
    assert (overridden["saw"], overridden["needed"]) == ("8 vCPU", "40 vCPU")
    assert overridden["request_ids"] == ["req-quota"]
    assert found["overrides"][0]["code"] == overridden["code"]
    assert found["overrides"][0]["reason"] == "The quota was raised by AWS support, case 123."
    assert [(one["what"], one["by"]) for one in found["approvals"]] == [
        ("Submitted", "Grace Hopper"),
        ("Review started", "Astronomer support"),
        ("Build started", "Astronomer support"),
        ("Cluster ready", "Astronomer support"),
        ("Installation confirmed", "Grace Hopper"),
    ]
    assert found["external_id_shown"][0]["for"] == "AWS console"
    assert found["hand_overs"][0]["visits"][0]["what"] == "Opened"
    assert found["monitoring"][0]["steps"] == ["Log group astro-role", "Alarm astro-role"]
    assert found["submissions"][0]["answers"][0]["value"] == "us-east-1"
    assert len(found["aws_calls"]) == 3


def test_the_pages_say_what_the_json_says(installation: Installation) -> None:
    printed = as_text(installation)
    for said in (
        "req-right-1",
        "8 vCPU",
        "40 vCPU",
        "req-quota",
        "The quota was raised by AWS support, case 123.",
        "Grace Hopper",
        "platform@example.com",
        "Alarm astro-role",
        evidence.PLACEHOLDER,
        "0a1b2c3d-0002-4e5f-8a9b-112233445566",
        in_effect().checksum,
    ):
        assert said in printed
    assert "✗ Blocks" in printed


def test_nothing_secret_or_internal_is_in_it(installation: Installation) -> None:
    organization = installation.organization
    content = json.dumps(as_json(installation))
    for text in (content, "".join(as_text(installation).split())):
        for secret in (*SECRETS, organization.reveal_external_id()):
            assert secret not in text
        assert "Turing" not in text  # support speaks with one voice
        assert "agent-of-evidence" not in text
    assert evidence.PLACEHOLDER in content


def test_support_takes_it_without_a_name(installation: Installation) -> None:
    agent = make_user("other-agent@support.example", is_staff=True)
    assert as_json(installation, agent)["content"]["exported"]["by"] == "Astronomer support"
    assert "other-agent" not in "".join(as_pages(installation, agent))


def test_an_installation_that_was_just_started_has_a_pack() -> None:
    fresh = make_installation()
    found = as_json(fresh)
    assert evidence_json.problems(found) == []
    assert found["content"]["aws_calls"] == found["content"]["role_proofs"] == []
    assert "The role has not been proved yet." in as_text(fresh)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Zażółć gęślą", "Zażółć gęślą"),
        ("данные", "данные"),
        ("δεδομένα", "δεδομένα"),
        ("数据", "□□"),
        ("بيانات", "□□□□□□"),
        ("A\u0301lvaro", "Álvaro"),
        ("a\u202eb😀", "a□b□"),
        ("**bold** {nb} %s \\(", "**bold** {nb} %s \\("),
        ("all ● pages", "all □ pages"),  # how the number of pages is said
        ("x" * 100, "x" * 100),
    ],
)
def test_a_name_in_any_script_is_printed_or_marked(name: str, printed: str) -> None:
    one = scene(cluster=name)
    shown = "".join(as_pages(one))
    assert printed.replace(" ", "") in re.sub(r"\s", "", shown)
    assert ("The JSON has it." in shown) == ("□" in printed)
    assert as_json(one)["content"]["installation"]["cluster_name"] == name


def test_each_page_has_its_number_and_the_document_its_title(installation: Installation) -> None:
    content = evidence_pdf.pdf(installation, by=owner_of(installation))
    drawn = pages(content)
    for number, page in enumerate(drawn, start=1):
        assert re.search(rf"Page {number} of\s+{len(drawn)}\b", page)
    assert b"/Title (Evidence pack of analytics)" in content
    assert b"/Lang (en)" in content
    assert b"/DisplayDocTitle true" in content
    assert b"/Outlines" in content
    assert b"https://docs.aws.amazon.com/service-authorization/" in content


def test_a_long_log_is_counted_on_paper_and_whole_in_json() -> None:
    one = scene(calls=10_000)
    start = time.perf_counter()
    printed = re.sub(r"\s+", " ", " ".join(as_pages(one)))
    assert time.perf_counter() - start < 15  # about one second where nothing else runs
    assert "10,000 calls." in printed
    assert printed.count("-4e5f-8a9b-112233445566") == LATEST
    found = as_json(one)
    assert len({call["request_id"] for call in found["content"]["aws_calls"]}) == 10_000
    assert evidence_json.problems(found) == []


def test_the_database_is_asked_as_often_for_a_long_log_as_for_a_short_one() -> None:
    one = scene(calls=3)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            take(one, "pdf", by=owner_of(one))
        return len(queries)

    asked()
    few = asked()
    log(one, 1_000)
    assert asked() == few
    assert few <= 16


def test_what_was_taken_is_written_down(installation: Installation) -> None:
    by = owner_of(installation)
    for kind in ("json", "pdf"):
        file = take(installation, kind, by=by)
        assert file.name == f"astro-evidence-210987654321.{kind}"
    taken = installation.events.filter(kind=Event.Kind.EVIDENCE_EXPORTED)
    assert [(event.by, event.data) for event in taken] == [
        (by, {"format": "json"}),
        (by, {"format": "pdf"}),
    ]
