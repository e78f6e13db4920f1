"""The project: settings, addresses, web process, worker, and the demo."""
