"""Widgets, by region of the screen: they show what presenters tell and emit what a person wants."""
