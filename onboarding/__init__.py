VERSION = "0.1.0"
"""The portal's, for those who read what a customer sent to support."""
