"""Verbs: what a person does. One transaction each, with who did it and an event."""
