"""The context inspector: what will be sent, what was sent, and what came back."""
