"""A full run of the account's checks against the longest chain of calls that wait for each other."""

from collections.abc import Iterator

from onboarding.aws.account import connect
from onboarding.aws.check import Check
from onboarding.aws.checks import CHECKS
from onboarding.aws.run import SERVICES, run_checks
from tests.aws.simulated import Log, SimulatedAws
from tests.aws.wishes import wish
from tests.bench.measure import Measure, seconds, side_by_side
from tests.bench.world import EXTERNAL_ID, account_with_the_role, slowly

REGION = "us-east-1"
MOST_RATIO = 1.3
MOST_CALLS = 40


def measures(aws: SimulatedAws) -> Iterator[Measure]:
    """A chain is: assume the role, confirm it, then the calls of one check, alone in the account."""
    account_id = account_with_the_role(aws)

    def run(checks: tuple[Check, ...] = CHECKS, log: Log | None = None) -> None:
        account = connect(account_id, EXTERNAL_ID, REGION, record=log or Log(), services=SERVICES)
        wanted = wish(aws_account_id=account_id)
        for check, finding in run_checks(account, wanted, checks):
            assert finding.status != "could_not_check", (check.code, finding.saw)

    log = Log()
    run(log=log)  # also warms what a worker has warm after its first run
    with slowly(aws):
        chains = {check: seconds(lambda check=check: run((check,))) for check in CHECKS}  # type: ignore[misc]
        longest = max(chains, key=lambda check: chains[check])
        whole, chain = side_by_side(run, lambda: run((longest,)))
    yield Measure(
        f"check run / longest chain ({longest.code}, {chain:.2f} s)", whole / chain, MOST_RATIO
    )
    yield Measure("AWS calls of a check run", len(log.calls), MOST_CALLS)
