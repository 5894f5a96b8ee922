"""The palette: one field for everything that can be opened, done or found."""
