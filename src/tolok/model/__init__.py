"""What a sale is: one module per fact, columns with meaning, and how dimensions are reached from each."""

from __future__ import annotations

from tolok.model.accounts import ACCOUNTS
from tolok.model.activities import ACTIVITIES
from tolok.model.answers import ANSWERS
from tolok.model.contacts import CONTACTS
from tolok.model.costs import COSTS
from tolok.model.credits import CREDITS
from tolok.model.customer_lives import CUSTOMER_LIVES
from tolok.model.deal_events import DEAL_EVENTS
from tolok.model.deal_lines import DEAL_LINES
from tolok.model.deal_states import DEAL_STATES
from tolok.model.deals import DEALS
from tolok.model.exchange_rates import EXCHANGE_RATES
from tolok.model.fact import Column, ColumnType, Fact
from tolok.model.lead_responses import LEAD_RESPONSES
from tolok.model.leads import LEADS
from tolok.model.memberships import MEMBERSHIPS
from tolok.model.observations import OBSERVATIONS
from tolok.model.orders import ORDERS
from tolok.model.payments import PAYMENTS
from tolok.model.pipelines import PIPELINES
from tolok.model.products import PRODUCTS
from tolok.model.reps import REPS
from tolok.model.sales import SALES
from tolok.model.stage_stays import STAGE_STAYS
from tolok.model.stages import STAGES
from tolok.model.subscriptions import SUBSCRIPTIONS
from tolok.model.targets import TARGETS
from tolok.model.teams import TEAMS
from tolok.model.tickets import TICKETS

FACTS: dict[str, Fact] = {
    fact.name: fact
    for fact in (
        REPS,
        TEAMS,
        MEMBERSHIPS,
        ACCOUNTS,
        CONTACTS,
        SUBSCRIPTIONS,
        LEADS,
        DEALS,
        DEAL_LINES,
        CREDITS,
        DEAL_EVENTS,
        PIPELINES,
        STAGES,
        ACTIVITIES,
        PRODUCTS,
        ORDERS,
        PAYMENTS,
        COSTS,
        EXCHANGE_RATES,
        TARGETS,
        ANSWERS,
        TICKETS,
        OBSERVATIONS,
        SALES,
        DEAL_STATES,
        STAGE_STAYS,
        CUSTOMER_LIVES,
        LEAD_RESPONSES,
    )
}

IMPORTED: tuple[str, ...] = tuple(name for name, fact in FACTS.items() if not fact.derived_from)
"""Facts that come from sources; `deal_events` is also added to by Tolok itself."""

DERIVED: tuple[str, ...] = tuple(name for name, fact in FACTS.items() if fact.derived_from)
"""Facts that are computed when a snapshot is published."""

__all__ = ["DERIVED", "FACTS", "IMPORTED", "Column", "ColumnType", "Fact"]
