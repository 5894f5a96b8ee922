"""Use cases: what a person or a program can do, on one asyncio loop, with or without a window."""
