"""`python -m portal.demo.simulator --port 4566 [--host H] [--state DIR] [--latency-ms N]
[--quota-answers CASE APPROVED]`"""

import argparse
import importlib
import os
import signal
import sys
from pathlib import Path
from threading import Thread

from portal.demo.simulator import local
from portal.demo.simulator.server import Simulator, listen


def main() -> int:
    options = _options()
    if options.host not in local.LOOPBACK:
        local.trust_network()
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    simulator = Simulator(options.state)
    if options.latency_ms is not None:
        simulator.aws.turn({"latency_ms": options.latency_ms}, keep=False)
    if options.quota_answers is not None:
        case_after, after = options.quota_answers
        answers = {"case_after_seconds": case_after, "after_seconds": after}
        simulator.aws.turn({"quota_answers": answers}, keep=False)
    try:
        server = listen(simulator, options.port, options.host)
    except OSError:
        return _refuse(f"Port {options.port} is taken. Choose another with --port.")
    address = f"http://127.0.0.1:{server.port}"
    sys.stdout.write(f"simulator ready on {address}\n")
    sys.stdout.flush()
    # The first stack would wait two seconds for it.
    warm = Thread(
        target=importlib.import_module, args=["portal.demo.simulator.stacks"], daemon=True
    )
    warm.start()
    server.serve_forever()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m portal.demo.simulator")
    parser.add_argument("--port", type=int, default=4566)
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 inside a container")
    parser.add_argument("--state", type=Path, help="directory that lets the next start go on")
    parser.add_argument("--latency-ms", type=int, help="added to every AWS call")
    parser.add_argument(
        "--quota-answers",
        type=float,
        nargs=2,
        metavar=("CASE", "APPROVED"),
        help="seconds until an increase request becomes a support case, and until it is approved",
    )
    return parser.parse_args()


def _end(signum: int, frame: object) -> None:
    """At once: everything worth keeping is in the state file already."""
    os._exit(0)


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
