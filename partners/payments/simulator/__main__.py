"""`python -m partners.payments.simulator --folder var/payment-simulator --port 8099`: prints its address and serves until it is ended."""

import argparse
import os
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from partners.payments import rsa
from partners.payments.simulator.office import Keys
from partners.payments.simulator.serving import Simulator
from rules.billing import PaymentMethod


def new_key() -> str:
    """A private key in PEM."""
    key = generate_private_key(65537, rsa.LEAST_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_half(private_key: str) -> str:
    """Its public key in PEM."""
    key = rsa.own_key(private_key).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def kept(file: Path) -> str:
    """The key in the file; made when it is first asked for, and then always the same."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        made = file.with_suffix(f".{os.getpid()}")
        made.touch(0o600)
        made.write_text(new_key())
        made.replace(file)
    return file.read_text()


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(
        "payment simulator", description="Simulated Alipay and WeChat Pay. No money moves."
    )
    parser.add_argument("--folder", type=Path, default=Path("var/payment-simulator"), help="where its keys are kept")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--pace", type=int, default=1, help="how much faster than real the time between tries goes")
    parser.add_argument("--pay-after", type=int, help="seconds after which it pays by itself")
    said = parser.parse_args()
    keys = Keys(kept(said.folder / "alipay.pem"), kept(said.folder / "wechat-pay.pem"))
    public = {PaymentMethod.ALIPAY: public_half(keys.alipay), PaymentMethod.WECHAT_PAY: public_half(keys.wechat_pay)}
    simulator = Simulator(keys, public, said.port, said.pace, said.pay_after)
    sys.stdout.write(f"{simulator.address}\n")
    sys.stdout.flush()
    simulator.run()


if __name__ == "__main__":
    main()
