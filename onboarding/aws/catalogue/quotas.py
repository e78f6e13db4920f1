"""What Service Quotas answers besides yes. Source: Service Quotas API reference, errors by call."""

from onboarding.aws.catalogue import pages
from onboarding.aws.catalogue.entry import AGAIN, NOTHING, Entry
from onboarding.aws.check import Turn

_SERVICE = ("servicequotas",)

ENTRIES = (
    Entry(
        codes=("NoSuchResourceException",),
        services=_SERVICE,
        causes=(
            "AWS holds no value of its own for this quota in {region}: its default applies.",
            "AWS does not know the quota in {region}.",
        ),
        steps=("Look the quota up in the console and see which value it shows.", AGAIN),
        turn=Turn.CUSTOMER,
    ),
    Entry(
        codes=("ResourceAlreadyExistsException",),
        services=_SERVICE,
        causes=("A request for this quota is open already; AWS takes one at a time.",),
        steps=("You need do nothing. AWS decides on the open request first.",),
        turn=Turn.AWS,
        look=pages.QUOTA_HISTORY,
    ),
    Entry(
        codes=("DependencyAccessDeniedException",),
        services=_SERVICE,
        causes=(
            "Service Quotas asks another service on your behalf, and the role {role} may not use "
            "that one.",
            "A service control policy of your AWS Organization denies it.",
        ),
        steps=(
            "Attach the policies shown in the step Access as they are, or ask for the quota in "
            "the console.",
            AGAIN,
        ),
        turn=Turn.CUSTOMER,
    ),
    Entry(
        codes=("IllegalArgumentException", "InvalidResourceStateException"),
        services=_SERVICE,
        causes=(
            "AWS does not take the value: it is not above the present one, or beyond what may be "
            "asked for.",
        ),
        steps=("Look at the present value in the console, and ask for a higher one.", AGAIN),
        turn=Turn.CUSTOMER,
    ),
    Entry(
        codes=("QuotaExceededException",),
        services=_SERVICE,
        causes=("Too many quota requests of account {account} are open at once.",),
        steps=("Wait until AWS has decided on some of them.", AGAIN),
        turn=Turn.AWS,
        look=pages.QUOTA_HISTORY,
    ),
    Entry(
        codes=("InvalidPaginationTokenException",),
        causes=("The portal asked AWS for a page of a list that AWS does not know.",),
        steps=(NOTHING,),
        turn=Turn.SUPPORT,
    ),
)
