"""Runs the checks of one account, all at once."""

import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from dataclasses import replace

from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Wish
from onboarding.aws.checks import CHECKS
from onboarding.aws.could_not_check import judge_error, unexpected
from onboarding.aws.errors import AwsError, RegionOff
from onboarding.aws.recording import collecting
from onboarding.aws.shared import Shared

__all__ = ["judge_error", "run_checks"]

SERVICES = ("ec2", "service-quotas", "iam", "organizations", "eks", "rds", "cloudformation")
"""What the checks ask, the busiest first: worth having clients of before they begin."""

logger = logging.getLogger(__name__)


def run_checks(
    account: Account, wish: Wish, checks: Iterable[Check] = CHECKS
) -> Iterator[tuple[Check, Finding]]:
    """Each check with its finding, as each is done.

    One check's failure is its own finding and is never raised. A finding carries AWS's request ids
    of the calls its check made, or that another made for it: what several ask is asked once. The
    recorder of `account` is called from several threads.
    """
    todo, shared = tuple(checks), Shared(account)
    with ThreadPoolExecutor(max_workers=len(todo) or 1, thread_name_prefix="check") as pool:
        # A context each, so that the request id of the log reaches the thread.
        going = {pool.submit(copy_context().run, _run, shared, wish, one): one for one in todo}
        for done in as_completed(going):
            yield going[done], done.result()


def _run(account: Account, wish: Wish, check: Check) -> Finding:
    with collecting() as calls:
        finding = _judged(account, wish, check)
    request_ids = tuple(call.request_id for call in calls if call.request_id)
    return finding.with_request_ids(request_ids)


def _judged(account: Account, wish: Wish, check: Check) -> Finding:
    try:
        return check.run(account, wish)
    except AwsError as error:
        return _with_look_up(judge_error(check, error), check, wish, error)
    except Exception:
        logger.exception("the check %s failed in itself", check.code)
        return unexpected(check)


def _with_look_up(finding: Finding, check: Check, wish: Wish, error: AwsError) -> Finding:
    """With the check's own place to look: the customer wants its answer, not that of one call."""
    if check.look_up is None or isinstance(error, RegionOff):
        return finding
    place = check.look_up(wish)
    fix = replace(finding.fix, command=place.command, link=place.link, link_label=place.link_label)
    return replace(finding, fix=fix)
