"""Pages: one folder per page holds its view, template, style, script, Indonesian text and test."""
