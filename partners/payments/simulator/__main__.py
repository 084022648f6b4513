"""`python -m partners.payments.simulator --folder var/payment-simulator --port 8099`: prints its address and serves until it is ended."""

import argparse
import fcntl
import os
import sys
from functools import partial
from pathlib import Path
from threading import Thread

from partners.payments.rsa import public_half
from partners.payments.simulator.memory import keys_in, recall, remember
from partners.payments.simulator.serving import Simulator
from rules.billing import PaymentMethod


def is_first(folder: Path) -> bool:
    """Whether no other simulator works in this folder; this one keeps others out until it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def end_with_parent() -> None:
    """End as soon as whoever holds the other end of our input is gone, however they went."""
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    """Serve; where somebody serves in the same folder already, only say where."""
    parser = argparse.ArgumentParser(
        "payment simulator", description="Simulated Alipay and WeChat Pay. No money moves."
    )
    parser.add_argument("--folder", type=Path, default=Path("var/payment-simulator"), help="where its keys are kept")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--pace", type=int, default=1, help="how much faster than real the time between tries goes")
    parser.add_argument("--pay-after", type=int, help="seconds after which it pays by itself")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input is closed")
    said = parser.parse_args()
    if said.with_parent:
        Thread(target=end_with_parent, daemon=True).start()
    place = said.folder / "address"
    if not is_first(said.folder):
        sys.stdout.write(place.read_text())
        return
    keys = keys_in(said.folder)
    public = {PaymentMethod.ALIPAY: public_half(keys.alipay), PaymentMethod.WECHAT_PAY: public_half(keys.wechat_pay)}
    simulator = Simulator(keys, public, said.port, said.pace, said.pay_after)
    recall(said.folder, simulator.office)
    simulator.keep = partial(remember, said.folder, simulator.office)
    place.write_text(f"{simulator.address}\n")
    sys.stdout.write(f"{simulator.address}\n")
    sys.stdout.flush()
    simulator.run()


if __name__ == "__main__":
    main()
