"""The landing page in a real browser, on a phone and on a desk."""

from pathlib import Path

import pytest

from tests.web.browser import Browser


@pytest.mark.parametrize(
    ("name", "width", "height", "dark", "lang"),
    [
        ("phone", 390, 844, False, "zh"),
        ("phone-dark", 390, 844, True, "en"),
        ("desk", 1280, 900, False, "en"),
        ("desk-dark", 1280, 900, True, "zh"),
    ],
)
def test_the_page_fits_its_screen(
    browser: Browser, demo_url: str, tmp_path: Path, name: str, width: int, height: int, dark: bool, lang: str
) -> None:
    browser.go(f"{demo_url}/?lang={lang}", width=width, height=height, dark=dark)
    browser.screenshot(tmp_path / f"{name}.png")
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert browser.complaints == []
    assert {url.split("?")[0] for url in browser.requests} == {
        demo_url + path for path in ("/", "/page.css", "/favicon.svg")
    }


def test_a_missing_page_leads_back_to_the_first(browser: Browser, demo_url: str, tmp_path: Path) -> None:
    browser.go(f"{demo_url}/no/such/page")
    browser.screenshot(tmp_path / "missing.png")
    browser.click("main a")
    browser.wait_for("location.pathname === '/'")
