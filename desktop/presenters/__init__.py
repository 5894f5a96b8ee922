"""What is shown, as Qt models and objects with signals: services on one side, widgets on the other."""
