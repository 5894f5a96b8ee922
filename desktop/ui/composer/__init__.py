"""The card in which a message is written, and its Send and Stop."""
