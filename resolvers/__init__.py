"""In what words: the types, queries and mutations of the schema."""
