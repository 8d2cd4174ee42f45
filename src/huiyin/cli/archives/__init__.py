"""Backups: one tar.gz with a manifest, the database, the files, and where asked for the keys."""
