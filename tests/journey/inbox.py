"""Mail of the demo, read one after the other, as a person does."""

import time
from dataclasses import dataclass, field

from portal.demo.mailbox import Received
from tests.harness.mail import Mailbox

MAIL_SECONDS = 60


@dataclass
class Inbox:
    """Each mail is read once; what was read does not answer for what is to come."""

    mailbox: Mailbox
    already_read: set[str] = field(default_factory=set)

    def read(self, subject: str, *, to: str, saying: str) -> Received:
        """The next unread mail with `subject` in its subject; waits until it comes."""
        deadline = time.monotonic() + MAIL_SECONDS
        while time.monotonic() < deadline:
            for mail in reversed(self.mailbox.mails(to)):
                if subject in mail.subject and mail.name not in self.already_read:
                    self.already_read.add(mail.name)
                    assert saying in mail.text, mail.text
                    assert saying in mail.html or not mail.html, "The HTML says something else."
                    return mail
            time.sleep(0.2)
        there = [(mail.to, mail.subject) for mail in self.mailbox.mails()]
        raise AssertionError(f"No new mail {subject!r} to {to} came; there are {there}.")
