"""The two statements that count years of all cases.

Parameters: `as_of` (moment), `first` and `last` (Bangkok days), `overruled` (ids, see `disputes.py`).
"""

# Median days between two milestones: name, where it begins, where it ends, each the first of its case.
PAIRS: tuple[tuple[str, tuple[str, str], tuple[str, str]], ...] = (
    ("received_claimed", ("report", "received"), ("report", "claimed")),
    ("received_referred", ("report", "received"), ("report", "referred")),
    ("possible_identified", ("victim", "possible"), ("victim", "identified")),
    ("complaint_indicted", ("prosecution", "complaint"), ("prosecution", "indicted")),
    ("indicted_judgment", ("prosecution", "indicted"), ("prosecution", "judgment_1")),
    ("judgment_final", ("prosecution", "judgment_1"), ("prosecution", "final")),
    ("filed_ordered", ("compensation", "claim_filed"), ("compensation", "ordered")),
    ("ordered_final", ("compensation", "ordered"), ("compensation", "order_final")),
    ("final_execution", ("compensation", "order_final"), ("compensation", "execution_opened")),
    ("ordered_paid", ("compensation", "ordered"), ("compensation", "paid")),
    ("paid_confirmed", ("compensation", "paid"), ("compensation", "receipt_confirmed")),
)
# Sentences by months: code, and below how many it ends.
SENTENCES: tuple[tuple[str, int], ...] = (
    ("none", 1), ("under_5", 60), ("from_5", 120), ("from_10", 180), ("from_15", 240), ("from_20", 32_767),
)  # fmt: skip

_PLACE = """CASE WHEN r.place LIKE 'province:%' THEN r.place
     WHEN r.place LIKE 'country:%' OR r.place = 'abroad' THEN 'abroad' ELSE 'unsaid' END"""
# What was told a second time counts once, unless the first was taken back and an agency's own word is left. By NOT IN,
# which looks them up in a hash: an anti join would sort all events.
_REVERSED = (
    "SELECT x.reverses_id FROM case_event x WHERE x.reverses_id IS NOT NULL AND x.recorded_at <= :as_of"
)
_LIVE = f"""e.recorded_at <= :as_of AND e.reverses_id IS NULL AND e.happened_on <= :last
  AND e.id NOT IN ({_REVERSED}) AND e.id NOT IN (SELECT unnest(CAST(:overruled AS uuid[])))
  AND (e.same_as_id IS NULL OR (e.agency_id IS NOT NULL AND e.same_as_id IN ({_REVERSED})))"""
_IN_YEARS = "BETWEEN :first AND :last"
_BAND = " ".join(f"WHEN months < {below} THEN '{code}'" for code, below in SENTENCES)

# Rows: measure, year, category, place, n, satang.
COUNTS = f"""
WITH rare AS MATERIALIZED (
  SELECT e.id, e.referral_id, e.step, e.person, e.happened_on, e.amount, coalesce(e.fund, 'court') AS fund, e.outcome,
         e.people, e.months, e.about_id, {_PLACE} AS place
  FROM case_event e JOIN referral r ON r.id = e.referral_id
  WHERE {_LIVE} AND (e.track, e.step) IN (
    ('victim', 'identified'), ('prosecution', 'indicted'), ('prosecution', 'judgment_1'), ('prosecution', 'final'),
    ('compensation', 'ordered'), ('compensation', 'side_ordered'), ('compensation', 'paid'),
    ('compensation', 'receipt_confirmed'), ('compensation', 'receipt_denied'))
),
victim AS MATERIALIZED (
  SELECT v.referral_id, coalesce(v.person, p.number), v.place, extract(year FROM min(v.happened_on))::int AS year,
         coalesce(min(p.age_band), 'unknown') AS age, coalesce(min(p.sex), 'unknown') AS sex,
         coalesce(min(p.nationality), 'unknown') AS nationality, coalesce(min(p.forms), '{{}}') AS forms
  FROM rare v
  LEFT JOIN case_person p ON p.referral_id = v.referral_id AND (v.person IS NULL OR p.number = v.person)
  WHERE v.step = 'identified'
  GROUP BY 1, 2, 3 HAVING min(v.happened_on) {_IN_YEARS}
),
case_step AS (
  SELECT referral_id, step, place, min(happened_on) AS day,
         CASE WHEN bool_or(outcome = 'convicted') THEN 'convicted' ELSE coalesce(min(outcome), 'unknown') END AS outcome
  FROM rare WHERE step IN ('indicted', 'judgment_1', 'final') GROUP BY 1, 2, 3
),
answered AS (
  SELECT about_id, (array_agg(step ORDER BY id DESC))[1] = 'receipt_confirmed' AS confirmed FROM rare
  WHERE step IN ('receipt_confirmed', 'receipt_denied') AND about_id IS NOT NULL GROUP BY 1
),
changed AS (
  SELECT o.id FROM rare n JOIN rare o ON n.about_id = o.id AND n.step = o.step AND n.fund = o.fund
  WHERE n.step IN ('ordered', 'side_ordered')
),
money AS (
  SELECT 'ordered' AS measure, referral_id, happened_on, fund, amount, place FROM rare
  WHERE step IN ('ordered', 'side_ordered') AND id NOT IN (SELECT id FROM changed)
  UNION ALL
  SELECT 'paid', referral_id, happened_on, fund, amount, place FROM rare LEFT JOIN answered a ON a.about_id = id
  WHERE step = 'paid' AND coalesce(a.confirmed, true)
  UNION ALL
  SELECT 'confirmed', referral_id, happened_on, fund, amount, place FROM rare JOIN answered a ON a.about_id = id
  WHERE step = 'paid' AND a.confirmed
)
SELECT 'age' AS measure, year, age AS category, place, count(*) AS n, 0 AS satang FROM victim GROUP BY 2, 3, 4
UNION ALL
SELECT 'sex', year, sex, place, count(*), 0 FROM victim GROUP BY 2, 3, 4
UNION ALL
SELECT 'nationality', year, nationality, place, count(*), 0 FROM victim GROUP BY 2, 3, 4
UNION ALL
SELECT 'form', year, form, place, count(*), 0
FROM victim, unnest(CASE WHEN forms = '{{}}' THEN '{{unknown}}' ELSE forms END) AS form GROUP BY 2, 3, 4
UNION ALL
SELECT step, extract(year FROM day)::int, CASE WHEN step = 'indicted' THEN 'all' ELSE outcome END, place, count(*), 0
FROM case_step WHERE day {_IN_YEARS} GROUP BY 1, 2, 3, 4
UNION ALL
SELECT 'accused', extract(year FROM happened_on)::int, 'all', place, sum(coalesce(people, 1)), 0
FROM rare WHERE step = 'indicted' AND happened_on {_IN_YEARS} GROUP BY 2, 4
UNION ALL
SELECT 'sentence', extract(year FROM happened_on)::int, CASE {_BAND} ELSE 'unknown' END, place,
       sum(coalesce(people, 1)), 0
FROM rare WHERE step = 'judgment_1' AND outcome = 'convicted' AND happened_on {_IN_YEARS} GROUP BY 2, 3, 4
UNION ALL
SELECT measure, year, coalesce(fund, 'all'), place, count(DISTINCT referral_id), coalesce(sum(amount), 0)::bigint
FROM (SELECT *, extract(year FROM happened_on)::int AS year FROM money WHERE happened_on {_IN_YEARS}) paid
GROUP BY GROUPING SETS ((measure, year, fund, place), (measure, year, place))
"""  # noqa: S608 - of constants alone

_STEPS = tuple(dict.fromkeys(step for _, *ends in PAIRS for step in ends))
_FIRSTS = ",\n         ".join(
    f"min(e.happened_on) FILTER (WHERE e.track = '{track}' AND e.step = '{step}') AS {track}_{step}"
    for track, step in _STEPS
)
_VALUES = ", ".join(f"('{name}', {'_'.join(sooner)}, {'_'.join(later)})" for name, sooner, later in PAIRS)

# Rows: measure or pair, year, place ('' everywhere), n, median of days (of a pair).
FIRSTS = f"""
WITH first_days AS MATERIALIZED (
  SELECT e.referral_id, min(e.happened_on) FILTER (WHERE e.track IN ('victim', 'prosecution', 'compensation')) AS begun,
         {_FIRSTS}
  FROM case_event e WHERE {_LIVE} GROUP BY e.referral_id
),
placed AS MATERIALIZED (SELECT f.*, {_PLACE} AS place FROM first_days f JOIN referral r ON r.id = f.referral_id)
SELECT 'cases' AS name, extract(year FROM begun)::int AS year, place, count(*) AS n, NULL::float8 AS days
FROM placed WHERE begun {_IN_YEARS} GROUP BY 2, 3
UNION ALL
SELECT pair, year, coalesce(place, ''), count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY later - sooner)
FROM (SELECT pair, extract(year FROM later)::int AS year, place, sooner, later
      FROM placed, LATERAL (VALUES {_VALUES}) AS spans (pair, sooner, later)
      WHERE later >= sooner AND later {_IN_YEARS}) of_years
GROUP BY GROUPING SETS ((pair, year, place), (pair, year))
"""  # noqa: S608 - of constants alone
