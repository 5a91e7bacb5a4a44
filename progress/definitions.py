"""The versions of the published meanings of the status words.

Each assessment and publication names the version it was made by. The meanings of a version are in
fixtures/definitions/<version>.json; here is the SHA-256 of each file. A changed meaning needs a new
version, so that older statements keep theirs.
"""

VERSIONS = {
    "2026-11": "af62db97807964ba1cef0e70ed9c432ad488a7e0ce8e7de8c294ba2bd9c1f508",
    "2026-11b": "687c6ea61196a99df61e64510b2f003b5229769698bd25540172b09703173b0c",
    "2026-12": "e69d37c75103ec0711a097602f5ad24d8683ee561f2ebeb1b9a7645894ef2064",
}
VERSION = list(VERSIONS)[-1]
