"""Every mail the portal sends, by group: who gets it, and when."""

from dataclasses import dataclass

OWNERS = "Organization Owners, and whoever started the installation"
ALL_OWNERS = "Organization Owners"
TALKING = "Whoever wrote about the installation, Organization Owners, and whoever started it"
SUPPORT = "Whoever of support has claimed the installation, else support's own address"
DESK = "Support's own address"
COLLEAGUE = "The colleague whom an Owner gave the access step to"
PERSON = "The person it is about"
TYPED = "The address that somebody typed"


@dataclass(frozen=True)
class Listed:
    name: str
    who: str
    when: str


def _rows(who: str, **whens: str) -> list[Listed]:
    return [Listed(name, who, when) for name, when in whens.items()]


GROUPS: dict[str, list[Listed]] = {
    "An installation, to the customer": [
        *_rows(
            OWNERS,
            submitted="The answers were submitted",
            claimed="Support began the review",
            changes_requested="Support asks for changes",
            building="Support began to build",
            ready="The cluster is built",
            cluster_corrected="Support corrected the external IP addresses of a built cluster",
            failed="The build failed",
            cancelled_by_support="Support cancelled the installation",
            overridden="Support lets a failed check pass",
            reopened="Support opened the installation again",
            role_proved="The role was proved",
            role_drifted="The daily proof found the role changed",
            quota_granted="AWS granted a quota increase",
            quota_granted_less="AWS granted a part of a quota increase",
            quota_refused="AWS refused a quota increase",
            quota_unanswered="AWS has not decided on a quota increase for weeks",
            region_enabled="AWS turned a Region on",
            reminder_peering="A peering request is about to expire in AWS",
        ),
        *_rows(TALKING, message_to_customer="Support wrote a message"),
        *_rows(
            f"{OWNERS}, without those who stopped reminders",
            reminder_draft="A draft has rested for days",
            reminder_changes="Changes asked for have rested for days",
            reminder_ready="A ready cluster has waited for days to be confirmed",
        ),
    ],
    "An installation, to support": _rows(
        SUPPORT,
        submitted_to_support="The answers were submitted",
        confirmed="The customer confirmed the cluster",
        cancelled="The customer cancelled the installation",
        role_drifted_to_support="The daily proof found the role changed",
        message_to_support="The customer wrote a message",
        mail_bounced="A mail to the customer came back, once an address",
        reminder_unclaimed="A submitted installation is claimed by nobody",
        reminder_overdue="What was promised is late",
    ),
    "People of an Organization": [
        *_rows(PERSON, invitation="An Owner invited the address"),
        *_rows(ALL_OWNERS, joined="Somebody accepted an invitation"),
        *_rows(
            PERSON,
            membership_role="An Owner changed the person's role",
            membership_ended="An Owner removed the person",
        ),
        *_rows(
            ALL_OWNERS,
            external_id_renewed="An Owner renewed the external ID",
            external_id_retired="The former external ID was retired",
        ),
    ],
    "The access step, handed to a colleague": [
        *_rows(
            COLLEAGUE,
            handover="An Owner handed the step over",
            handover_code="The colleague asked for a code",
            handover_thanks="The role was proved",
        ),
        *_rows(
            ALL_OWNERS,
            handover_opened="The colleague confirmed the code",
            handover_done="The role was proved",
            handover_locked="Too many wrong codes were typed",
        ),
    ],
    "Permissions": [
        *_rows(
            ALL_OWNERS,
            policy_notice="A version that expands access was announced, 14 days ahead",
            policy_bounced="The notice to another Owner came back",
            policy_effective="A version is in effect and a role is older",
        ),
        *_rows(DESK, policy_bounced_to_support="A notice to an Owner came back"),
    ],
    "Signing in": [
        *_rows(
            TYPED,
            sign_in_email_confirmation_signup="Somebody signed up",
            sign_in_email_confirmation="Somebody changed to the address",
            sign_in_account_already_exists="Somebody signed up with an address that has an account",
            sign_in_unknown_account="Somebody asked for a new password without an account",
            sign_in_password_reset_key="Somebody asked for a new password",  # noqa: S106  (a name)
        ),
        *_rows(
            PERSON,
            sign_in_password_reset="The password was chosen anew by a link",  # noqa: S106  (a name)
            sign_in_password_changed="The password was changed",  # noqa: S106  (a name)
            sign_in_password_set="A first password was set",  # noqa: S106  (a name)
            sign_in_email_changed="The address was changed",
            sign_in_email_deleted="A former address was taken out",
            sign_in_account_connected="A way to sign in was connected",
            sign_in_account_disconnected="A way to sign in was disconnected",
            sign_in_totp_activated="An app for codes was added",
            sign_in_totp_deactivated="An app for codes was removed",
            sign_in_webauthn_added="A passkey was added",
            sign_in_webauthn_removed="A passkey was removed",
            sign_in_recovery_codes_generated="New recovery codes were made",
        ),
    ],
}

LISTED: dict[str, Listed] = {each.name: each for rows in GROUPS.values() for each in rows}
