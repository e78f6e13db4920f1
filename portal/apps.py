from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        # Whoever sends a message must know the queue, not only the worker.
        import portal.celery  # noqa: F401
