"""`make bench`: one line a measure: its name, its value, its limit, and whether it holds."""

import sys

from tests.bench import checks, creation, desk, proof
from tests.bench.world import far_away

TOPICS = (checks, creation, proof, desk)


def main() -> int:
    every_one_holds = True
    with far_away() as aws:
        for topic in TOPICS:
            for measure in topic.measures(aws):
                sys.stdout.write(f"{measure.line()}\n")
                sys.stdout.flush()
                every_one_holds = every_one_holds and measure.is_ok
    return 0 if every_one_holds else 1


if __name__ == "__main__":
    sys.exit(main())
