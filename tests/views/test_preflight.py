"""The pre-flight page: the script it gives, and what becomes of what is handed in."""

import json
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from onboarding.facts.preflight import NO_REPORT, TOO_LARGE
from onboarding.models import Event, Installation, Status
from onboarding.policy import preflight
from tests.facts import reports
from tests.facts.reports import ACCOUNT
from tests.views.cast import Cast, everything_stored, make_cast, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def fresh_report(**changes: Any) -> str:
    return reports.text(made_at=timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ"), **changes)


def page(cast: Cast) -> str:
    return reverse("preflight", args=[cast.installation.pk])


def post(cast: Cast, **posted: Any) -> Any:
    return cast.client("member").post(page(cast), posted)


def upload(content: str | bytes, name: str = "report.json") -> SimpleUploadedFile:
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    return SimpleUploadedFile(name, data, content_type="text/html")


def test_the_script_is_of_this_account_region_and_node_type(cast: Cast) -> None:
    Installation.objects.update(region="eu-west-1", node_type="m5.2xlarge")
    response = cast.client("member").get(reverse("preflight_script", args=[cast.installation.pk]))
    assert response.content.decode() == preflight.script(ACCOUNT, "eu-west-1", "m5.2xlarge")
    assert response["Content-Disposition"] == 'attachment; filename="astro-preflight.sh"'
    assert response["Content-Type"] == "text/x-shellscript; charset=utf-8"


def test_the_page_shows_the_script_its_calls_and_a_message_for_a_colleague(cast: Cast) -> None:
    body = unescape(cast.client("member").get(page(cast)).content.decode())
    assert preflight.script(ACCOUNT, "us-east-1", "m5.xlarge") in body
    for call in preflight.calls("us-east-1", "m5.xlarge"):
        assert f"<code>{call}</code>" in body
    assert "Could you run a script in our AWS account 2109-8765-4321 for me?" in body
    assert f"Send me the file {preflight.file_name(ACCOUNT)}." in body


@pytest.mark.parametrize("way", ["paste", "file"])
def test_a_report_leads_to_the_checks_which_show_who_said_so(cast: Cast, way: str) -> None:
    text = fresh_report()
    response = post(cast, **{way: upload(text, "whatever.exe") if way == "file" else text})
    checks = reverse("step", args=[cast.installation.pk, "checks"])
    assert response["Location"] == checks
    body = cast.client("owner").get(checks).content.decode()
    assert "Reported by you" in body
    assert "warehouse" in body
    assert Event.objects.filter(kind=Event.Kind.PREFLIGHT_REPORTED).count() == 1


@pytest.mark.parametrize("way", ["paste", "file"])
def test_anything_else_is_refused_at_its_field_and_nothing_is_stored(cast: Cast, way: str) -> None:
    client = cast.client("member")
    before = everything_stored()
    for name, text in reports.REFUSED.items():
        response = client.post(page(cast), {way: upload(text) if way == "file" else text})
        body = response.content.decode()
        if way == "paste" and len(text.encode("utf-8", "replace")) > 250_000:
            assert (response.status_code, "upload it as a file" in body) == (400, True), name
            continue
        assert response.status_code == 200, name
        assert f'id="id_{way if text.strip() or way == "file" else "file"}_error"' in body, name
        assert "<title>Error: " in body, name
        assert "alert(1)</script>" not in body, name
    assert everything_stored() == before


@pytest.mark.parametrize(
    "name", ["a VPC's ID with a tag", "an HTML page", "NUL inside", "an escape code inside"]
)
def test_what_was_pasted_is_shown_again_escaped(cast: Cast, name: str) -> None:
    body = post(cast, paste=reports.REFUSED[name]).content.decode()
    shown = body.partition('<textarea name="paste"')[2].partition("</textarea>")[0]
    assert unescape(shown.partition(">\n")[2]) == reports.REFUSED[name]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00\x01", "This file is not text."),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "This file is not text."),
        (b"", NO_REPORT),
        (b"x" * 200_001, TOO_LARGE),
    ],
    ids=["bytes", "a picture", "an empty file", "a byte too many"],
)
def test_a_file_that_is_no_report_is_told_so(cast: Cast, content: bytes, said: str) -> None:
    assert said in unescape(post(cast, file=upload(content)).content.decode())


def test_both_at_once_are_too_much_and_nothing_is_too_little(cast: Cast) -> None:
    both = post(cast, paste=fresh_report(), file=upload(fresh_report())).content.decode()
    assert "Upload the file or paste what is in it, not both." in both
    nothing = post(cast, paste=" \n").content.decode()
    assert "Choose the file with the report, or paste what is in it." in nothing
    assert not Event.objects.filter(kind=Event.Kind.PREFLIGHT_REPORTED).exists()


def test_a_report_with_a_mark_of_byte_order_is_read(cast: Cast) -> None:
    assert post(cast, file=upload(b"\xef\xbb\xbf" + fresh_report().encode())).status_code == 302


def test_of_another_account_or_region_is_told_which(cast: Cast) -> None:
    other = fresh_report(account_id="320987654321")
    assert "This report is of the account 320987654321" in post(cast, paste=other).content.decode()
    other = fresh_report(region="eu-west-1")
    assert "This report is about eu-west-1" in post(cast, paste=other).content.decode()


def test_a_name_reported_is_shown_as_text(cast: Cast) -> None:
    text = json.loads(fresh_report())
    (vpc,) = text["asked"]["vpcs us-east-1"]["answer"]["Vpcs"]
    vpc["Tags"][0]["Value"] = "<img src=x onerror=alert(1)>"
    response = cast.client("member").post(page(cast), {"paste": json.dumps(text)}, follow=True)
    assert "&lt;img src=x onerror=alert(1)&gt;" in response.content.decode()
    assert "<img src=x" not in response.content.decode()


def test_without_an_account_it_leads_to_the_step_that_asks_for_it(cast: Cast) -> None:
    Installation.objects.update(aws_account_id="")
    for name in ("preflight", "preflight_script"):
        response = cast.client("owner").get(reverse(name, args=[cast.installation.pk]))
        assert response["Location"] == reverse("step", args=[cast.installation.pk, "account"])


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.READY, Status.CANCELLED])
def test_it_closes_when_support_takes_over(cast: Cast, status: Status) -> None:
    put(cast.installation, status)
    response = post(cast, paste=fresh_report())
    assert response["Location"] == reverse("step", args=[cast.installation.pk, "checks"])
    assert not cast.installation.check_results.exists()


@pytest.mark.parametrize("slug", ["cluster", "access", "checks"])
def test_the_steps_before_access_lead_here(cast: Cast, slug: str) -> None:
    step = reverse("step", args=[cast.installation.pk, slug])
    assert f'href="{page(cast)}"' in cast.client("member").get(step).content.decode()
    Installation.objects.update(aws_account_id="")
    assert f'href="{page(cast)}"' not in cast.client("member").get(step).content.decode()
