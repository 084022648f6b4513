"""The one contract of all carriers' adapters, on samples built from the senders' own documentation."""

import base64
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partners.carriers import MOST_SCANS, Push, Scan, Unreadable, Unverified
from partners.carriers.aftership import TAGS
from partners.carriers.easypost import STATUSES as EASYPOST
from partners.carriers.kuaidi100 import NAMED, STATES
from partners.carriers.own_fleet import WINDOW, signed
from partners.carriers.seventeen_track import STATUSES as SEVENTEEN_TRACK
from rules.shipping import TrackingCode
from tests.partners.carriers.samples import SAMPLES, SECRET, Sample, Told

NOW = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
WAYBILL = "SF1234567890"
each_sender = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)


def push_of(sample: Sample) -> Push:
    """Two scans, signed."""
    told = (Told(sample.moving, NOW - timedelta(hours=2)), Told(sample.delivered, NOW - timedelta(hours=1), "杭州"))
    return sample.push(WAYBILL, *told, now=NOW)


@each_sender
def test_what_is_signed_is_believed_and_read(sample: Sample) -> None:
    push = push_of(sample)
    sample.carrier.verify(push, SECRET, NOW)
    letter = sample.carrier.read(push)
    assert [(scan.waybill, scan.code, scan.occurred_at) for scan in letter.scans] == [
        (WAYBILL, TrackingCode.IN_TRANSIT, NOW - timedelta(hours=2)),
        (WAYBILL, TrackingCode.DELIVERED, NOW - timedelta(hours=1)),
    ]
    assert [scan.place.name.partition(",")[0] for scan in letter.scans if scan.place] == ["上海", "杭州"]
    assert letter.scans[0].remark == "快件在途中"
    assert 0 < len(letter.event_id) <= 64


@each_sender
def test_coordinates_come_along_where_the_sender_has_them(sample: Sample) -> None:
    place = sample.carrier.read(push_of(sample)).scans[0].place
    assert place is not None
    known = (Decimal("31.230372"), Decimal("121.473662"))
    without = sample.carrier.provider.name in ("AFTERSHIP", "EASYPOST")
    assert (place.latitude, place.longitude) == ((None, None) if without else known)


@each_sender
def test_one_changed_byte_anywhere_is_noticed(sample: Sample) -> None:
    push = push_of(sample)
    for place in range(0, len(push.body), 7):
        spoiled = bytearray(push.body)
        spoiled[place] ^= 1
        with pytest.raises(Unverified):
            sample.carrier.verify(replace(push, body=bytes(spoiled)), SECRET, NOW)


@each_sender
def test_the_unsigned_is_refused(sample: Sample) -> None:
    push = push_of(sample)
    bare = Push(push.body, {})
    if sample is SAMPLES["kuaidi100"]:
        bare = Push(urlencode({"param": parse_qs(push.body.decode())["param"][0]}).encode(), push.headers)
    with pytest.raises(Unverified):
        sample.carrier.verify(bare, SECRET, NOW)


@each_sender
@pytest.mark.parametrize("secret", [SECRET.upper(), SECRET + " ", "", "x" * 40])
def test_another_secret_opens_nothing(sample: Sample, secret: str) -> None:
    with pytest.raises(Unverified):
        sample.carrier.verify(push_of(sample), secret, NOW)


@each_sender
def test_the_same_push_has_the_same_name_and_another_has_another(sample: Sample) -> None:
    first, again = (sample.carrier.read(push_of(sample)) for _ in range(2))
    other = sample.carrier.read(sample.push(WAYBILL, Told(sample.moving, NOW), now=NOW))
    assert first == again
    assert other.event_id != first.event_id


@each_sender
def test_a_scan_that_is_told_again_in_a_longer_history_keeps_its_name(sample: Sample) -> None:
    told = [Told(sample.moving, NOW - timedelta(hours=9 - hour), f"第{hour}站") for hour in range(4)]
    short, long = (sample.carrier.read(sample.push(WAYBILL, *told[:count], now=NOW)) for count in (2, 4))
    assert [scan.event_id for scan in long.scans[:2]] == [scan.event_id for scan in short.scans]
    assert len({scan.event_id for scan in long.scans}) == 4


@each_sender
def test_scans_come_in_the_order_in_which_they_happened(sample: Sample) -> None:
    times = [NOW - timedelta(hours=hour) for hour in (5, 1, 4, 2, 3)]
    letter = sample.carrier.read(sample.push(WAYBILL, *(Told(sample.moving, time) for time in times), now=NOW))
    assert [scan.occurred_at for scan in letter.scans] == sorted(times)


@each_sender
def test_a_status_that_nobody_documented_is_said_and_not_guessed(sample: Sample) -> None:
    [scan] = sample.carrier.read(sample.push(WAYBILL, Told(sample.unknown, NOW), now=NOW)).scans
    assert (scan.code, scan.said) == (None, sample.unknown)


@each_sender
def test_of_an_endless_history_the_newest_counts(sample: Sample) -> None:
    told = [Told(sample.moving, NOW - timedelta(minutes=minute)) for minute in range(MOST_SCANS + 50)]
    scans = sample.carrier.read(sample.push(WAYBILL, *told, now=NOW)).scans
    assert len(scans) == MOST_SCANS
    assert scans[-1].occurred_at == NOW


@each_sender
@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x00\xff",
        b"not json",
        b"[]",
        b"null",
        b'{"a":',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"a":1e999999999}',
        b"9" * 10_000,
        b"NaN",
        b"{}",
    ],
    ids=range(12),
)
def test_what_is_malformed_is_refused_in_words_though_it_is_signed(sample: Sample, payload: bytes) -> None:
    push = sample.signed(payload, now=NOW)
    if payload not in (b"", b"\x00\xff") or sample is not SAMPLES["kuaidi100"]:
        sample.carrier.verify(push, SECRET, NOW)
        if sample is SAMPLES["easypost"] and payload.startswith(b"{") and payload.endswith(b"}"):
            return  # an event of something else than a tracker
        with pytest.raises(Unreadable):
            sample.carrier.read(push)


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [path, *(leaf for key, inner in value.items() for leaf in _leaves(inner, (*path, key)))]
    if isinstance(value, list):
        return [path, *(leaf for key, inner in enumerate(value) for leaf in _leaves(inner, (*path, key)))]
    return [path]


@each_sender
@settings(max_examples=60, deadline=None)
@given(picked=st.integers(0, 10_000), junk=st.sampled_from([None, True, -1, 1.5, "", "\x00\ud800", "9" * 5000, [], {}]))
def test_no_field_of_a_wrong_kind_is_more_than_unreadable(sample: Sample, picked: int, junk: object) -> None:
    payload: Any = sample.write(WAYBILL, (Told(sample.moving, NOW), Told(sample.delivered, NOW)))
    leaves = _leaves(payload)[1:]
    *path, last = leaves[picked % len(leaves)]
    target = payload
    for key in path:
        target = target[key]
    target[last] = junk
    push = sample.signed(json.dumps(payload).encode(), now=NOW)
    scans: tuple[Scan, ...] = ()
    with suppress(Unreadable):
        scans = sample.carrier.read(push).scans
    for scan in scans:
        texts = (scan.waybill, scan.event_id, scan.remark or "", scan.place.name if scan.place else "", scan.said)
        assert all("\x00" not in text and text.encode() is not None for text in texts)
        assert len(scan.waybill) <= 64
        assert len(scan.event_id) <= 64


@each_sender
def test_the_answers_are_those_that_the_sender_waits_for(sample: Sample) -> None:
    assert sample.carrier.accepted.status == 200
    assert sample.carrier.refused.status == 401
    if sample is SAMPLES["kuaidi100"]:
        accepted = json.loads(sample.carrier.accepted.body)
        assert accepted == {"result": True, "returnCode": "200", "message": "成功"}


@pytest.mark.parametrize("apart", [WINDOW + timedelta(seconds=1), -WINDOW - timedelta(seconds=1)])
def test_a_fleet_s_message_is_good_for_five_minutes(apart: timedelta) -> None:
    fleet = SAMPLES["fleet"]
    push = fleet.push(WAYBILL, Told("IN_TRANSIT", NOW), now=NOW)
    fleet.carrier.verify(push, SECRET, NOW + apart - apart / abs(apart) * timedelta(seconds=1))
    with pytest.raises(Unverified):
        fleet.carrier.verify(push, SECRET, NOW + apart)


def test_a_fleet_s_secret_may_be_in_base64_and_change_while_messages_are_under_way() -> None:
    """The sample of Standard Webhooks' own documentation, with a second signature in front."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body, at = b'{"test": 2432232314}', datetime.fromtimestamp(1614265330, UTC)
    headers = dict(signed(body, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, secret))
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    headers["webhook-signature"] = f"v1,{base64.b64encode(bytes(32)).decode()} {headers['webhook-signature']}"
    SAMPLES["fleet"].carrier.verify(Push(body, headers), secret, at)


@pytest.mark.parametrize("secret", ["", "short", "whsec_", "whsec_****", "whsec_c2hvcnQ="])
def test_a_fleet_s_secret_is_hard_to_guess(secret: str) -> None:
    with pytest.raises(ValueError, match="must"):
        SAMPLES["fleet"].carrier.check_secret(secret)


def test_an_easypost_secret_is_taken_apart_as_the_vendor_does() -> None:
    """A ligature and its letters are the same key."""
    push = SAMPLES["easypost"].push(WAYBILL, Told("in_transit", NOW), secret="ﬁsch", now=NOW)
    SAMPLES["easypost"].carrier.verify(push, "fisch", NOW)


def test_of_a_form_with_two_params_nobody_can_say_which_was_signed() -> None:
    push = push_of(SAMPLES["kuaidi100"])
    with pytest.raises(Unverified):
        SAMPLES["kuaidi100"].carrier.verify(Push(push.body + b"&param=%7B%7D", {}), SECRET, NOW)


def test_a_push_without_statuses_takes_that_of_the_newest_entry_from_the_whole() -> None:
    kuaidi100 = SAMPLES["kuaidi100"]
    payload = kuaidi100.write(WAYBILL, (Told("", NOW - timedelta(hours=1)), Told("", NOW)))
    payload["lastResult"]["state"] = "3"
    codes = [scan.code for scan in kuaidi100.carrier.read(kuaidi100.signed(payload)).scans]
    assert codes == [TrackingCode.IN_TRANSIT, TrackingCode.DELIVERED]


def test_a_sender_that_gives_up_says_why() -> None:
    kuaidi100, track17 = SAMPLES["kuaidi100"], SAMPLES["17track"]
    aborted = kuaidi100.write(WAYBILL, (Told("0", NOW),)) | {"status": "abort", "message": "3天查询无记录"}
    stopped = track17.write(WAYBILL, (Told("InTransit_Other", NOW),)) | {"event": "TRACKING_STOPPED"}
    assert kuaidi100.carrier.read(kuaidi100.signed(aborted)).given_up == "3天查询无记录"
    assert track17.carrier.read(track17.signed(stopped)).given_up == "TRACKING_STOPPED"
    assert all(sample.carrier.read(push_of(sample)).given_up == "" for sample in SAMPLES.values())


def test_what_is_expected_is_the_newest_scan_s() -> None:
    expected = {"datetime": "2026-12-05T10:00:00+08:00"}
    aftership = SAMPLES["aftership"]
    payload = aftership.write(WAYBILL, (Told("InTransit", NOW - timedelta(hours=1)), Told("InTransit", NOW)))
    payload["msg"]["latest_estimated_delivery"] = expected
    etas = [scan.eta for scan in aftership.carrier.read(aftership.signed(payload)).scans]
    assert etas == [None, datetime(2026, 12, 5, 2, tzinfo=UTC)]


@pytest.mark.parametrize(
    "table", [STATES, TAGS, EASYPOST, SEVENTEEN_TRACK], ids=["kuaidi100", "aftership", "easypost", "17track"]
)
def test_every_documented_word_means_something_of_ours(table: Mapping[str, TrackingCode]) -> None:
    assert set(NAMED.values()) <= STATES.keys()
    assert TrackingCode.DELIVERED in table.values()
    assert all(isinstance(code, TrackingCode) for code in table.values())
