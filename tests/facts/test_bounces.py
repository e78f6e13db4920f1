"""What a mail server sends back, read: failures and nothing else."""

import os

import pytest

from onboarding.facts import bounces

TO = "bounces+0123-abcd@bounces.example"
REPORT = """\
From: MAILER-DAEMON@mx.example
To: {to}
Subject: {subject}
Content-Type: multipart/report; report-type={kind}; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/plain

Your mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; owner@acme.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--b
Content-Type: message/rfc822

Subject: Your cluster is ready

Text.
--b--
"""


def report(
    action: str = "failed",
    status: str = "5.1.1",
    words: str = "550 No such user",
    kind: str = "delivery-status",
    to: str = TO,
) -> bytes:
    text = REPORT.format(
        action=action, status=status, words=words, kind=kind, to=to, subject="Undelivered"
    )
    return text.replace("\n", "\r\n").encode()


def test_a_failure_says_why_and_to_whom_it_was_reported() -> None:
    read = bounces.read(report())
    assert read.failure == "5.1.1 550 No such user"
    assert read.recipients == (TO,)


@pytest.mark.parametrize(
    ("status", "words", "failure"),
    [
        ("5.2.2", "552 Mailbox full", "5.2.2 552 Mailbox full"),
        # Postfix, when it has tried for five days.
        ("4.4.1", "connect to mx.acme.example: timed out", "4.4.1 connect to mx.acme.example: timed out"),
        ("5.1.1 (bad destination)", "550 No", "5.1.1 550 No"),
        ("", "", "5.0.0"),
        ("nonsense", "x" * 2000, ("5.0.0 " + "x" * 2000)[: bounces.MOST]),
    ],
)  # fmt: skip
def test_what_failed_for_good_is_a_failure_whatever_its_status(
    status: str, words: str, failure: str
) -> None:
    assert bounces.read(report(status=status, words=words)).failure == failure


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "", "FAIL"])
def test_what_is_still_under_way_or_arrived_is_no_failure(action: str) -> None:
    assert bounces.read(report(action=action, status="4.2.2")).failure == ""


def test_a_report_of_another_kind_is_no_failure() -> None:
    assert bounces.read(report(kind="disposition-notification")).failure == ""


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe" * 100,
        b"Subject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nAction: failed\r\nStatus: 5.1.1",
        b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\nno parts",
        report()[:300],
        report().replace(b'boundary="b"', b'boundary="c"'),
        b"To: =?utf-8?b?broken\r\nContent-Type: multipart/report; report-type*=x''\r\n\r\n",
        b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n",
        os.urandom(5000),
    ],
    ids=range(9),
)
def test_auto_replies_and_garbage_are_no_failure(raw: bytes) -> None:
    assert bounces.read(raw).failure == ""
