"""What can be wrong with the role, the quotas, the Region or us, as the portal finds it by looking."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onboarding.aws.check import Check, Finding, Status, Turn
from onboarding.aws.checks import node_type_offered, on_demand_quota, region_enabled
from onboarding.aws.run import run_checks
from onboarding.aws.verify import judge, probe
from onboarding.facts import MINIMUM_VCPU_QUOTA, ON_DEMAND_QUOTA, ROLE_NAME
from tests.aws.trust_documents import OURS, UNSAFE, statement, trusts
from tests.aws.trust_documents import policy as trust_policy
from tests.aws.wishes import wish
from tests.faults.creation import FULL_ACCESS, Given, late, limited
from tests.faults.creation import role as stands
from tests.faults.world import NO_PORT, World

Ask = Callable[[World], Finding]
AWS, CUSTOMER, SUPPORT, NOBODY = Turn.AWS, Turn.CUSTOMER, Turn.SUPPORT, Turn.NOBODY
FAILED, SILENT, WAITING = Status.FAILED, Status.COULD_NOT_CHECK, Status.WAITING
LONG_AGO = 600.0
"""Seconds: what AWS has not told everywhere by then it has not been told."""


@dataclass(frozen=True)
class Row:
    name: str
    given: Given
    ask: Ask
    status: Status
    words: str
    """Of what we saw or its likeliest cause."""
    turn: Turn
    step: str
    layer: str = ""
    like: str = ""

    @property
    def family(self) -> str:
        return self.like or self.name


def role(code: str, waited: float = LONG_AGO) -> Ask:
    """What is found of the role by one look, that many seconds after it was first looked for."""

    def look(world: World) -> Finding:
        seen = probe(world.account_id, OURS, region=world.region, session=world.session)
        found = {one.code: one.finding for one in judge(seen, waited_seconds=waited)}
        return found[code]

    return look


def check(one: Check) -> Ask:
    def look(world: World) -> Finding:
        account = world.aws.account(world.account_id, world.region, session=world.session)
        wanted = wish(region=world.region, aws_account_id=world.account_id)
        ((_, finding),) = run_checks(account, wanted, (one,))
        return finding

    return look


def trusting(document: dict[str, Any]) -> Given:
    return lambda world: world.aws.make_role(world.account_id, document)


def unsafe(name: str) -> Given:
    return trusting(UNSAFE[name][0])


def nothing(world: World) -> None:
    """No role, and nothing else in the way."""


def elsewhere(world: World) -> None:
    """The role stands in another account than the one that was given."""
    world.aws.make_role(world.aws.new_account(), trust_policy(statement()))


def misnamed(world: World) -> None:
    stands(name=f"{ROLE_NAME}-2")(world)


def failing(action: str, code: str, message: str = "No.") -> Given:
    return lambda world: world.aws.fail(action, code, 9, message)


def no_credentials(world: World) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        world.patch.delenv(name, raising=False)
    world.patch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def unreachable(world: World) -> None:
    world.patch.setenv("AWS_ENDPOINT_URL", NO_PORT)


def bad_endpoint(world: World) -> None:
    world.patch.setenv("AWS_ENDPOINT_URL", "not an address")


def quota(value: float | None) -> Given:
    return lambda world: world.aws.set_quota(world.account_id, ON_DEMAND_QUOTA, value, world.region)


def asked(value: float, *, status: str = "", granted: float | None = None) -> Given:
    """A quota of `value`, and a request for the minimum that AWS has `status` for."""

    def ask(world: World) -> None:
        quota(value)(world)
        client = world.aws.admin(world.account_id, "service-quotas", world.region)
        client.request_service_quota_increase(
            ServiceCode="ec2", QuotaCode=ON_DEMAND_QUOTA, DesiredValue=float(MINIMUM_VCPU_QUOTA)
        )
        if status:
            decided = {"account": world.account_id, "region": world.region, "status": status,
                       "code": ON_DEMAND_QUOTA, "granted": granted}  # fmt: skip
            world.aws.simulator.knobs(quota_requests=[decided])

    return ask


def region(status: str, name: str = "ap-east-1") -> Given:
    def turn(world: World) -> None:
        world.region = name
        world.aws.set_region(world.account_id, name, status)

    return turn


def limit_ec2(world: World) -> None:
    deny = {"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}
    limited(FULL_ACCESS, {"Version": "2012-10-17", "Statement": [deny]})(world)


NODES, ONDEMAND, ON = check(node_type_offered.CHECK), check(on_demand_quota.CHECK), check(region_enabled.CHECK)  # fmt: skip
EXISTS, OPENS, WITHOUT, WRONG = role("role_exists"), role("role_opens"), role("role_refuses_without"), role("role_refuses_wrong")  # fmt: skip
NOT_SEEN, EDIT, ENCODED = "Not seen yet", "Choose Edit trust policy", "Encoded authorization failure message: abc"  # fmt: skip
STS, TYPES = "sts:AssumeRole", "ec2:DescribeInstanceTypeOfferings"

ROWS: tuple[Row, ...] = (
    # The role is absent, or hidden from us: AWS answers alike, so the first is told for all
    Row("no role", nothing, EXISTS, WAITING, NOT_SEEN, CUSTOMER, "compare its name"),
    Row("another name", misnamed, EXISTS, WAITING, NOT_SEEN, CUSTOMER, "compare its name", like="no role"),
    Row("another account", elsewhere, EXISTS, WAITING, NOT_SEEN, CUSTOMER, "compare its name", like="no role"),
    Row("another principal", trusting(trusts({"AWS": "arn:aws:iam::111122223333:root"})), EXISTS, WAITING, NOT_SEEN, CUSTOMER, "compare its trust policy", like="no role"),
    Row("another external ID", unsafe("another id"), EXISTS, WAITING, NOT_SEEN, CUSTOMER, "compare its trust policy", like="no role"),
    # It takes AWS up to two minutes to tell of a role everywhere
    *(Row(f"no role after {n} s", nothing, role("role_exists", n), WAITING, NOT_SEEN, CUSTOMER, "AWS can take a minute", like="no role") for n in (0, 4, 30, 119)),
    *(Row(f"no role after {n} s", nothing, role("role_exists", n), WAITING, NOT_SEEN, CUSTOMER, "compare its name", like="no role") for n in (120, 121)),
    # Trust policies that let in more than they should
    Row("no condition", unsafe("no condition"), WITHOUT, FAILED, "No condition: anyone", CUSTOMER, EDIT),
    Row("a pattern", unsafe("StringLike *"), WRONG, FAILED, "A pattern accepts many", CUSTOMER, EDIT),
    Row("a pattern with our beginning", unsafe("StringLike with the beginning"), WRONG, FAILED, "A pattern accepts many", CUSTOMER, EDIT, like="a pattern"),
    Row("every principal", unsafe("anyone besides us"), WRONG, FAILED, "lets in every AWS account", CUSTOMER, EDIT),
    Row("another vendor too", unsafe("another vendor besides us"), WRONG, FAILED, "arn:aws:iam::111122223333:root", CUSTOMER, EDIT),
    Row("a list of IDs", unsafe("a list of ids"), WRONG, FAILED, "More than one external ID", CUSTOMER, EDIT),
    Row("Null", unsafe("Null"), WRONG, FAILED, "not which", CUSTOMER, EDIT),
    Row("turned around", unsafe("turned around"), OPENS, FAILED, "turned around", CUSTOMER, EDIT),
    # STS does not answer, or we cannot ask
    Row("STS throttles", failing(STS, "Throttling"), EXISTS, SILENT, "many calls a second", AWS, "by ourselves"),
    Row("STS fails", failing(STS, "InternalFailure"), EXISTS, SILENT, "busy or has trouble", AWS, "by ourselves"),
    Row("STS is off", failing(STS, "RegionDisabledException", "STS is not activated in this region"), EXISTS, SILENT, "STS endpoint of us-east-1", CUSTOMER, "Security Token Service"),
    Row("we have no credentials", no_credentials, EXISTS, SILENT, "no AWS credentials", SUPPORT, "do nothing"),
    Row("we cannot reach AWS", unreachable, EXISTS, SILENT, "network on our side", SUPPORT, "do nothing"),
    Row("we ask at a wrong address", bad_endpoint, EXISTS, SILENT, "address of AWS that is wrong", SUPPORT, "do nothing"),
    Row("we may not ask", failing(STS, "AccessDenied", "because no identity-based policy allows the sts:AssumeRole action"), EXISTS, SILENT, "portal's own identity", SUPPORT, "do nothing"),
    Row("our signature is wrong", failing(STS, "SignatureDoesNotMatch"), EXISTS, SILENT, "own AWS credentials are not valid", SUPPORT, "do nothing"),
    Row("our clock is wrong", failing(STS, "RequestTimeTooSkewed"), EXISTS, SILENT, "clock of the portal", SUPPORT, "do nothing"),
    # Quotas
    Row("no quota of its own", quota(None), ONDEMAND, FAILED, "5 vCPU in us-east-1", CUSTOMER, "Request increase"),
    Row("a quota below", quota(39), ONDEMAND, FAILED, "39 vCPU in us-east-1", CUSTOMER, "Request increase"),
    Row("a quota that is enough", quota(40), ONDEMAND, Status.PASSED, "40 vCPU in us-east-1", NOBODY, ""),
    Row("a quota above", quota(64), ONDEMAND, Status.PASSED, "64 vCPU in us-east-1", NOBODY, ""),
    Row("a quota asked for", asked(7), ONDEMAND, WAITING, "an increase to 40 has been asked", AWS, "do nothing"),
    Row("a quota granted in part", asked(5, status="APPROVED", granted=20), ONDEMAND, FAILED, "20 vCPU in us-east-1", CUSTOMER, "Request increase"),
    Row("a quota refused", asked(6, status="DENIED"), ONDEMAND, FAILED, "6 vCPU in us-east-1", CUSTOMER, "Request increase"),
    Row("quotas are throttled", failing("servicequotas:*", "TooManyRequestsException"), ONDEMAND, SILENT, "many calls a second", AWS, "in a minute", like="STS throttles"),
    # Regions and the account itself
    Row("the Region is off", region("DISABLED"), ON, FAILED, "is off for this account", CUSTOMER, "then Enable"),
    Row("the Region is being turned on", region("ENABLING"), ON, WAITING, "is turning", AWS, "do nothing"),
    Row("another call, the Region off", region("DISABLED"), NODES, SILENT, "The Region ap-east-1 is off", CUSTOMER, "Turn ap-east-1 on", like="the Region is off"),
    Row("not activated", failing("ec2:*", "OptInRequired"), NODES, SILENT, "not fully activated", CUSTOMER, "payment details"),
    Row("blocked", failing("ec2:*", "Blocked"), NODES, SILENT, "has blocked", CUSTOMER, "root user"),
    # Denied to the role
    Row("an SCP", limit_ec2, NODES, SILENT, f"denies {TYPES} in account", CUSTOMER, "manages AWS Organizations", "service control policy"),
    Row("a boundary", failing(TYPES, "UnauthorizedOperation", "because no permissions boundary allows it"), NODES, SILENT, "permissions boundary of the role", CUSTOMER, f"Add {TYPES}", "permissions boundary"),
    Row("an explicit Deny", failing(TYPES, "UnauthorizedOperation", "with an explicit deny in an identity-based policy"), NODES, SILENT, f"denies {TYPES} explicitly. ", CUSTOMER, "Look for that Deny", "identity policy"),
    Row("a Deny of some kind", failing(TYPES, "UnauthorizedOperation", "with an explicit deny"), NODES, SILENT, "AWS does not say which", CUSTOMER, "Look for that Deny", "explicit deny"),
    Row("nothing allows it", failing(TYPES, "UnauthorizedOperation", "because no identity-based policy allows it"), NODES, SILENT, f"do not allow {TYPES}", CUSTOMER, "Attach the policies", "identity policy"),
    Row("AWS tells in code", failing(TYPES, "UnauthorizedOperation", ENCODED), NODES, SILENT, f"do not allow {TYPES}", CUSTOMER, "encoded form", "unknown", like="nothing allows it"),
    Row("EC2 is slow", late(TYPES), NODES, SILENT, f"did not answer {TYPES} in time", AWS, "in a minute"),
)  # fmt: skip
