"""The parts of the command line: what can be written, and what each command does and says."""
