"""A simulated AWS on loopback, for the demo and the tests. It imports no Django."""
