"""How the portal writes things. Built in: templates need not load it."""

from django import template

register = template.Library()


@register.filter
def account_id(value: str) -> str:
    """An AWS account ID the way AWS writes it: 1234-5678-9012."""
    return f"{value[:4]}-{value[4:8]}-{value[8:]}" if len(value) == 12 else value
