"""The rules of `onboarding.facts.passwords`, as Django and allauth ask for them."""

from django.core.exceptions import ValidationError

from onboarding.facts import passwords
from onboarding.models import Organization, User

HELP = "At least 12 characters. A few words you remember are fine; one that many people use is not."


class PasswordRules:
    """The one validator in AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: User | None = None) -> None:
        try:
            passwords.judge(password, about(user))
        except ValueError as error:
            raise ValidationError(str(error), code="easy_to_guess") from None

    def get_help_text(self) -> str:
        return HELP


def about(user: User | None) -> list[str]:
    """What others know of the person: address and name, and their Organizations' names."""
    if user is None:
        return []
    words = [user.email, user.name]
    if user.pk:
        for name, short_name in Organization.objects.of(user).values_list("name", "short_name"):
            words += [name, short_name]
    return words
