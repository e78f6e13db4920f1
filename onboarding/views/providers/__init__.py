"""The identity providers people may come from, as allauth asks for them, and stricter.

allauth finds `provider.py` here because this package is among INSTALLED_APPS. Each provider has a
package of its own, whose `urls.py` holds where it sends people back to; they all leave by one
view, `onboarding.views.leaving`.
"""
