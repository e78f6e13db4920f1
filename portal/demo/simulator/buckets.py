"""Objects of the simulated S3 by the URLs that templates have.

Source: S3 User Guide, "Methods for accessing a bucket"; CloudFormation API reference, CreateStack
(TemplateURL: it must be readable by whoever creates the stack).
"""

import json
import re
from urllib.parse import unquote, urlsplit

from portal.demo.simulator.evaluate import Principal, Question, Verdict, evaluate

_ENDPOINT = r"s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com"
_VIRTUAL_HOSTED = re.compile(rf"([a-z0-9][a-z0-9.-]{{1,61}}[a-z0-9])\.{_ENDPOINT}")
_PATH_STYLE = re.compile(_ENDPOINT)


class NotReadable(Exception):
    """There is no such object, or the reader may not read it; the text is AWS's."""


def located(url: str) -> tuple[str, str] | None:
    """Bucket and key of an S3 URL, virtual-hosted or path-style. None: it is no S3 URL."""
    parts = urlsplit(url)
    host, path = parts.hostname or "", unquote(parts.path.removeprefix("/"))
    found = _VIRTUAL_HOSTED.fullmatch(host)
    if parts.scheme != "https" or not (found or _PATH_STYLE.fullmatch(host)):
        return None
    if found:
        return found[1], path
    bucket, _, key = path.partition("/")
    return bucket, key


def read(account_id: str, url: str) -> bytes:
    """The object, read by an administrator of the account. Raises `NotReadable`."""
    from moto.s3.models import s3_backends  # noqa: PLC0415 - slow to load, and rarely asked for

    bucket, key = located(url) or ("", "")
    _, owner = s3_backends.bucket_accounts.get(bucket, ("", ""))
    if not owner:
        raise NotReadable("S3 error: The specified bucket does not exist")
    held = s3_backends[owner]["aws"]
    if owner != account_id and not _open_to(
        held.get_bucket(bucket).policy, account_id, bucket, key
    ):
        raise NotReadable("S3 error: Access Denied")
    found = held.get_object(bucket, key)
    if found is None:
        raise NotReadable("S3 error: The specified key does not exist.")
    body: bytes = found.value
    return body


def _open_to(policy: bytes | None, account_id: str, bucket: str, key: str) -> bool:
    if not policy:
        return False
    reader = Principal(account_id, f"arn:aws:iam::{account_id}:root")
    question = Question(reader, "s3:GetObject", f"arn:aws:s3:::{bucket}/{key}", {})
    return evaluate([json.loads(policy)], question) is Verdict.ALLOWED
