"""Every failure of AWS that the portal can explain, as data. The first entry that fits counts.

To add a code: one `Entry` in the file of its topic, before the entries that are wider than it. A
code that none knows falls to the last entries, which go by the kind of failure alone.
"""

from onboarding.aws.catalogue import (
    account,
    busy,
    credentials,
    denied,
    iam,
    monitoring,
    ours,
    quotas,
    regions,
    reported,
)
from onboarding.aws.catalogue.entry import AGAIN, Entry, Look, changes_something
from onboarding.aws.errors import AwsError

__all__ = ["CATALOGUE", "Entry", "Look", "changes_something", "entry_for"]

UNKNOWN = (
    Entry(
        codes=("LimitExceeded", "LimitExceededException", "ServiceQuotaExceededException"),
        causes=("Account {account} has reached a limit of {service}: {said}",),
        steps=("Delete what nothing uses, or ask AWS for a higher quota.", AGAIN),
    ),
    Entry(
        causes=(
            "AWS refused {action} with the code {code}.",
            "It is a code that this portal does not know yet; AWS's own words are below.",
        ),
        steps=(
            "Look it up yourself with the link or command, where there is one, or send the text "
            "below to support.",
        ),
    ),
)
CATALOGUE: tuple[Entry, ...] = (
    *reported.ENTRIES,
    *ours.ENTRIES,
    *credentials.ENTRIES,
    *denied.ENTRIES,
    *regions.ENTRIES,
    *account.ENTRIES,
    *iam.ENTRIES,
    *quotas.ENTRIES,
    *monitoring.ENTRIES,
    *busy.ENTRIES,
    *UNKNOWN,
)


def entry_for(error: AwsError) -> Entry:
    """The first entry that fits. The last one fits everything."""
    return next(entry for entry in CATALOGUE if entry.fits(error))
