"""The meanings of our status words, by version: an assessment and a publication name the one they were made by.

The words stand in yantian_portal/words.py and, version by version, in fixtures/definitions/<version>.json; here is
the SHA-256 of each file. Whoever changes a meaning adds a version, so that what was said before keeps its sense.
"""

VERSIONS = {
    "2026-11": "799e75609c5e7a5daf2118d98c1219d69b6472d939319f542054aba036fd072f",
}
VERSION = list(VERSIONS)[-1]
