"""The meanings of our status words, by version: an assessment and a publication name the one they were made by.

The words stand in yantian_portal/words.py and, version by version, in fixtures/definitions/<version>.json; here is
the SHA-256 of each file. Whoever changes a meaning adds a version, so that what was said before keeps its sense.
"""

VERSIONS = {
    "2026-11": "ed15dc355a524a5b40df5e178d75b3e48e322571dfc2fd87a818587242b5e0ba",
}
VERSION = list(VERSIONS)[-1]
