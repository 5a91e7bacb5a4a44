"""The meanings of our status words, by version: an assessment and a publication name the one they were made by.

The words stand in yantian_portal/words.py and, version by version, in fixtures/definitions/<version>.json; here is
the SHA-256 of each file. Whoever changes a meaning adds a version, so that what was said before keeps its sense.
"""

VERSIONS = {
    "2026-11": "77c18d6fbec2fbfe6b95cbd352a75ff945c79cf20ed06c85af101c14c9307d60",
}
VERSION = list(VERSIONS)[-1]
