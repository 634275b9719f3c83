"""Start everything on one machine: the intraday loop, and the dashboard.

With AFTERSIGHT_SOURCES set the loop watches those sources; without, it builds and
keeps alive the demo network under var/demo, and the screens say so.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from warehouse.access import demo
from warehouse.access.roles import ROLES
from warehouse.errors import AftersightError
from warehouse.settings import Settings

ROOT = Path(__file__).parent
DEMO = Path("var/demo")


def main() -> int:
    """Run until interrupted; ends when one of the two processes ends."""
    environment = dict(os.environ)
    loop = [sys.executable, "-m", "etl", "watch", "--every", "10"]
    if "AFTERSIGHT_SOURCES" not in environment:
        environment.setdefault("AFTERSIGHT_DEMO", "1")
        loop += ["--demo", str(DEMO)]
    try:
        settings = Settings.from_environment(environment)
    except AftersightError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    address = f"http://{settings.host}:{settings.port}"
    web = [
        *(sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"),
    ]
    processes = [
        subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603
        for command in (loop, web)
    ]
    sys.stdout.write(f"Aftersight 售后驾驶舱: {address}\n")
    if settings.demo:
        sys.stdout.write(sign_ins(settings))
    sys.stdout.flush()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
    except (KeyboardInterrupt, SystemExit):
        return 0
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()
    return 1


def sign_ins(settings: Settings) -> str:
    """Return who can sign in to the demo network, and how."""
    if not settings.is_local:
        return (
            "demo network; its accounts exist only where AFTERSIGHT_HOST is this "
            "machine: make one with `python -m warehouse users create`\n"
        )
    lines = [f"  {name:10} {ROLES[role].name.en}" for name, role, _ in demo.PEOPLE]
    told = "\n".join(lines)
    head = f"demo network; sign in from this machine, password {demo.PASSWORD}:"
    return f"{head}\n{told}\n"


if __name__ == "__main__":
    sys.exit(main())
