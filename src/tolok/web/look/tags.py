"""What templates may say about figures: values, changes, small drawings, icons. Loaded into every template."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tolok.locale import sentences
from tolok.money import NO_ANSWER, format_value
from tolok.web import assets
from tolok.web.look import drawings
from tolok.web.look.icons import ICONS

register = template.Library()


def language() -> str:
    return (get_language() or "en").split("-")[0]


@register.simple_tag
def figure(value: Any, unit: str, currency: str = "") -> SafeString:
    """A value for people, with the exact one on hover; a dash that says "no answer" where there is none."""
    if value is None:
        return format_html('<span class="none" title="{}">{}</span>', _("No answer"), NO_ANSWER)
    short = format_value(value, unit, currency, language())
    full = format_value(value, unit, currency, language(), full=True)
    if unit in ("days", "hours"):
        number, _space, word = short.rpartition(" ")
        return format_html(
            '<data value="{}" title="{}">{} <span class="unit">{}</span></data>', str(value), full, number, word
        )
    return format_html('<data value="{}" title="{}">{}</data>', str(value), full, short)


@register.simple_tag
def exact(value: Any, unit: str, currency: str = "") -> str:
    """A value written in full."""
    return format_value(value, unit, currency, language(), full=True)


@register.simple_tag
def change(value: float | None, unit: str, better: str = "higher") -> SafeString:
    """A change with its sign, in words for who does not see colours; green when it is for the better."""
    if value is None:
        return mark_safe("")
    points = unit in ("percent", "score")
    written = format_value(abs(value), "score", "", language())
    if not any(digit in written for digit in "123456789"):
        return format_html('<span class="change">{}</span>', _("unchanged"))
    text = f"{written} {_('pts')}" if points else f"{written}%"
    good = (value > 0) == (better == "higher")
    arrow, word = ("↑", _("up")) if value > 0 else ("↓", _("down"))
    return format_html(
        '<span class="change {}"><span aria-hidden="true">{}</span><span class="sr">{}</span> {}</span>',
        "good" if good else "bad",
        arrow,
        word,
        text,
    )


@register.simple_tag
def sparkline(values: Any, partial: bool = False) -> SafeString:
    return mark_safe(drawings.sparkline(list(values), partial=partial))  # noqa: S308 - numbers only


@register.simple_tag
def bullet(value: float | None, target: float | None, better: str = "higher") -> SafeString:
    return mark_safe(drawings.bullet(value, target, lower=better == "lower"))  # noqa: S308 - numbers only


@register.simple_tag
def bar(share: float | None) -> SafeString:
    return mark_safe(drawings.bar(share))  # noqa: S308 - numbers only


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon; it is decoration, so the words beside it must say what it means."""
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="{}"/></svg>',
        ICONS[name],
    )


@register.simple_tag
def asset(bundle: str) -> str:
    """The address of a bundle of style or script."""
    return assets.address(bundle)


@register.filter
def said(text: str) -> str:
    """What the engine said, in the language of the page."""
    return sentences.said(str(text), language())


@register.filter
def told(finding: Any) -> str:
    """What was found in the data, in the words of the pages."""
    from tolok.web.data import finding as findings

    return findings.told(finding)


@register.filter
def initials(name: str) -> str:
    """The first letters of a name, for its round picture."""
    words = [word for word in str(name).split() if word[:1].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


@register.filter
def day(value: date | datetime | None) -> str:
    """A day as people write it: 5 October 2026, or in Indonesian 5 Oktober 2026."""
    return date_format(value, "j M Y") if value else NO_ANSWER


@register.filter
def amount(value: Decimal | float | None, currency: str) -> SafeString:
    """An amount of money, short, with the exact one on hover."""
    return figure(value, "money", currency)


@register.simple_tag
def interval(low: float, high: float, seen: float | None, group: float, most: float = 100.0) -> SafeString:
    return mark_safe(drawings.interval(low, high, seen, group, most=most))  # noqa: S308 - numbers only


SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}
BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}


@register.filter
def device(agent: str) -> str:
    """A browser and its system in two words, out of what it says of itself.

    >>> device("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36")
    'Chrome, Linux'
    """
    words = (next((word for sign, word in known.items() if sign in agent), "") for known in (BROWSERS, SYSTEMS))
    return ", ".join(word for word in words if word) or agent[:40] or NO_ANSWER
