"""What was done: periods, reports, evidence, assessments, extensions and breakdowns."""
