"""Pages. A view fetches through what the person may see, calls one verb, and answers."""
