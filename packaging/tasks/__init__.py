"""What packaging/dev.py can do, one file per concern, with nothing but the standard library."""
