"""Satisfaction: plans, draws, answers, figures. `core` is plain Python; the rest stores and shows."""
