"""Questions and small windows. All are opened with `open()`: a nested event loop would freeze every coroutine."""
