"""The prompts that are kept: written, named and thrown away."""
