"""The services of the test run are real, and its own."""

import os
import urllib.request

import boto3
import pytest
import redis
from django.conf import settings
from django.core.mail import send_mail
from django.db import connection
from pytest_socket import SocketConnectBlockedError

from portal.demo.ports import is_answered
from tests.harness.mail import Mailbox
from tests.harness.simulator import Simulator


@pytest.mark.django_db
def test_the_database_is_postgresql() -> None:
    assert connection.vendor == "postgresql"


def test_the_queue_forgets_nothing_while_it_runs(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("save") == {"save": ""}


def test_the_portal_uses_the_services_of_this_worker(redis_url: str, mailbox: Mailbox) -> None:
    assert settings.REDIS_URL == redis_url == os.environ["REDIS_URL"]
    assert is_answered(settings.EMAIL_PORT)


def test_mail_arrives_over_smtp(mailbox: Mailbox) -> None:
    send_mail("Hello", "Read http://127.0.0.1/here", None, ["owner@acme.example"])
    mail = mailbox.wait_for("hello", to="owner@acme.example")
    assert mail.links == ["http://127.0.0.1/here"]


def test_boto3_finds_the_simulated_aws(simulator: Simulator) -> None:
    identity = boto3.client("sts").get_caller_identity()
    assert identity["Account"] == "406882777402"


def test_nothing_but_this_machine_is_reached() -> None:
    with pytest.raises(SocketConnectBlockedError):
        urllib.request.urlopen("http://192.0.2.1/", timeout=1)
