"""The pack as it is written: TOML read into these tables, anything unknown refused."""

from huiyin.engine.schema.pack import Pack, Problem, problems_of

__all__ = ["Pack", "Problem", "problems_of"]
