"""Regions that are off, being turned on, or whose STS is off.

Sources: AWS Account Management guide, "Enable or disable AWS Regions in your account"; IAM User
Guide, "Manage AWS STS in an AWS Region"; STS API reference, AssumeRole, RegionDisabledException.
"""

from onboarding.aws.catalogue import pages
from onboarding.aws.catalogue.entry import AGAIN, Entry, Look
from onboarding.aws.check import Turn

ENTRIES = (
    Entry(
        kinds=("RegionOff",),
        services=("sts",),
        causes=(
            "The STS endpoint of {region} is switched off in account {account}.",
            "The Region {region} itself is off for this account.",
        ),
        steps=(
            "Open the account settings of IAM, find {region} under Security Token Service, and "
            "activate it.",
            AGAIN,
        ),
        look=pages.STS_ENDPOINTS,
    ),
    Entry(
        kinds=("RegionOff",),
        causes=(
            "The Region {region} is off for this account.",
            "It was turned on a short while ago, and AWS still prepares it: that takes minutes to "
            "hours.",
        ),
        steps=("Turn {region} on for the account.", AGAIN),
        look=pages.REGIONS,
    ),
    Entry(
        codes=("ConflictException",),
        services=("account",),
        causes=("AWS is turning this Region, or several others, on or off just now.",),
        steps=("Wait until AWS is done: minutes to hours.", AGAIN),
        turn=Turn.AWS,
        look=Look("aws account list-regions", pages.REGIONS.link, pages.REGIONS.label),
    ),
)
