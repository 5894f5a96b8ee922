"""Values and pure functions: what the program talks about, without Qt, database, network, files or clocks."""
