"""A report is anything until it is read: what is refused, and what is kept of what is not."""

import json
import time

import pytest

from onboarding.facts import preflight
from onboarding.facts.preflight import NotAnswered, Preflight
from tests.facts import reports
from tests.facts.reports import ACCOUNT, GOOD, NOW, REGION, answering, good, text, vpc


def read(report: str) -> Preflight:
    found = preflight.parse(report)
    found.must_be_about(account_id=ACCOUNT, region=REGION, now=NOW)
    return found


def refusal(report: str) -> str:
    with pytest.raises(ValueError, match=r".") as refused:
        read(report)
    return str(refused.value)


def test_what_aws_said_is_kept_and_who_denied_what() -> None:
    found = read(text())
    assert (found.account_id, found.region, found.node_type) == (ACCOUNT, REGION, "m5.xlarge")
    assert found.made_at.isoformat() == "2026-03-01T11:00:00+00:00"
    assert found.answers["on_demand_quota"] == {"Quota": {"QuotaCode": "L-1216C47A", "Value": 64}}
    assert found.answers["vpcs us-east-1"] == GOOD["asked"]["vpcs us-east-1"]["answer"]
    assert found.errors == {
        "spot_quota": NotAnswered("AccessDeniedException", "identity-based policy")
    }


@pytest.mark.parametrize("name", reports.REFUSED)
def test_anything_else_is_refused_in_one_sentence_that_says_what_to_do(name: str) -> None:
    began = time.monotonic()
    said = refusal(reports.REFUSED[name])
    assert time.monotonic() - began < 1
    assert type(said) is str
    assert said.isprintable()
    assert len(said) < 260
    assert said.endswith(".")
    assert any(verb in said for verb in ("Hand in", "hand in", "Upload", "run ", "go on without"))
    assert not any(odd in said for odd in ("<", "touch", "$gt", "{{", "calc"))


def test_every_kind_of_refusal_has_its_own_sentence() -> None:
    assert {refusal(each) for each in reports.BROKEN.values()} == {preflight.CUT_OFF}
    assert refusal("[]") == preflight.NO_REPORT
    assert refusal(reports.NO_REPORTS["10 MB"]) == preflight.TOO_LARGE
    said = {name: refusal(each) for name, each in reports.NOT_OURS.items()}
    assert "320987654321" in said["another account"]
    assert ACCOUNT in said["another account"]
    assert "eu-west-1" in said["another Region"]
    assert "30 days" in said["31 days old"]
    assert "future" in said["of tomorrow"]
    assert "another version" in said["version 2"]
    assert "“vpcs us-east-1”" in refusal(vpc(VpcId="vpc-1"))


@pytest.mark.parametrize(
    "around",
    [
        "\ufeff{}",
        "[cloudshell-user@ip-10-0-0-1 ~]$ cat astro-preflight.json\r\n{}\r\n[cloudshell-user ~]$ ",
        "\x1b[0m{}\x1b[?2004h",
        "```json\n{}\n```",
        "\n\n   {}   \n",
    ],
    ids=["BOM", "a shell's prompts", "escape codes", "fences", "blanks"],
)
def test_what_a_terminal_or_a_chat_puts_around_it_does_no_harm(around: str) -> None:
    pretty = json.dumps(good(), indent=2).replace("\n", "\r\n")
    assert read(around.replace("{}", pretty)) == read(text())


def test_nothing_is_kept_but_what_the_checks_look_at() -> None:
    report = good(secret="s3cr3t", __proto__={"admin": True}, constructor={"prototype": {}})
    report["asked"]["sts get-session-token"] = {"answer": {"SecretAccessKey": "s3cr3t"}}
    report["asked"]["vpcs eu-west-1"] = report["asked"]["vpcs us-east-1"]
    report["asked"]["vpcs us-east-1"]["answer"]["Vpcs"][0]["OwnerId"] = "s3cr3t"
    report["asked"]["vpcs us-east-1"]["answer"]["Vpcs"][0]["__proto__"] = "s3cr3t"
    found = read(json.dumps(report))
    assert found == read(text())
    assert "s3cr3t" not in repr(found)


@pytest.mark.parametrize("name", ["\u202egnp.exe", "a\0b", "a\nb", "\ud800", "x" * 129])
def test_a_name_that_is_not_all_visible_is_left_out(name: str) -> None:
    """People give names freely, so one of them does not spoil the whole report."""
    found = read(vpc(Tags=[{"Key": "Name", "Value": name}]))
    assert found.answers["vpcs us-east-1"]["Vpcs"][0]["Tags"] == [{"Key": "Name", "Value": ""}]


def test_what_aws_left_out_is_not_there_afterwards() -> None:
    stands = {
        "InstanceId": "i-0a1b2c3d4e5f60718",
        "InstanceType": "m5.large",
        "State": {"Name": "running"},
        "InstanceLifecycle": None,
        "CpuOptions": None,
    }
    found = read(answering("instances us-east-1", {"Reservations": [{"Instances": [stands]}]}))
    (instance,) = found.answers["instances us-east-1"]["Reservations"][0]["Instances"]
    assert set(instance) == {"InstanceId", "InstanceType", "State"}


@pytest.mark.parametrize("made_at", ["2026-01-30T12:00:00Z", "2026-03-01T13:00:00Z"])
def test_thirty_days_are_fresh_and_a_clock_may_be_an_hour_ahead(made_at: str) -> None:
    assert read(text(made_at=made_at)).account_id == ACCOUNT
