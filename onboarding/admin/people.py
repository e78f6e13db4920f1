"""People: who they are, and whether they are support."""

from typing import Any

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401  (these register what is taken out below)
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import models
from django.forms import CheckboxSelectMultiple, ModelForm
from django.http import HttpRequest

from onboarding.admin.reading import ReadOnlyAdmin
from onboarding.models import User
from onboarding.services import sessions

# Even a superuser neither reads the secret of a second factor, nor confirms an address in somebody's
# place, nor sees session keys. What a group may do is written in onboarding/models/groups.py.
for each in (Authenticator, EmailAddress, Group, UserSession):
    admin.site.unregister(each)


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """People sign up by themselves. A superuser says who is support, and who may sign in."""

    fields = ("email", "name", "is_staff", "groups", "is_active", "last_login", "date_joined")
    readonly_fields = ("email", "last_login", "date_joined")
    list_display = ("email", "name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "groups", "is_active")
    search_fields = ("email", "name")
    ordering = ("email",)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        """Whoever may do more or less from now on, signs in anew."""
        super().save_model(request, obj, form, change)
        if {"is_staff", "groups", "is_active"} & set(form.changed_data):
            sessions.end_all(obj)

    def formfield_for_manytomany(self, *args: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(*args, widget=CheckboxSelectMultiple(), **kwargs)
        if field is not None:
            field.help_text = "What they may do at the desk. Nothing chosen: nothing."
        return field

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)
