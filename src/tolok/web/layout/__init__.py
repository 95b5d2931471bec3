"""The frame around every page: navigation, title, messages."""
