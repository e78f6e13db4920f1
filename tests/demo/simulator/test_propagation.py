"""A new or changed trust policy answers only after it has spread; GetRole sees it at once."""

import time

from onboarding.facts import ROLE_NAME, role_arn
from portal.demo.simulator.samples import HEALTHY
from tests.demo.simulator.conftest import World, refused
from tests.demo.simulator.roles import EXTERNAL_ID, assume, make_role, trust

SPREAD = 0.6


def test_a_new_role_opens_only_after_a_while(world: World) -> None:
    world.control("knobs", {"propagation_seconds": SPREAD})
    make_role(world, HEALTHY)
    sts = world.vendor("sts")
    call = {"RoleArn": role_arn(HEALTHY), "RoleSessionName": "probe", "ExternalId": EXTERNAL_ID}

    assert world.admin("iam", HEALTHY).get_role(RoleName=ROLE_NAME)
    assert refused(sts.assume_role, **call) == "AccessDenied"

    time.sleep(SPREAD)
    assert assume(world, HEALTHY)


def test_the_old_trust_answers_until_the_new_one_has_spread(world: World) -> None:
    make_role(world, HEALTHY)
    world.control("knobs", {"propagation_seconds": SPREAD})
    iam = world.admin("iam", HEALTHY)
    iam.update_assume_role_policy(RoleName=ROLE_NAME, PolicyDocument=trust("astro-other"))
    sts = world.vendor("sts")
    old = {"RoleArn": role_arn(HEALTHY), "RoleSessionName": "probe", "ExternalId": EXTERNAL_ID}
    new = {**old, "ExternalId": "astro-other"}

    assert refused(sts.assume_role, **new) == "AccessDenied"
    assert sts.assume_role(**old)["Credentials"]

    time.sleep(SPREAD)
    assert refused(sts.assume_role, **old) == "AccessDenied"
    assert sts.assume_role(**new)["Credentials"]


def test_a_role_made_again_answers_by_its_own_trust(world: World) -> None:
    make_role(world, HEALTHY)
    iam = world.admin("iam", HEALTHY)
    attached = iam.list_attached_role_policies(RoleName=ROLE_NAME)["AttachedPolicies"][0]
    iam.detach_role_policy(RoleName=ROLE_NAME, PolicyArn=attached["PolicyArn"])
    iam.delete_role(RoleName=ROLE_NAME)
    iam.create_role(RoleName=ROLE_NAME, AssumeRolePolicyDocument=trust("astro-other"))
    call = {"RoleArn": role_arn(HEALTHY), "RoleSessionName": "probe", "ExternalId": EXTERNAL_ID}
    assert refused(world.vendor("sts").assume_role, **call) == "AccessDenied"
