"""What happened, by whom, when. Rows are only ever added."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from onboarding.models.installation import Installation
from onboarding.models.organization import Organization


class Event(models.Model):
    class Kind(models.TextChoices):
        FOUNDED = "founded", "Organization founded"
        RENAMED = "renamed", "Organization renamed"
        INVITED = "invited", "Invitation sent"
        INVITATION_WITHDRAWN = "invitation_withdrawn", "Invitation withdrawn"
        JOINED = "joined", "Joined the Organization"
        ROLE_CHANGED = "role_changed", "Role in the Organization changed"
        REMOVED = "removed", "Removed from the Organization"
        LEFT = "left", "Left the Organization"
        SECOND_FACTOR_REQUIRED = "second_factor_required", "Second factor required"
        SECOND_FACTOR_OPTIONAL = "second_factor_optional", "Second factor left to each"
        SSO_REFUSED = "sso_refused", "Single sign-on refused"
        EXTERNAL_ID_ROTATED = "external_id_rotated", "External ID renewed"
        EXTERNAL_ID_RETIRED = "external_id_retired", "Former external ID retired"
        HANDED_OVER = "handed_over", "Access step handed to a colleague"
        HANDOVER_WITHDRAWN = "handover_withdrawn", "Hand-over withdrawn"
        HANDOVER_OPENED = "handover_opened", "Hand-over opened"
        HANDOVER_DONE = "handover_done", "Hand-over done"
        STARTED = "started", "Installation started"
        STEP_SAVED = "step_saved", "Step saved"
        EXTERNAL_ID_SHOWN = "external_id_shown", "External ID shown"
        ROLE_REQUESTED = "role_requested", "Role creation asked for"
        ROLE_CREATED = "role_created", "Role created"
        ROLE_PROVED = "role_proved", "Role proved"
        ROLE_UNSAFE = "role_unsafe", "Role found unsafe"
        ROLE_DRIFTED = "role_drifted", "Role changed since it was proved"
        ROLE_UPDATED = "role_updated", "Role updated to a newer version"
        MONITORING_CREATED = "monitoring_created", "Alarm on the role created"
        PREFLIGHT_REPORTED = "preflight_reported", "Pre-flight report handed in"
        CHECKED = "checked", "Account checked"
        QUOTA_REQUESTED = "quota_requested", "Quota increase asked for"
        QUOTA_DECIDED = "quota_decided", "Quota increase decided by AWS"
        REGION_REQUESTED = "region_requested", "Region asked to be turned on"
        REGION_ENABLED = "region_enabled", "Region turned on"
        MESSAGE = "message", "Message written"
        NOTED = "noted", "Internal note written"
        OVERRIDDEN = "overridden", "Failed check overridden"
        OVERRIDE_WITHDRAWN = "override_withdrawn", "Override withdrawn"
        SUBMITTED = "submitted", "Submitted"
        CLAIMED = "claimed", "Review started"
        RELEASED = "released", "Review given back"
        ASSIGNED = "assigned", "Given to somebody of support"
        CHANGES_REQUESTED = "changes_requested", "Changes requested"
        REQUEST_WITHDRAWN = "request_withdrawn", "A change is no longer asked for"
        BUILDING = "building", "Build started"
        CLUSTER_REPORTED = "cluster_reported", "Facts of the cluster reported"
        READY = "ready", "Cluster ready"
        CONFIRMED = "confirmed", "Installation confirmed"
        FAILED = "failed", "Build failed"
        CANCELLED = "cancelled", "Cancelled"
        REOPENED = "reopened", "Opened again"
        MAIL_BOUNCED = "mail_bounced", "A mail came back"
        REMINDED = "reminded", "Reminder sent"
        REMINDERS_STOPPED = "reminders_stopped", "Reminders stopped"
        WEBHOOK_ADDED = "webhook_added", "Webhook added"
        WEBHOOK_CHANGED = "webhook_changed", "Webhook changed"
        WEBHOOK_REMOVED = "webhook_removed", "Webhook removed"
        POLICY_ANNOUNCED = "policy_announced", "Change of permissions announced"
        POLICY_ACKNOWLEDGED = "policy_acknowledged", "Change of permissions acknowledged"
        POLICY_EFFECTIVE = "policy_effective", "Change of permissions in effect"
        EVIDENCE_EXPORTED = "evidence_exported", "Evidence pack downloaded"

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="events")
    installation = models.ForeignKey(
        Installation, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    kind = models.CharField(max_length=30, choices=Kind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Who did it; nobody when the portal did."""
    note = models.TextField(blank=True)
    """A sentence for people, shown to both sides."""
    data = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["installation", "at"], name="timeline"),
            models.Index(fields=["kind", "at"], name="happened_lately"),
            models.Index(fields=["-at", "-id"], name="events_latest"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("An event is not changed once it is written.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("An event is not deleted.")
