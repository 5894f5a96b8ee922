"""The page of the first start: who could be talked to right now."""
