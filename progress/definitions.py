"""The meanings of our status words, by version: an assessment and a publication name the one they were made by.

The words stand in public/glossary.py and, version by version, in fixtures/definitions/<version>.json; here is
the SHA-256 of each file. Whoever changes a meaning adds a version, so that what was said before keeps its sense.
"""

VERSIONS = {
    "2026-11": "af62db97807964ba1cef0e70ed9c432ad488a7e0ce8e7de8c294ba2bd9c1f508",
    "2026-11b": "687c6ea61196a99df61e64510b2f003b5229769698bd25540172b09703173b0c",
}
VERSION = list(VERSIONS)[-1]
