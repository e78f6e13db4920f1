"""What CloudFormation, CloudTrail, CloudWatch and its Logs refuse when the alarm is set up."""

from onboarding.aws.catalogue import pages
from onboarding.aws.catalogue.entry import AGAIN, NOTHING, Entry
from onboarding.aws.check import Turn

_FORMATION, _TRAIL, _LOGS = ("cloudformation",), ("cloudtrail",), ("logs",)
_CUSTOMER = Turn.CUSTOMER

STACKS = (
    Entry(
        codes=("AlreadyExistsException", "TokenAlreadyExistsException"),
        services=_FORMATION,
        causes=("A stack of this name exists in {region} already.",),
        steps=("Look at that stack: use it, or delete it if it failed.", AGAIN),
        turn=_CUSTOMER,
        look=pages.STACKS,
    ),
    Entry(
        codes=("InsufficientCapabilitiesException",),
        services=_FORMATION,
        causes=("The stack makes a role with a name, and nobody has acknowledged that.",),
        steps=("Tick the acknowledgement about IAM resources with custom names.", AGAIN),
        turn=_CUSTOMER,
        look=pages.STACKS,
    ),
    Entry(
        codes=("ValidationError",),
        services=_FORMATION,
        says="does not exist",
        causes=("There is no such stack in {region}: it was deleted, or made elsewhere.",),
        steps=("Look for the stack in other Regions, or create it anew.", AGAIN),
        turn=_CUSTOMER,
        look=pages.STACKS,
    ),
    Entry(
        codes=("ValidationError",),
        services=_FORMATION,
        says="state|ROLLBACK",
        causes=("The stack failed before, and AWS does not update it from there.",),
        steps=("Delete the stack that failed, then create it anew.", AGAIN),
        turn=_CUSTOMER,
        look=pages.STACKS,
    ),
    Entry(
        codes=("LimitExceededException",),
        services=_FORMATION,
        causes=("Account {account} has as many stacks in {region} as AWS allows it.",),
        steps=("Delete stacks that nothing uses, or ask AWS for a higher quota.", AGAIN),
        turn=_CUSTOMER,
        look=pages.STACKS,
    ),
)

TRAILS = (
    Entry(
        codes=("MaximumNumberOfTrailsExceededException",),
        causes=("Account {account} has five trails in {region}, and AWS allows no more.",),
        steps=("Use a trail that is there, or delete one that nothing needs.", AGAIN),
        turn=_CUSTOMER,
        look=pages.TRAILS,
    ),
    Entry(
        codes=("TrailAlreadyExistsException",),
        causes=("A trail of this name exists in {region} already.",),
        steps=("Look at that trail: use it, or give it another name.", AGAIN),
        turn=_CUSTOMER,
        look=pages.TRAILS,
    ),
    Entry(
        codes=("TrailNotFoundException",),
        causes=(
            "The trail is not in account {account}: it was deleted.",
            "It belongs to another account, such as the Organization's.",
        ),
        steps=("Choose a trail of this account, or have one created.", AGAIN),
        turn=_CUSTOMER,
        look=pages.TRAILS,
    ),
    Entry(
        codes=(
            "NotOrganizationMasterAccountException",
            "NotOrganizationManagementAccountException",
        ),
        causes=(
            "The trail belongs to the AWS Organization; its management account alone may "
            "change it.",
        ),
        steps=(
            "Ask whoever manages AWS Organizations, or have a trail of your own created.",
            AGAIN,
        ),
        turn=_CUSTOMER,
        look=pages.TRAILS,
    ),
    Entry(
        codes=(
            "InsufficientS3BucketPolicyException",
            "S3BucketDoesNotExistException",
            "InsufficientEncryptionPolicyException",
        ),
        causes=(
            "CloudTrail may not write to the trail's bucket: its policy, or that of its key, does "
            "not allow it.",
            "The bucket is gone.",
        ),
        steps=("Let CloudTrail write to the bucket, as its console offers.", AGAIN),
        turn=_CUSTOMER,
        look=pages.TRAILS,
    ),
    Entry(
        codes=(
            "CloudWatchLogsDeliveryUnavailableException",
            "InvalidCloudWatchLogsLogGroupArnException",
            "InvalidCloudWatchLogsRoleArnException",
        ),
        causes=(
            "CloudTrail may not write to the log group yet: the role for it was made a moment ago.",
            "That role, or the log group, is gone.",
        ),
        steps=("Wait a minute, then try again.", "If it stays so, look at the trail's log group."),
        turn=_CUSTOMER,
        look=pages.TRAILS,
    ),
)

LOGS = (
    Entry(
        codes=("ResourceNotFoundException", "ResourceNotFound"),
        services=(*_LOGS, "cloudwatch", "monitoring"),
        causes=("The log group or alarm is not in {region}: it was deleted, or made elsewhere.",),
        steps=("Look for it in the Region of the trail, or have it created anew.", AGAIN),
        turn=_CUSTOMER,
        look=pages.LOG_GROUPS,
    ),
    Entry(
        codes=("ResourceAlreadyExistsException",),
        services=_LOGS,
        causes=("A log group of this name exists in {region} already.",),
        steps=("Use that log group, or delete it if nothing else does.", AGAIN),
        turn=_CUSTOMER,
        look=pages.LOG_GROUPS,
    ),
    Entry(
        codes=("LimitExceededException", "LimitExceeded", "LimitExceededFault"),
        services=(*_LOGS, "cloudwatch", "monitoring"),
        causes=(
            "The log group has a hundred metric filters, or the account as many alarms as AWS "
            "allows it.",
        ),
        steps=("Delete filters or alarms that nothing needs.", AGAIN),
        turn=_CUSTOMER,
        look=pages.ALARMS,
    ),
    Entry(
        codes=("InvalidParameterException", "InvalidParameterValue", "InvalidFormat"),
        services=(*_LOGS, "cloudwatch", "monitoring"),
        causes=("AWS does not accept the filter or the alarm as the portal wrote it.",),
        steps=(NOTHING,),
        turn=Turn.SUPPORT,
    ),
)

WATCHING = (
    Entry(
        kinds=("MonitoringDiffers",),
        causes=("{said}",),
        steps=(
            "Compare the two below. If nobody uses what is there, delete it.",
            "If somebody does, set up the alarm by hand with the filter pattern of that page.",
            AGAIN,
        ),
        turn=_CUSTOMER,
        look=pages.ALARMS,
    ),
    Entry(
        kinds=("NoTrail",),
        causes=("{said}",),
        steps=(
            "Give the log group of a trail that records IAM's events, or leave the field empty: we "
            "then make a trail.",
            AGAIN,
        ),
        turn=_CUSTOMER,
        look=pages.TRAILS,
    ),
)

ENTRIES = (*WATCHING, *STACKS, *TRAILS, *LOGS)
