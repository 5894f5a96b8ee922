"""What is kept: the database, keys, settings and locks. Rows never leave this layer; values of the domain do."""
