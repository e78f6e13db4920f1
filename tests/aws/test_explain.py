"""The catalogue of failures: what the customer is told about each."""

import re

import pytest
from botocore.exceptions import (
    ClientError,
)

from onboarding.aws.calls import Identity
from onboarding.aws.catalogue import CATALOGUE, Entry, entry_for
from onboarding.aws.check import OfferKind
from onboarding.aws.errors import AwsError, RegionOff, translate
from onboarding.aws.explain import Explanation, explain
from tests.aws.told_failures import ACCOUNT, ALL, CUSTOMER, OURS_AT_FAULT, ROLE, SUPPORT, Told, no
from tests.aws.trust_documents import OURS


def error_of(told: Told) -> AwsError:
    service, _, action = told.action.partition(":")
    fault: Exception
    if isinstance(told.fault, str):
        meta = {"HTTPStatusCode": told.status, "RequestId": "req-1"}
        answer = {"Error": {"Code": told.fault, "Message": told.text}, "ResponseMetadata": meta}
        fault = ClientError(answer, action)  # type: ignore[arg-type] # the rest is not read
    else:
        fault = told.fault
    return translate(
        fault,
        service=service,
        action=action,
        account_id=ACCOUNT,
        region=told.region,
        identity=told.identity,
    )


def name_of(told: Told) -> str:
    code = told.fault if isinstance(told.fault, str) else type(told.fault).__name__
    return f"{told.identity}-{told.action.partition(':')[2]}-{code}-{ALL.index(told)}"


each = pytest.mark.parametrize("told", ALL, ids=name_of)


def texts(found: Explanation) -> str:
    fix, report = found.fix, found.report
    return "\n".join(
        (
            found.cause,
            *report.causes,
            *fix.steps,
            fix.command,
            fix.link,
            fix.link_label,
            report.said,
        )
    )


@each
def test_the_likeliest_cause_whose_turn_and_what_to_do_are_told(told: Told) -> None:
    found = explain(error_of(told))

    assert found.turn is told.turn
    assert told.cause in found.cause
    assert told.step in " ".join(found.fix.steps)
    assert found.report.causes[0] == found.cause
    assert (found.report.identity, found.report.region) == (told.identity, told.region)


@each
def test_whose_turn_it_is_and_what_is_to_be_done_agree(told: Told) -> None:
    found = explain(error_of(told))
    says_nothing = any("do nothing" in step for step in found.fix.steps)

    assert found.fix.steps
    if found.turn is SUPPORT:
        assert says_nothing or "to support" in found.fix.steps[0]
    if found.turn is CUSTOMER:
        assert not says_nothing


@each
def test_every_text_is_filled_in_and_ends_as_a_sentence(told: Told) -> None:
    found = explain(error_of(told))

    assert not re.search(r"[{}]|\(\)|  | \.", texts(found).replace(found.report.said, ""))
    for sentence in (*found.report.causes, *found.fix.steps):
        assert sentence[0].isupper()
        assert sentence.endswith(".") or found.report.said in sentence


@each
def test_no_secret_gets_into_any_text(told: Told) -> None:
    secrets = ("ASIAQWERTYUIOPASDFGH", OURS, "wJalrXUtnFEMIaK7MDENGabPxRfiCYzzzzzzzzKEY")
    if not isinstance(told.fault, str):
        return
    spilled = Told(**(vars(told) | {"text": f"{told.text} {' '.join(secrets)}"}))

    shown = repr(explain(error_of(spilled)))

    assert [secret for secret in secrets if secret in shown] == []


def test_no_fault_of_ours_blames_the_customer() -> None:
    for told in OURS_AT_FAULT:
        found = explain(error_of(told))
        assert found.turn is SUPPORT
        assert not found.fix.link, told


def test_several_causes_are_ranked_and_none_is_told_twice() -> None:
    for entry in CATALOGUE:
        assert len(set(entry.causes)) == len(entry.causes)
    assert sum(len(entry.causes) > 1 for entry in CATALOGUE) > len(CATALOGUE) / 3


def test_a_code_nobody_knows_is_told_with_aws_own_words() -> None:
    found = explain(
        error_of(Told("ec2:DescribeVpcs", "BrandNewCode", "Something new.", SUPPORT, "", ""))
    )

    assert found.report.said == "Something new."
    assert (found.report.code, found.report.request_id) == ("BrandNewCode", "req-1")
    assert found.fix.command == "aws ec2 describe-vpcs --region us-east-1"


def test_what_says_nothing_of_the_layer_leads_to_the_command_that_does() -> None:
    unnamed = Told("ec2:DescribeVpcs", "UnauthorizedOperation", no(""), CUSTOMER, "", "")

    command = explain(error_of(unnamed)).fix.command

    assert command.startswith("aws iam simulate-principal-policy --action-names ec2:DescribeVpcs")
    assert f"arn:aws:iam::{ACCOUNT}:role/astronomer-remote-management" in command


def test_every_entry_of_the_catalogue_can_be_reached() -> None:
    """Those of kinds and codes that the rows above do not have are tried one by one."""
    reached = {entry_for(error_of(told)) for told in ALL} | {
        entry_for(any_of(e)) for e in CATALOGUE
    }

    assert [entry.causes for entry in CATALOGUE if entry not in reached] == []


def any_of(entry: Entry) -> AwsError:
    """An error made to fit the entry's code, service and identity."""
    action = "Get"
    if entry.writes:
        action = "CreateRole"
    says = re.split(r"\|", entry.says)[0]
    kinds = {kind.__name__: kind for kind in _family(AwsError)}
    kind = kinds[entry.kinds[0]] if entry.kinds else kinds["Refused"]
    error = Made(kind)
    error.message, error.code = says, entry.codes[0] if entry.codes else "Other"
    error.action = f"{entry.services[0] if entry.services else 'ec2'}:{action}"
    error.identity = entry.identities[0] if entry.identities else ROLE
    return error


def Made(kind: type[AwsError]) -> AwsError:
    error = kind.__new__(kind)
    AwsError.__init__(error, "", account_id=ACCOUNT, region="us-east-1")
    return error


def _family(kind: type[AwsError]) -> set[type[AwsError]]:
    return {kind}.union(*(_family(below) for below in kind.__subclasses__()))


def region_off(action: str, identity: Identity) -> AwsError:
    return RegionOff(
        "off", action=action, account_id=ACCOUNT, region="ap-east-1", identity=identity
    )


def test_the_role_may_turn_a_region_on_and_nobody_else_is_offered_to() -> None:
    offer = explain(region_off("ec2:DescribeVpcs", Identity.ROLE)).fix.offer
    assert offer is not None
    assert (offer.kind, offer.data) == (OfferKind.ENABLE_REGION, {"region": "ap-east-1"})
    assert explain(region_off("sts:AssumeRole", Identity.ROLE)).fix.offer is None
    assert explain(region_off("ec2:DescribeVpcs", Identity.PASTED)).fix.offer is None
