"""What is planted in the simulated company: the answers that later analysis is judged by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Truth:
    """The known truth of one simulated company; ids are those of the facts.

    Leading and following
        Demos are pushed and held back at random from week to week (``demo_shocks``: logarithms, by the Monday of the
        week). A won deal closes ``leading_lag_weeks`` after its demo, so demos lead revenue by that lag.
        ``mediators`` stand on the way and lead by the lag given. Leads and new deals come before demos, but customers
        wait up to six weeks for theirs, so their lead is blurred and weak (``upstream``). ``decoys`` move for other
        reasons, named by each; none of them helps to foretell revenue.
    Bottleneck
        In team ``bottleneck_team``, deals that enter stage ``bottleneck_stage`` on or after ``bottleneck_on`` stay
        there ``bottleneck_extra_days`` longer on average than elsewhere.
    Mix
        From ``mix_on``, the share of new deals in segment ``mix_segment`` is ``mix_share[1]`` instead of
        ``mix_share[0]``. Chances within each segment (``win_after_demo``) stay the same: the total falls by mix alone.
    Season
        Repeat orders follow ``month_factors`` × ``lebaran_factors`` (days from the feast: from, to, factor) × the day
        of the week; demos are planned so that closings follow them too.
    People
        ``skills`` is each rep's effect on the log-odds of winning after a demo; ``star`` has the highest. The
        ``identical`` reps are the same in everything but luck. Deals of ``slipping_rep`` close later than the others'
        by about ``slip_days``, and their expected close is pushed again and again.
    Records
        A share ``late_rate`` of closings, orders and activities is entered ``late_mean_days`` later on average.
        ``lead_conversion`` is the planted chance of a lead by source; ``churn`` the monthly chance by segment that a
        customer stops ordering; ``return_rate`` the share of order documents that are partly returned.
    """

    leading_activity: str = "demo"
    leading_lag_weeks: int = 5
    demo_shocks: dict[date, float] = field(default_factory=dict)
    mediators: dict[str, int] = field(default_factory=lambda: {"proposal": 4})
    upstream: tuple[str, ...] = ("leads", "deals_created")
    decoys: dict[str, str] = field(
        default_factory=lambda: {
            "call": "moves by itself, and is persistent",
            "email": "a random walk of its own",
            "visit": "follows working days only",
            "meeting": "steady",
            "message": "follows won deals by two weeks: the reverse direction",
            "web_visits": "shares the months' season, nothing else",
            "trial_sign_ups": "moves by itself",
        }
    )
    message_lag_weeks: int = 2
    bottleneck_team: str = ""
    bottleneck_stage: str = ""
    bottleneck_on: date = date.max
    bottleneck_extra_days: float = 27.0
    mix_segment: str = "UMKM"
    mix_on: date = date.max
    mix_share: tuple[float, float] = (0.22, 0.48)
    win_after_demo: dict[str, float] = field(
        default_factory=lambda: {"HORECA": 0.62, "Ritel modern": 0.52, "Institusi": 0.46, "UMKM": 0.36}
    )
    month_factors: tuple[float, ...] = (0.84, 0.90, 1.0, 1.0, 1.0, 1.05, 0.95, 1.0, 1.03, 1.05, 1.08, 1.10)
    lebaran_factors: tuple[tuple[int, int, float], ...] = ((-24, -4, 1.45), (-3, 6, 0.30), (7, 13, 0.75))
    lebaran_days: tuple[date, ...] = ()
    weekday_factors: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0, 0.45, 0.0)
    late_rate: float = 0.06
    late_mean_days: float = 9.0
    skills: dict[str, float] = field(default_factory=dict)
    star: str = ""
    identical: tuple[str, ...] = ()
    slipping_rep: str = ""
    slip_days: float = 32.0
    ramp_days: int = 120
    lead_conversion: dict[str, float] = field(
        default_factory=lambda: {
            "Referensi pelanggan": 0.45,
            "Pameran": 0.30,
            "Website": 0.24,
            "WhatsApp": 0.28,
            "Google Ads": 0.16,
            "Instagram Ads": 0.08,
        }
    )
    churn: dict[str, float] = field(
        default_factory=lambda: {"HORECA": 0.018, "Ritel modern": 0.015, "Institusi": 0.012, "UMKM": 0.040}
    )
    return_rate: float = 0.03
    usd_share: float = 0.015
