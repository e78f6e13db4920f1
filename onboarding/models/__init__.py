"""The data. A line that is true of one row, or changes its status, is a method here."""

from onboarding.models.aws_call import AwsCall
from onboarding.models.change_request import ChangeRequest
from onboarding.models.check_result import CheckResult
from onboarding.models.conversation import InternalNote, Message, MessagesSeen
from onboarding.models.event import Event
from onboarding.models.handover import Handover, HandoverVisit
from onboarding.models.heartbeat import Heartbeat
from onboarding.models.installation import (
    EDITABLE,
    MOVES,
    IllegalMove,
    Installation,
    Status,
    Turn,
    turn_of,
)
from onboarding.models.invitation import Invitation
from onboarding.models.mail import Mail
from onboarding.models.operation import LEASE, MAX_ATTEMPTS, LostLease, Operation
from onboarding.models.organization import Membership, Organization
from onboarding.models.peer_vpc import PeerVpc
from onboarding.models.policy_version import NOTICE, Notice, NoticeText, PolicyVersion
from onboarding.models.quota_request import UNDECIDED, QuotaRequest, newest_of_each
from onboarding.models.reminder import Reminder, ReminderStop
from onboarding.models.review import Override, SavedView, Submission
from onboarding.models.sign_in import Domain, SharedProvider, SsoConnection
from onboarding.models.user import User
from onboarding.models.webhook import Delivery, Webhook

__all__ = [
    "EDITABLE",
    "LEASE",
    "MAX_ATTEMPTS",
    "MOVES",
    "NOTICE",
    "UNDECIDED",
    "AwsCall",
    "ChangeRequest",
    "CheckResult",
    "Delivery",
    "Domain",
    "Event",
    "Handover",
    "HandoverVisit",
    "Heartbeat",
    "IllegalMove",
    "Installation",
    "InternalNote",
    "Invitation",
    "LostLease",
    "Mail",
    "Membership",
    "Message",
    "MessagesSeen",
    "Notice",
    "NoticeText",
    "Operation",
    "Organization",
    "Override",
    "PeerVpc",
    "PolicyVersion",
    "QuotaRequest",
    "Reminder",
    "ReminderStop",
    "SavedView",
    "SharedProvider",
    "SsoConnection",
    "Status",
    "Submission",
    "Turn",
    "User",
    "Webhook",
    "newest_of_each",
    "turn_of",
]
