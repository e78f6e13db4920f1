"""Support's desk. Evidence is read here and never written; verbs change an installation."""

from django.contrib import admin

from onboarding.admin.conversation import MessageAdmin
from onboarding.admin.dashboard import index
from onboarding.admin.deliveries import DeliveryAdmin
from onboarding.admin.evidence import EvidenceAdmin
from onboarding.admin.installations import InstallationAdmin
from onboarding.admin.log import LogAdmin
from onboarding.admin.mail import MailAdmin
from onboarding.admin.organizations import OrganizationAdmin
from onboarding.admin.people import UserAdmin
from onboarding.admin.policies import PolicyVersionAdmin
from onboarding.admin.sign_in import sign_in
from onboarding.admin.single_sign_on import DomainAdmin, EverybodysAdmin, SsoConnectionAdmin
from onboarding.admin.webhooks import WebhookAdmin

__all__ = [
    "DeliveryAdmin",
    "DomainAdmin",
    "EverybodysAdmin",
    "EvidenceAdmin",
    "InstallationAdmin",
    "LogAdmin",
    "MailAdmin",
    "MessageAdmin",
    "OrganizationAdmin",
    "PolicyVersionAdmin",
    "SsoConnectionAdmin",
    "UserAdmin",
    "WebhookAdmin",
]

admin.site.site_header = "Astro install portal · Support"
admin.site.site_title = "Support"
admin.site.index_title = "Support desk"
admin.site.enable_nav_sidebar = False
# One way in for everybody: the admin's own form knows no rate limits.
admin.site.login = sign_in  # type: ignore[method-assign]
admin.site.index = index  # type: ignore[method-assign]
