"""Thin views: read by selectors, write by services, say what happened."""
