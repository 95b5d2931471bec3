"""People at accounts; only the columns that are needed."""

from __future__ import annotations

from tolok.model.fact import Column, Fact, identity

CONTACTS = Fact(
    name="contacts",
    meaning="People at accounts; only the columns that are needed",
    columns=(
        *identity("a contact"),
        Column("account_id", "ref", "The account", to="accounts"),
        Column("name", "text", "Name"),
        Column("email", "text", "Address"),
        Column("phone", "text", "Telephone in international form where it can be told"),
        Column("title", "text", "Job title"),
        Column("created_on", "date", "Local date of creation"),
    ),
    by_name="name",
)
