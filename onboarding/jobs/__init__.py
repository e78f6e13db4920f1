"""What a worker does. Every job may be run twice."""
