"""The portal's variables in tests: nothing of the person's own environment counts."""

import os
from pathlib import Path

from portal.demo.ports import HOST, free_port
from portal.demo.simulator.accounts import VENDOR_KEY

PLAIN = {
    "SECRET_KEY": "tests sign with this and nothing else does: 0123456789abcdefghijklmnop",
    "SEALING_KEYS": "dGVzdHMtc2VhbC13aXRoLXRoaXMta2V5LTAxMjM0NTY=",
    "SITE_URL": "http://127.0.0.1:8000",
    "REDIS_URL": f"redis://{HOST}:1/0",
}
"""Enough to load the settings. Port 1 answers to nobody."""

FORGOTTEN = (
    "AWS_", "BOTO", "DEMO", "DATABASE_URL", "REDIS_URL", "HANDOFF_REDIS_URL", "EMAIL_URL",
    "GITHUB_", "GOOGLE_", "MAIL_PROVIDER", "ANYMAIL_", "BOUNCE_DOMAIN",
)  # fmt: skip


def forget() -> None:
    """Take out what could lead a test to a real account or a service that happens to run."""
    for name in [name for name in os.environ if name.startswith(FORGOTTEN)]:
        del os.environ[name]


def portal(database_url: str, redis_url: str, folder: Path) -> dict[str, str]:
    """For the settings and for boto3. AWS and SMTP get ports on which fixtures start servers."""
    simulator = f"http://{HOST}:{free_port()}"
    return PLAIN | {
        "ALLOWED_HOSTS": f"testserver,{HOST},localhost",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "HANDOFF_REDIS_URL": redis_url,
        "EMAIL_URL": f"smtp://{HOST}:{free_port()}",
        "STATIC_ROOT": str(folder / "static"),
        "AWS_ENDPOINT_URL": simulator,
        "AWS_ACCESS_KEY_ID": VENDOR_KEY.access_key_id,
        "AWS_SECRET_ACCESS_KEY": VENDOR_KEY.secret_access_key,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONSOLE_URL": f"{simulator}/console",
        "NO_PROXY": f"{HOST},localhost",
        "no_proxy": f"{HOST},localhost",
    }
