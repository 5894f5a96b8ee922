"""The tree of a session as a picture, and two of its versions side by side."""
