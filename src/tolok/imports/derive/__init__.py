"""Facts that follow from others: computed when a snapshot is published, for the rows that an import touched."""
