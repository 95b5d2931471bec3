"""Files that a person asked for: documents, pictures and big workbooks, made in a job, fetched by whom they are for."""
