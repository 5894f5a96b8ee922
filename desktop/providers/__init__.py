"""Everything that answers, and the way to it: LiteLLM, the offline guide, the scripted fake; nothing is stored here."""
