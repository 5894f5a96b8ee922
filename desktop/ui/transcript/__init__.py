"""The transcript: messages as blocks of real widgets, of which only those near the viewport exist."""
