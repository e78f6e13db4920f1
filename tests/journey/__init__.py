"""The whole job, as a person does it: in a real browser, on the running demo."""
