"""One small widget per kind of block; `base.py` says what they share."""
