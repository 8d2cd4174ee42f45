"""The pages of cases. Thin: they read the request, call a selector or service, and show the answer."""
