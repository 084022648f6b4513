"""How WeChat Pay and its merchants sign (APIv3), and how it seals what a notice says.

Signed is `timestamp\\nnonce\\nbody\\n` over the body's bytes, of a request behind its method and path; `Wechatpay-Serial` names the key:
a platform certificate's serial number, or PUB_KEY_ID_… of WeChat Pay's public key. Notices are sealed by AES-256-GCM with the APIv3 key.
What is older or newer than five minutes is refused: whatever is sent again is signed anew. Now and then the provider sends a signature that
begins with WECHATPAY/SIGNTEST/, which has to fail.
"""

import json
import os
import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import SplitResult

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from partners.payments import Forged, Merchant, rsa
from rules.rails import Refusal

SCHEMA = "WECHATPAY2-SHA256-RSA2048"
SEALED = "AEAD_AES_256_GCM"
WINDOW = timedelta(minutes=5)
PROBE = "WECHATPAY/SIGNTEST/"
KEY_BYTES = 32


def prove(body: bytes, headers: Mapping[str, str], merchant: Merchant, now: datetime) -> None:
    """Raise Forged unless the provider signed the bytes, and within the window."""
    sent, nonce = headers.get("wechatpay-timestamp", ""), headers.get("wechatpay-nonce", "")
    signature, serial = headers.get("wechatpay-signature", ""), headers.get("wechatpay-serial", "")
    if signature.startswith(PROBE):
        raise Forged(Refusal.PROBE)
    if not (signature and nonce and re.fullmatch(r"\d{1,10}", sent, re.ASCII)):
        raise Forged(Refusal.UNSIGNED)
    if headers.get("wechatpay-signature-type", SCHEMA) != SCHEMA:
        raise Forged(Refusal.WRONG_ALGORITHM, headers["wechatpay-signature-type"][:40])
    if not now - WINDOW <= datetime.fromtimestamp(int(sent), UTC) <= now + WINDOW:
        raise Forged(Refusal.STALE, sent)
    if serial not in merchant.provider_keys:
        raise Forged(Refusal.UNKNOWN_KEY, serial[:64])
    rsa.prove(f"{sent}\n{nonce}\n".encode() + body + b"\n", signature, merchant.provider_keys[serial])


def signed_headers(method: str, url: SplitResult, body: bytes, merchant: Merchant, now: datetime) -> dict[str, str]:
    """The headers with which a merchant proves a request."""
    sent, nonce = str(int(now.timestamp())), os.urandom(16).hex()
    path = f"{url.path}?{url.query}" if url.query else url.path
    text = f"{method}\n{path}\n{sent}\n{nonce}\n".encode() + body + b"\n"
    facts = {
        "mchid": merchant.payee,
        "nonce_str": nonce,
        "signature": rsa.signed(text, merchant.private_key),
        "timestamp": sent,
        "serial_no": merchant.certificate_serial,
    }
    said = ",".join(f'{name}="{value}"' for name, value in facts.items())
    headers = {"authorization": f"{SCHEMA} {said}", "accept": "application/json", "user-agent": "dinghuo"}
    # By the newest key's name the provider chooses how it signs its answer.
    headers["wechatpay-serial"] = list(merchant.provider_keys)[-1]
    return headers | ({"content-type": "application/json"} if body else {})


def app_call(prepay_id: str, merchant: Merchant, now: datetime) -> str:
    """All that the SDK in an app wants, as JSON."""
    sent, nonce = str(int(now.timestamp())), os.urandom(16).hex()
    text = f"{merchant.app_id}\n{sent}\n{nonce}\n{prepay_id}\n".encode()
    return json.dumps(
        {
            "appid": merchant.app_id,
            "partnerid": merchant.payee,
            "prepayid": prepay_id,
            "package": "Sign=WXPay",
            "noncestr": nonce,
            "timestamp": sent,
            "sign": rsa.signed(text, merchant.private_key),
        }
    )


def bridge_call(prepay_id: str, merchant: Merchant, now: datetime) -> str:
    """All that WeixinJSBridge's getBrandWCPayRequest, or a mini program's wx.requestPayment, wants, as JSON."""
    sent, nonce, package = str(int(now.timestamp())), os.urandom(16).hex(), f"prepay_id={prepay_id}"
    text = f"{merchant.app_id}\n{sent}\n{nonce}\n{package}\n".encode()
    return json.dumps(
        {
            "appId": merchant.app_id,
            "timeStamp": sent,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": rsa.signed(text, merchant.private_key),
        }
    )


def opened(resource: Mapping[str, Any], secret: str) -> bytes:
    """What was sealed; raises Forged."""
    if resource.get("algorithm") != SEALED:
        raise Forged(Refusal.WRONG_ALGORITHM, str(resource.get("algorithm"))[:40])
    try:
        nonce, aad = str(resource["nonce"]).encode(), str(resource.get("associated_data") or "").encode()
        return AESGCM(secret.encode()).decrypt(nonce, b64decode(str(resource["ciphertext"]), validate=True), aad)
    except (InvalidTag, KeyError, ValueError) as fault:
        raise Forged(Refusal.UNREADABLE, "ciphertext") from fault
