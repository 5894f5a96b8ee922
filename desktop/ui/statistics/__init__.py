"""What was said, what it took and what it cost: figures, a plot of days or months, and a table of models."""
