"""Taking sessions out of the program and bringing them in: one file for each format."""
