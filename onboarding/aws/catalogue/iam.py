"""What IAM refuses of policies and roles: limits, names that are taken, things that are gone.

Source of the limits and their texts: IAM User Guide, "IAM and AWS STS quotas".
"""

from onboarding.aws.catalogue import pages
from onboarding.aws.catalogue.entry import AGAIN, NOTHING, Entry
from onboarding.aws.check import Turn

_IAM = ("iam",)
_LIMIT = ("LimitExceeded",)

ENTRIES = (
    Entry(
        kinds=("AlreadyDifferent",),
        causes=(
            "{said}",
            "It was made by hand, by an older version, or for another installation.",
        ),
        steps=(
            "Compare it with what Astro needs: the lines are below. If nothing else uses it, "
            "delete it, or change it to be equal.",
            AGAIN,
        ),
        look=pages.ROLE,
        turn=Turn.CUSTOMER,
    ),
    Entry(
        kinds=("NoRole",),
        causes=("{said}", "The role was deleted since it was last proved."),
        steps=("Create the role in the step Give Astro access: it then has the new version.",),
        look=pages.ROLE,
        turn=Turn.CUSTOMER,
    ),
    Entry(
        kinds=("UnsafeRole",),
        causes=("{said}",),
        steps=(
            "Put the trust policy right: the step Give Astro access shows what it has to say.",
            AGAIN,
        ),
        look=pages.ROLE,
        turn=Turn.CUSTOMER,
    ),
    Entry(
        codes=_LIMIT,
        services=_IAM,
        says="PoliciesPerAccount|CustomerManagedPolicies",
        causes=("Account {account} has as many policies as AWS allows it.",),
        steps=("Delete policies that nothing uses, or ask AWS for a higher quota.", AGAIN),
        look=pages.POLICIES,
        turn=Turn.CUSTOMER,
    ),
    Entry(
        codes=_LIMIT,
        services=_IAM,
        says="RolesPerAccount",
        causes=("Account {account} has as many roles as AWS allows it.",),
        steps=("Delete roles that nothing uses, or ask AWS for a higher quota.", AGAIN),
        look=pages.ROLES,
        turn=Turn.CUSTOMER,
    ),
    Entry(
        codes=_LIMIT,
        services=_IAM,
        says="PoliciesPerRole|AttachedPolicies",
        causes=("The role {role} has as many policies attached as AWS allows it.",),
        steps=("Detach from the role what Astro did not ask for.", AGAIN),
        look=pages.ROLE_POLICIES,
        turn=Turn.CUSTOMER,
    ),
    Entry(
        codes=_LIMIT,
        services=_IAM,
        says="versions",
        causes=("The policy has five versions, and AWS keeps no more.",),
        steps=("Delete a version of the policy that is not in force.", AGAIN),
        look=pages.POLICIES,
        turn=Turn.CUSTOMER,
    ),
    Entry(
        codes=_LIMIT,
        services=_IAM,
        says="PolicySize|ACLSizePerRole",
        causes=("A document of the portal is longer than AWS allows.",),
        steps=(NOTHING,),
        turn=Turn.SUPPORT,
    ),
    Entry(
        codes=_LIMIT,
        services=_IAM,
        causes=("Account {account} has reached a limit of IAM: {said}",),
        steps=("Delete what nothing uses, or ask AWS for a higher quota.", AGAIN),
        look=pages.IAM_QUOTAS,
        turn=Turn.CUSTOMER,
    ),
    Entry(
        codes=("EntityAlreadyExists", "EntityAlreadyExistsException"),
        causes=(
            "Something of this name exists in account {account} already.",
            "It stands under another path, or differs in upper and lower case.",
        ),
        steps=("Look for it in IAM and rename or delete it, if nothing else uses it.", AGAIN),
        look=pages.ROLE,
        turn=Turn.CUSTOMER,
    ),
    Entry(
        codes=("NoSuchEntity", "NoSuchEntityException"),
        causes=(
            "What {action} asked for is not in account {account}: somebody deleted it, or it was "
            "never made.",
            "It was made a moment ago, and AWS does not know it everywhere yet.",
        ),
        steps=("Create the role in one of the ways of the step Access, if it is gone.", AGAIN),
        look=pages.ROLE,
        turn=Turn.CUSTOMER,
    ),
    Entry(
        codes=("UnmodifiableEntity", "DeleteConflict"),
        services=_IAM,
        causes=("AWS itself or another resource holds on to it, so it cannot be changed.",),
        steps=("Look in IAM at what uses it.", AGAIN),
        look=pages.ROLE,
        turn=Turn.CUSTOMER,
    ),
)
