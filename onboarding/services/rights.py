"""Who may do what at the desk, asked by every verb itself: a page that forgets to ask opens nothing."""

from onboarding.models import User

HANDLE, LEAD = "onboarding.handle_installation", "onboarding.lead_desk"


def allow(by: User, right: str) -> None:
    """Raises `PermissionError` for whoever may not do it at the desk."""
    if not (by.is_active and by.is_staff and by.has_perm(right)):
        raise PermissionError("Your group at the desk may not do this.")
