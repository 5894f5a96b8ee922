"""Whose sessions are shown: the button in the sidebar, the dialog, and the lock."""
