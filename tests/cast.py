"""The fixed cast: few people, few papers, as fixtures that every test may name."""
