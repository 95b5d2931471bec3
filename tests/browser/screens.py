"""``python -m tests.browser.screens``: pictures of every page, on a laptop and a phone, in both languages and themes.

They are for people to look at; they land in ``.screens/``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright
from tests.browser.conftest import CHROMIUM, served
from tests.browser.test_every_page import PAGES

LOOKS = [(width, language, theme) for width in (1440, 390) for language, theme in (("en", "light"), ("id", "dark"))]


def main(target: Path) -> None:
    """Shoot every page of every role."""
    if CHROMIUM is None:
        sys.exit("Chromium is not here: apt-get install chromium")
    target.mkdir(parents=True, exist_ok=True)
    with served() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for role, addresses in PAGES.items():
            for width, language, theme in LOOKS:
                context = browser.new_context(
                    base_url=site.address, viewport={"width": width, "height": 900}, color_scheme=theme
                )
                context.add_cookies([{"name": "tolok_language", "value": language, "url": site.address}])
                page = context.new_page()
                email, password = site.logins[role]
                page.goto("/account/login/")
                page.fill("[name=login]", email)
                page.fill("[name=password]", password)
                page.click("button.primary")
                for address in addresses:
                    page.goto(address)
                    page.wait_for_load_state("networkidle")
                    name = address.split("?")[0].strip("/").replace("/", "-") or "first"
                    path = target / f"{role}-{name}-{width}-{language}-{theme}.png"
                    page.screenshot(path=path, full_page=True)
                    print(path)
                context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ".screens"))
