"""One KPI: its trend, what it is made of, its definition, its rows."""
