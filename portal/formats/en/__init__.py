"""English, everywhere."""
