"""The store's methods by what they are about; `Store` in `store.py` is all of them together."""
