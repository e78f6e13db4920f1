"""The cross-account role as one document, and every form in which a customer can create it."""
