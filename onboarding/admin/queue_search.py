"""The queue's search: a few narrow look-ups by index, put together by key.

What is typed is taken word by word. Found is

- by an AWS account ID or most of it, with or without dashes; by the key that stands in an installation's address;
- by a word with an @, whoever has a person with such an e-mail address: `@acme.example` finds a firm;
- by all other words, which must begin words of an Organization's name and short name, or of a
  cluster's name and ID, or of the name of a person in the Organization; or, cut in two anywhere, of
  an Organization and of its cluster, as in `acme prod`. Four to eight digits begin an account ID too.

The beginnings of words need no extension of PostgreSQL, as a search inside of words would
(`pg_trgm`), and do not depend on how the database sorts. Each look-up gives keys, which are united
and then fetched: an `OR` over four tables would read all of them. Nor is each word looked up for
itself: of `Acme Data Works`, half of all customers have `Data`, and one has all three.
"""

import re
import uuid
from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from onboarding.models import Installation, Membership, Organization, User
from onboarding.models.words import WordsBegin, beginnings

Rows = QuerySet[Installation]
DASHED = re.compile(r"[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{4}", re.ASCII)
ACCOUNT = re.compile(r"[0-9]{4}-?[0-9]{4}-?[0-9]{1,4}", re.ASCII)
"""Nothing but an account, whole or nearly."""
MAYBE_ACCOUNT = re.compile(r"[0-9]{4}-?[0-9]{0,4}", re.ASCII)
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
MOST_WORDS = 5
"""Of those that are cut in two. More are found where they stand together, and not else."""


def searched(rows: Rows, said: str) -> Rows:
    """Those of `rows` that fit what somebody typed."""
    # People copy the account ID the way AWS writes it.
    plain = DASHED.sub(lambda found: re.sub("[- ]", "", found[0]), said)
    words = [word for word in plain.split() if beginnings(word)]
    if not words:
        return rows.none() if said.strip() else rows
    others = []
    for word in words:
        if ACCOUNT.fullmatch(word):
            rows = rows.filter(aws_account_id__startswith=word.replace("-", ""))
        elif KEY.fullmatch(word.lower()):
            rows = rows.filter(pk=uuid.UUID(word))
        elif "@" in word:
            rows = rows.filter(organization__in=_of_people("email", [word]))
        else:
            others.append(word)
    if others:
        first, *more = (found.order_by().values("pk") for found in _look_ups(others))
        rows = rows.filter(pk__in=first.union(*more, all=True))
    return rows


def _look_ups(words: Sequence[str]) -> Iterator[Rows]:
    every = Installation.objects.all()
    yield _clusters(every, words)
    yield every.filter(organization__in=_organizations(words))
    yield every.filter(organization__in=_of_people("name", words))
    if len(words) == 1 and MAYBE_ACCOUNT.fullmatch(words[0]):
        yield every.filter(aws_account_id__startswith=words[0].replace("-", ""))
    for cut in range(1, min(len(words), MOST_WORDS)):
        for one, other in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
            yield _clusters(every.filter(organization__in=_organizations(one)), other)


def _pieces(words: Sequence[str]) -> list[str]:
    return [piece for word in words for piece in beginnings(word)]


def _clusters(rows: Rows, words: Sequence[str]) -> Rows:
    return rows.filter(WordsBegin("cluster_name", "cluster_id", pieces=_pieces(words)))


def _organizations(words: Sequence[str]) -> QuerySet[Organization, uuid.UUID]:
    found = Organization.objects.filter(WordsBegin("name", "short_name", pieces=_pieces(words)))
    return found.values_list("pk", flat=True)


def _of_people(field: str, words: Sequence[str]) -> QuerySet[Membership, uuid.UUID]:
    people = User.objects.filter(WordsBegin(field, pieces=_pieces(words)))
    found = Membership.objects.filter(user__in=people.values("pk"))
    return found.values_list("organization", flat=True)
