import pytest
import redis
from pytest_django import Settings

from onboarding.aws.actions.create_role import Credentials
from onboarding.jobs import handoff

CREDENTIALS = Credentials("ASIAQQQQQQQQQQQQQQQQ", "s3cr3t" * 6 + "abcd", "token" * 40)


def test_credentials_are_taken_once() -> None:
    handoff.put("once", CREDENTIALS)

    assert handoff.take("once") == CREDENTIALS
    assert handoff.take("once") is None


def test_a_second_hand_off_for_one_operation_is_refused() -> None:
    handoff.put("twice", CREDENTIALS)

    with pytest.raises(handoff.HandoffUnavailable):
        handoff.put("twice", CREDENTIALS)


def test_they_are_sealed_and_expire(settings: Settings) -> None:
    handoff.put("sealed", CREDENTIALS)
    store = redis.Redis.from_url(settings.HANDOFF_REDIS_URL)

    kept = store.get("handoff:sealed")

    assert isinstance(kept, bytes)
    for secret in ("ASIAQQQQQQQQQQQQQQQQ", "s3cr3t", "tokentoken"):
        assert secret.encode() not in kept
    assert 0 < store.ttl("handoff:sealed") <= handoff.HELD_SECONDS


def test_what_was_sealed_for_another_operation_is_not_opened(settings: Settings) -> None:
    handoff.put("mine", CREDENTIALS)
    store = redis.Redis.from_url(settings.HANDOFF_REDIS_URL)
    store.set("handoff:theirs", store.get("handoff:mine") or b"")

    assert handoff.take("theirs") is None


def test_a_queue_that_is_away_keeps_nothing(settings: Settings) -> None:
    settings.HANDOFF_REDIS_URL = "redis://127.0.0.1:1"

    with pytest.raises(handoff.HandoffUnavailable):
        handoff.put("away", CREDENTIALS)
    assert handoff.take("away") is None
