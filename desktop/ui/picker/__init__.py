"""The button that names the model, and the list it opens."""
