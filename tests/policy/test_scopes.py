"""What belongs to Astro, by name, by mark or by Region, and that nothing else is touched."""

import pytest

from onboarding.facts.regions import regions
from portal.demo.simulator.evaluate import Verdict
from tests.policy.rights import ACCOUNT, BOUNDARY_ONLY, verdict


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:GetObject", "arn:aws:s3:::{}/dag/1.log"),
        ("s3:DeleteBucket", "arn:aws:s3:::{}"),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:1:secret:{}-Ab3dEf"),
        ("secretsmanager:DeleteSecret", "arn:aws:secretsmanager:us-east-1:1:secret:{}-Ab3dEf"),
        ("lambda:UpdateFunctionCode", "arn:aws:lambda:us-east-1:1:function:{}"),
        ("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:1:function:{}"),
        ("rds:DeleteDBInstance", "arn:aws:rds:us-east-1:1:db:{}"),
        ("rds:DeleteDBSnapshot", "arn:aws:rds:us-east-1:1:snapshot:{}"),
        ("cloudformation:DeleteStack", "arn:aws:cloudformation:us-east-1:1:stack/{}/0a1b"),
        ("iam:DeleteRole", "arn:aws:iam::1:role/{}"),
        ("iam:AddRoleToInstanceProfile", "arn:aws:iam::1:instance-profile/{}"),
        ("iam:CreatePolicyVersion", "arn:aws:iam::1:policy/{}"),
        ("kms:DeleteAlias", "arn:aws:kms:us-east-1:1:alias/{}"),
    ],
)
def test_what_has_a_name_is_touched_only_if_it_is_named_as_astros(
    action: str, resource: str
) -> None:
    assert verdict(action, resource.format("astro-data")) is Verdict.ALLOWED
    for name in ("payroll", "astronomer-remote", "Astro-data", "my-astro-data"):
        assert verdict(action, resource.format(name)) is Verdict.SILENT


@pytest.mark.parametrize(
    ("action", "resource", "mark"),
    [
        ("ec2:DeleteVolume", f"{ACCOUNT}:volume/vol-1", "ebs.csi.aws.com/cluster"),
        ("ec2:DeleteSnapshot", ":snapshot/snap-1", "ebs.csi.aws.com/cluster"),
        ("ec2:TerminateInstances", f"{ACCOUNT}:instance/i-1", "eks:cluster-name"),
    ],
)
def test_disks_and_machines_go_only_with_the_mark_of_a_cluster(
    action: str, resource: str, mark: str
) -> None:
    arn = f"arn:aws:ec2:us-east-1:{resource}"
    assert verdict(action, arn, {f"aws:ResourceTag/{mark}": "true"}) is Verdict.ALLOWED
    assert verdict(action, arn) is Verdict.SILENT


def test_a_key_is_used_through_services_and_removed_by_its_name() -> None:
    key = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/0a1b"
    assert verdict("kms:Decrypt", key) is Verdict.SILENT
    through = {"kms:ViaService": "s3.us-east-1.amazonaws.com"}
    assert verdict("kms:Decrypt", key, through, BOUNDARY_ONLY) is Verdict.ALLOWED
    assert verdict("kms:Decrypt", key, {"kms:ViaService": "rds.x.example"}) is Verdict.SILENT
    assert verdict("kms:ScheduleKeyDeletion", key) is Verdict.SILENT
    for alias, expected in (("alias/astro-a", Verdict.ALLOWED), ("alias/b", Verdict.SILENT)):
        keys = {"kms:ResourceAliases": alias}
        assert verdict("kms:ScheduleKeyDeletion", key, keys) is expected
        assert verdict("kms:CreateGrant", key, keys) is expected


def test_roles_it_makes_mark_only_what_is_new_or_their_interfaces() -> None:
    volume = f"arn:aws:ec2:us-east-1:{ACCOUNT}:volume/vol-1"
    created = {"ec2:CreateAction": "CreateVolume"}
    assert verdict("ec2:CreateTags", volume, created, BOUNDARY_ONLY) is Verdict.ALLOWED
    assert verdict("ec2:CreateTags", volume, documents=BOUNDARY_ONLY) is Verdict.SILENT
    interface = volume.replace("volume/vol", "network-interface/eni")
    assert verdict("ec2:CreateTags", interface, documents=BOUNDARY_ONLY) is Verdict.ALLOWED
    assert verdict("ec2:CreateTags", volume) is Verdict.ALLOWED


@pytest.mark.parametrize("action", ["eks:CreateCluster", "ec2:RunInstances", "ec2:CreateVpc"])
def test_nothing_is_built_where_astro_does_not_run(action: str) -> None:
    for region in regions():
        assert verdict(action, keys={"aws:RequestedRegion": region}) is Verdict.ALLOWED
    assert verdict(action, keys={"aws:RequestedRegion": "eu-central-2"}) is Verdict.DENIED
    assert verdict(action) is Verdict.ALLOWED, "asked of the policy simulator, without a Region"
