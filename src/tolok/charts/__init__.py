"""Charts as Vega-Lite: one specification for the page, a picture and a document."""
