"""What a page shows, as a file: a workbook, a table for other programs, a document, a picture."""
