"""Hypothesis without a clock: how long an example takes says something of the machine only."""

from hypothesis import HealthCheck, settings


def load() -> None:
    settings.register_profile("huiyin", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("huiyin")
