"""Form fields that judge what was typed, and how a field is drawn."""
