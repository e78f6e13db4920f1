"""Who may do what at the desk: three groups, written here and nowhere else.

`is_staff` opens the desk's door; what is there for somebody is decided by their group. Superusers may
do everything that is ever offered there.
"""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

SUPPORT = "Support"
LEAD = "Support lead"
AUDITOR = "Auditor"

_SINGLE_SIGN_ON = (
    "add_domain",
    "change_domain",
    "add_ssoconnection",
    "change_ssoconnection",
)
_FOR_EVERYBODY = ("add_sharedprovider", "change_sharedprovider", "delete_sharedprovider")
"""Ways to sign in that every Organization gets."""
_HANDLES = ("handle_installation", *_SINGLE_SIGN_ON)
_LEADS = ("lead_desk", "propose_policyversion", "approve_policyversion", "activate_policyversion")

GROUPS: dict[str, tuple[str, ...]] = {
    SUPPORT: _HANDLES,
    LEAD: (*_HANDLES, *_LEADS, *_FOR_EVERYBODY),
    AUDITOR: (),
}
"""What each may besides reading and exporting, which all three may: everything at the desk."""


def settle(sender: AppConfig, using: str, **_: Any) -> None:
    """After each migration the groups hold what is written here: no more, and no less."""
    create_permissions(sender, verbosity=0, using=using)
    ours = Permission.objects.using(using).filter(content_type__app_label=sender.label)
    for name, more in GROUPS.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set(ours.filter(Q(codename__startswith="view_") | Q(codename__in=more)))
