"""The page on which a reporter files, and how long it may take to keep itself."""

FORM = "/staff/reports/wp2013-09/2013-2/"
PATIENCE = 15_000
