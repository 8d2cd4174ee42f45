"""Surveys as plain functions over plain data: no Django, no clock, no database.

plan = Plan.model_validate(tomllib.loads(text))
sample = draw(plan, read_table("frame.csv"), seed=7)      -> Draw; .csv() is the sample's file
sample = replace(plan, table, "h12", because="vacant")    -> the sample with a reserve in the place
result = score_files(plan, "sample.csv", "answers.csv")   -> Result; .as_json()
"""

from huiyin.surveys.core.ahp import Judgement, judge
from huiyin.surveys.core.allocation import divide, neyman, share_of
from huiyin.surveys.core.analysis import Bar, cronbach, importance_performance, p_chart, pareto, u_chart
from huiyin.surveys.core.answers import Answers, codes_of, read_answers
from huiyin.surveys.core.bounds import bounds_of
from huiyin.surveys.core.comparing import Difference, compare, compare_all, compare_sites
from huiyin.surveys.core.drawing import Chosen, Draw, draw
from huiyin.surveys.core.estimate import Design, Estimate, wilson
from huiyin.surveys.core.following import Due, consequences, dissatisfaction, serious_forms, to_verify, totals
from huiyin.surveys.core.indicators import indicator_weights, item_weights, judgements
from huiyin.surveys.core.plan import Plan
from huiyin.surveys.core.ranking import digest_of
from huiyin.surveys.core.replacing import replace
from huiyin.surveys.core.result import GroupResult, ItemResult, Result
from huiyin.surveys.core.returned import Verdict, verdict
from huiyin.surveys.core.samples import SampleFile, read_sample
from huiyin.surveys.core.scoring import score, score_files
from huiyin.surveys.core.sizes import margin_of_error, regulator_margin, sample_size
from huiyin.surveys.core.tables import Table, read_table, write_rows

__all__ = [
    "Answers",
    "Bar",
    "Chosen",
    "Design",
    "Difference",
    "Draw",
    "Due",
    "Estimate",
    "GroupResult",
    "ItemResult",
    "Judgement",
    "Plan",
    "Result",
    "SampleFile",
    "Table",
    "Verdict",
    "bounds_of",
    "codes_of",
    "compare",
    "compare_all",
    "compare_sites",
    "consequences",
    "cronbach",
    "digest_of",
    "dissatisfaction",
    "divide",
    "draw",
    "importance_performance",
    "indicator_weights",
    "item_weights",
    "judge",
    "judgements",
    "margin_of_error",
    "neyman",
    "p_chart",
    "pareto",
    "read_answers",
    "read_sample",
    "read_table",
    "regulator_margin",
    "replace",
    "sample_size",
    "score",
    "score_files",
    "serious_forms",
    "share_of",
    "to_verify",
    "totals",
    "u_chart",
    "verdict",
    "wilson",
    "write_rows",
]
