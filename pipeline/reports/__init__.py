"""What people read: the outcome of a run, the calendar, the judgement on one file.

Lives here: turning results into Dutch text, terminal tables and plain dicts for --json. Add here: a report.
Keep out: deciding anything; a report only words what a room decided.
"""
