"""The column of sessions: new, search, list, trash and settings."""
