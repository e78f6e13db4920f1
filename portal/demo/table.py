"""What the person who started the demo needs to know."""

from pathlib import Path

from portal.demo.people import PASSWORD, PEOPLE
from portal.demo.ports import HOST
from portal.demo.simulator.samples import SAMPLES


def table(folder: Path, port: int, ports: dict[str, int]) -> str:
    site = f"http://{HOST}:{port}"
    console = f"http://{HOST}:{ports['simulator']}/console/accounts"
    lines = [
        ("Open", site),
        ("Sign in as", f"the password of all: {PASSWORD}"),
        *(("", f"{person.email:<24}{person.sentence}") for person in PEOPLE),
        ("Support desk", f"{site}/admin/"),
        ("Mail", f"{site}/demo/mailbox/"),
        ("AWS", f"{console} (simulated), with these accounts:"),
        *(("", f"{sample.account_id:<24}{sample.name}: {sample.sentence}") for sample in SAMPLES),
        ("Logs", str(folder / "log")),
        ("Stop", "Ctrl-C; the next `make demo` goes on with the same data"),
        ("Begin again", "make demo-reset"),
    ]
    return "\n" + "\n".join(f"  {label:<14}{text}" for label, text in lines) + "\n"
