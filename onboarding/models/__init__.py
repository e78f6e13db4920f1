"""The data. A line that is true of one row, or changes its status, is a method here."""

from onboarding.models.aws_call import AwsCall
from onboarding.models.change_request import ChangeRequest
from onboarding.models.check_result import CheckResult
from onboarding.models.event import Event
from onboarding.models.handover import Handover, HandoverVisit
from onboarding.models.heartbeat import Heartbeat
from onboarding.models.installation import EDITABLE, MOVES, IllegalMove, Installation, Status
from onboarding.models.invitation import Invitation
from onboarding.models.mail import Mail
from onboarding.models.operation import LEASE, MAX_ATTEMPTS, LostLease, Operation
from onboarding.models.organization import Membership, Organization
from onboarding.models.peer_vpc import PeerVpc
from onboarding.models.quota_request import UNDECIDED, QuotaRequest, newest_of_each
from onboarding.models.sign_in import Domain, SharedProvider, SsoConnection
from onboarding.models.user import User

__all__ = [
    "EDITABLE",
    "LEASE",
    "MAX_ATTEMPTS",
    "MOVES",
    "UNDECIDED",
    "AwsCall",
    "ChangeRequest",
    "CheckResult",
    "Domain",
    "Event",
    "Handover",
    "HandoverVisit",
    "Heartbeat",
    "IllegalMove",
    "Installation",
    "Invitation",
    "LostLease",
    "Mail",
    "Membership",
    "Operation",
    "Organization",
    "PeerVpc",
    "QuotaRequest",
    "SharedProvider",
    "SsoConnection",
    "Status",
    "User",
    "newest_of_each",
]
