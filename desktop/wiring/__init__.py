"""The parts of the composition root: what is connected, and what is built when it is first wanted."""
