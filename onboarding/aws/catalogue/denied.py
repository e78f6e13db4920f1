"""AWS said no: by which layer, as far as it tells, and who can change that.

Source of the layers: IAM User Guide, "Troubleshoot access denied error messages". Where several
deny, AWS names one; across accounts it often names none.
"""

from onboarding.aws.calls import Identity
from onboarding.aws.catalogue import pages
from onboarding.aws.catalogue.entry import AGAIN, NOTHING, Entry
from onboarding.aws.check import Turn
from onboarding.aws.errors import Layer
from onboarding.facts import CONTROL_PLANE_ACCOUNT

PORTAL, ROLE, PASTED = (Identity.PORTAL,), (Identity.ROLE,), (Identity.PASTED,)
KINDS = ("Denied",)
_COMPARE = (
    "Compare the role's name with {role}, letter by letter.",
    "Compare its trust policy with the one shown in the step Access.",
)
_ASK_ORGANIZATION = (
    "Ask whoever manages AWS Organizations to allow {action} for {who} in account {account}. "
    "It cannot be changed in the account itself."
)
_ADMINISTRATOR = (
    "Take the credentials of an administrator of account {account}, or of a person who may "
    "create policies and roles there."
)

# Of the role itself: asked for with Astro's own identity, across accounts.
OF_THE_DOOR = (
    Entry(
        kinds=KINDS,
        identities=PORTAL,
        layers=(Layer.TRUST,),
        explicit=True,
        causes=("A statement with Deny in the trust policy of the role {role} keeps Astro out.",),
        steps=("Take the statement with Deny out of the role's trust policy.", AGAIN),
        look=pages.ROLE_TRUST,
    ),
    Entry(
        kinds=KINDS,
        identities=PORTAL,
        layers=(Layer.RCP,),
        causes=(
            "A resource control policy of your AWS Organization{policy} lets nobody from outside "
            "take up roles in account {account}.",
        ),
        steps=(
            "Ask whoever manages AWS Organizations to let Astro's account "
            f"{CONTROL_PLANE_ACCOUNT} assume the role {{role}}.",
            AGAIN,
        ),
        look=pages.RCPS,
    ),
    Entry(
        kinds=KINDS,
        identities=PORTAL,
        causes=(
            "The role {role} does not exist in account {account}, or has another name.",
            f"Its trust policy does not name Astro's account {CONTROL_PLANE_ACCOUNT}.",
            "The condition on sts:ExternalId in its trust policy has another value than your "
            "external ID.",
            "It was made or changed in the last two minutes, and AWS does not know it everywhere "
            "yet.",
            "A resource control policy of your AWS Organization lets nobody from outside in.",
        ),
        steps=(*_COMPARE, AGAIN),
        look=pages.ROLE_TRUST,
    ),
)

BY_ORGANIZATION = (
    Entry(
        kinds=KINDS,
        layers=(Layer.SCP,),
        explicit=True,
        causes=(
            "A service control policy of your AWS Organization{policy} denies {action} in account "
            "{account}.",
            "It may deny what is done outside certain Regions, and {region} is not one of them.",
        ),
        steps=(_ASK_ORGANIZATION, AGAIN),
        look=pages.SCPS,
    ),
    Entry(
        kinds=KINDS,
        layers=(Layer.SCP,),
        causes=(
            "No service control policy of your AWS Organization allows {action} in account "
            "{account}.",
            "The Organization allows chosen services alone, and {service} is not among them.",
        ),
        steps=(_ASK_ORGANIZATION, AGAIN),
        look=pages.SCPS,
    ),
    Entry(
        kinds=KINDS,
        layers=(Layer.RCP,),
        causes=(
            "A resource control policy of your AWS Organization{policy} denies {action} in "
            "account {account}.",
        ),
        steps=(_ASK_ORGANIZATION, AGAIN),
        look=pages.RCPS,
    ),
)

BY_BOUNDARY = (
    Entry(
        kinds=KINDS,
        layers=(Layer.BOUNDARY,),
        identities=PASTED,
        causes=(
            "The permissions boundary of the person whose credentials you pasted{policy} does not "
            "allow {action}.",
        ),
        steps=(f"That boundary stops it, whatever else is allowed. {_ADMINISTRATOR}", AGAIN),
        look=pages.WHO_AM_I,
    ),
    Entry(
        kinds=KINDS,
        layers=(Layer.BOUNDARY,),
        explicit=True,
        causes=("The permissions boundary of the role {role}{policy} denies {action}.",),
        steps=("Take the Deny of {action} out of the boundary, or remove the boundary.", AGAIN),
        look=pages.BOUNDARY,
    ),
    Entry(
        kinds=KINDS,
        layers=(Layer.BOUNDARY,),
        causes=(
            "The permissions boundary of the role {role} does not allow {action}.",
            "The boundary was written for another role, or before Astro needed {action}.",
        ),
        steps=("Add {action} to the permissions boundary of the role {role}.", AGAIN),
        look=pages.BOUNDARY,
    ),
)

BY_SESSION_OR_RESOURCE = (
    Entry(
        kinds=KINDS,
        layers=(Layer.SESSION,),
        identities=PASTED,
        causes=(
            "The credentials you pasted carry a session policy{policy} that does not allow "
            "{action}.",
        ),
        steps=(f"Take credentials without a session policy. {_ADMINISTRATOR}", AGAIN),
        look=pages.WHO_AM_I,
    ),
    Entry(
        kinds=KINDS,
        layers=(Layer.SESSION, Layer.ENDPOINT),
        turn=Turn.SUPPORT,
        causes=("A policy of Astro's own, on the way to your account, does not allow {action}.",),
        steps=(NOTHING,),
    ),
    Entry(
        kinds=KINDS,
        layers=(Layer.RESOURCE, Layer.TRUST),
        explicit=True,
        causes=("A policy of the resource itself{policy} denies {action} to {who}.",),
        steps=("Take that Deny out of the resource's policy, or except {who} from it.", AGAIN),
    ),
    Entry(
        kinds=KINDS,
        layers=(Layer.RESOURCE, Layer.TRUST),
        causes=("The policy of the resource itself does not allow {action} to {who}.",),
        steps=("Allow {action} to {who} in the resource's policy.", AGAIN),
    ),
)

OF_PASTED = (
    Entry(
        kinds=KINDS,
        identities=PASTED,
        layers=(Layer.IDENTITY, Layer.EXPLICIT_DENY),
        explicit=True,
        causes=(
            "A policy of the person whose credentials you pasted{policy} denies {action}.",
            "Such a Deny often asks for MFA: it ends when one signs in with MFA.",
        ),
        steps=(f"Sign in with MFA if your account asks for it, or: {_ADMINISTRATOR}", AGAIN),
        look=pages.WHO_AM_I,
    ),
    Entry(
        kinds=KINDS,
        identities=PASTED,
        layers=(Layer.IDENTITY,),
        causes=("The policies of the person whose credentials you pasted do not allow {action}.",),
        steps=(_ADMINISTRATOR, AGAIN),
        look=pages.WHO_AM_I,
    ),
    Entry(
        kinds=KINDS,
        identities=PASTED,
        causes=(
            "The policies of the person whose credentials you pasted do not allow {action}.",
            "A service control policy of your AWS Organization denies it.",
            "A permissions boundary of that person does not allow it.",
        ),
        steps=(_ADMINISTRATOR, AGAIN),
        look=pages.WHO_AM_I,
    ),
)

OF_ROLE = (
    Entry(
        kinds=KINDS,
        layers=(Layer.IDENTITY,),
        explicit=True,
        causes=("A policy of the role {role}{policy} denies {action} explicitly.",),
        steps=("Look for that Deny in the policies of the role {role}, and take it out.", AGAIN),
        look=pages.ROLE_POLICIES,
    ),
    Entry(
        kinds=KINDS,
        layers=(Layer.IDENTITY,),
        causes=(
            "The policies of the role {role} do not allow {action}.",
            "A policy that Astro needs is not attached to the role, or was changed.",
            "The role was made with an older version of the policies.",
        ),
        steps=(
            "The policies of the role {role} do not allow {action}. Attach the policies shown "
            "in the step Access as they are.",
            AGAIN,
        ),
        look=pages.ROLE_POLICIES,
    ),
    Entry(
        kinds=KINDS,
        layers=(Layer.EXPLICIT_DENY,),
        causes=(
            "A policy denies {action} explicitly; AWS does not say which.",
            "Most often it is a service control policy of the AWS Organization.",
            "Else it is a policy of the role {role}, or its permissions boundary.",
        ),
        steps=(
            "Look for that Deny in the policies of the role {role}.",
            "If none is there, ask whoever manages AWS Organizations to look in its service "
            "control policies.",
            AGAIN,
        ),
        look=pages.SIMULATE,
    ),
    Entry(
        kinds=KINDS,
        says="encoded authorization failure",
        causes=(
            "The policies of the role {role} do not allow {action}.",
            "A service control policy of your AWS Organization denies it.",
            "The permissions boundary of the role does not allow it.",
        ),
        steps=(
            "AWS gave its reason in encoded form alone. The command here says whether the "
            "policies of the role {role} allow {action}.",
            "If it says allowed, ask whoever manages AWS Organizations. Else attach the policies "
            "shown in the step Access as they are.",
            AGAIN,
        ),
        look=pages.SIMULATE,
    ),
    Entry(
        kinds=KINDS,
        causes=(
            "The policies of the role {role} do not allow {action}.",
            "A service control policy of your AWS Organization denies it.",
            "The permissions boundary of the role does not allow it.",
        ),
        steps=(
            "Attach the policies of the role {role} as they are shown in the step Access.",
            "If they are attached, the command here says whether they allow {action}. If it says "
            "allowed, ask whoever manages AWS Organizations.",
            AGAIN,
        ),
        look=pages.SIMULATE,
    ),
)

ENTRIES = (
    *OF_THE_DOOR,
    *BY_ORGANIZATION,
    *BY_BOUNDARY,
    *BY_SESSION_OR_RESOURCE,
    *OF_PASTED,
    *OF_ROLE,
)
