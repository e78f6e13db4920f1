"""What was mailed, and what became of it. A page besides shows every mail there is."""

from django.contrib import admin
from django.urls import URLPattern

from onboarding.admin import mail_preview
from onboarding.admin.evidence import EvidenceAdmin
from onboarding.models import Mail


@admin.register(Mail)
class MailAdmin(EvidenceAdmin):
    """Without text and HTML: a link in a waiting mail may sign somebody in."""

    fields = (
        "installation", "name", "to", "subject", "state", "attempts", "copies", "run_after",
        "reply", "created_at", "accepted_at", "bounced_at",
    )  # fmt: skip
    list_display = ("created_at", "name", "to", "state", "attempts", "reply")
    list_filter = ("state", "name")
    search_fields = ("to",)
    change_list_template = "admin/onboarding/mail/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        return [*mail_preview.urls(self.admin_site.admin_view), *super().get_urls()]
