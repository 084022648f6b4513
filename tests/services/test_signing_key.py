"""The signing key is made once, survives restarts, and is nobody else's to read."""

import multiprocessing
from pathlib import Path

import pytest

from services.signing_key import FILE, signing_key_in


def test_it_is_made_on_the_first_start_and_found_on_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    first = signing_key_in(folder)
    assert first.curve_name == "Ed25519"
    assert first.is_private
    assert signing_key_in(folder).thumbprint() == first.thumbprint()


def test_only_its_owner_may_read_it_and_no_draft_stays(tmp_path: Path) -> None:
    signing_key_in(tmp_path)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    signing_key_in(tmp_path)
    (tmp_path / FILE).chmod(0o640)
    with pytest.raises(PermissionError, match="chmod 600"):
        signing_key_in(tmp_path)


def test_processes_that_start_at_once_sign_with_one_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as processes:
        thumbprints = processes.map(_thumbprint, [tmp_path] * 8)
    assert len(set(thumbprints)) == 1


def _thumbprint(folder: Path) -> str:
    return signing_key_in(folder).thumbprint()
